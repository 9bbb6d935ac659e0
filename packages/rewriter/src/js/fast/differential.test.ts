import { readFile } from 'node:fs/promises';
import { parse } from 'acorn';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rewriteByTree, rewriteQuickly, type ScriptOptions } from '../rewrite-script.js';
import { unrewriteScript } from '../unrewrite-script.js';

const kinds: ScriptOptions['kind'][] = ['script', 'module', 'handler', 'javascript-url', 'eval', 'function'];

/** The string literals of a file of tests: the scripts that it tries, and other text that is no harm. */
async function scriptsOf(file: string): Promise<string[]> {
  const text = await readFile(new URL(`../${file}`, import.meta.url), 'utf8');
  const literals = text.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.)*`/gs) ?? [];
  return literals.map((literal) => new Function(`return ${literal}`)() as string);
}

function parses(source: string, kind: ScriptOptions['kind']): boolean {
  try {
    parse(source, {
      ecmaVersion: 'latest',
      sourceType: kind === 'module' ? 'module' : 'script',
      allowReturnOutsideFunction: true,
      allowSuperOutsideMethod: true,
    });
    return true;
  } catch {
    return false;
  }
}

/** @returns whether the fast path was sure */
function compare(source: string, kind: ScriptOptions['kind']): boolean {
  const fast = rewriteQuickly(source, { kind });
  if (!('text' in fast)) return false;
  expect(unrewriteScript(fast.text)).toBe(source);
  if (parses(source, kind)) expect(fast.text).toBe(rewriteByTree(source, { kind }));
  return true;
}

it('gives what the reference path gives for every script of the tests', async () => {
  let sure = 0;
  let scripts = 0;
  for (const file of ['grammar.test.ts', 'rewrite-script.test.ts', 'js-semantics.json', 'rewrite-unparsable.test.ts']) {
    for (const script of await scriptsOf(file)) {
      if (script.includes('\v') || script.includes('cv$')) continue;
      for (const kind of kinds) {
        scripts++;
        if (compare(script, kind)) sure++;
      }
    }
  }
  expect(scripts).toBeGreaterThan(2500);
  expect(sure / scripts).toBeGreaterThan(0.5);
}, 60_000);

it.each([
  '<!-- location\nlocation\n//-->',
  '<!--\ntop.a\n-->',
  '--> location\ntop',
  '/* a */ --> location\ntop',
  'x = 1 /* a\n */ --> location\ntop',
  'while (i --> 0) location',
  'a<!--b\nlocation',
  'a<! --b[i]\nlocation',
  'x\n/* a */ --> y\n--> z\nlocation',
  'f(a[k]) <!-- end',
  'return location <!--\n;',
])('knows the comments of HTML: %j', (source) => {
  expect(compare(source, 'script') && compare(source, 'handler')).toBe(true);
  compare(source, 'module');
});

const fragments =
  `a b i k n x location top eval self window a.location a?.b.top a.b[i] a[k] a[i+1] a[i-1] a[k+""] a["x"+k] a?.[k]
a.postMessage(1) a["top"] (a.top) (a)[k] (a,b)[i] (a+b)[k] new a.top new a[k](1) new a.location.b(1) delete a[k] delete a.top.b typeof top a[k]++
++a[i] a[k]=1 a.top+=1 location=1 top||=1 i++ i=0 i+=1 i=k i=a|0 i=i+n k="top" [a,b]=[b,a] [a[i],location]=[1,2] ({a,b:top}=x) ({top}) ({location,x})
({a:1,[k]:2}) ({get top(){return i},set(v){}}) ({...a}) \`\${a[k]}\` a\`x\` /[/]top/g 1/2 eval("x") eval(a[k]) import(k) import("./x")
x=>x[i] (x,i)=>x[i] ({top})=>top ({a,...b})=>b ({a:{top:b}={}},[i]=[0])=>a[i] async(x)=>x[k] async({top})=>{} async()=>{await a.top}
function(){} function*g(){yield a[k]} class{top=1;static{a.top}[k](){}} a?b.top:c[k] (i=0,a[i]) a&&b.location !a.top -i
var let const in of for( for(var for(let while( do if( else return throw try{ }catch(e){ }catch({top,...r}){ finally{ switch(a){ case default: break continue
; ; ; , , ( ) ) [ ] { { } } } = + - * / ? : => . ?. ... && || ?? == < > ! ~ ++ -- " ' \` // /* */ \n \n`.split(/\s+/);
fragments.push(
  '\n',
  '\n',
  ' ',
  ' ',
  'var i=0;',
  'let k=i;',
  'const {top,...r}=a;',
  'for(let i=0;i<n;i++){',
  'for(const {top} of a){',
  'function f(i,{top},...r){',
  'var top=1;',
  'é',
  '"é\u2028"',
  '😀',
);

it('gives what the reference path gives for any sequence of fragments', () => {
  let sure = 0;
  const numRuns = 30_000;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...fragments), { maxLength: 9 }), fc.constantFrom(...kinds), (parts, kind) => {
      if (compare(parts.join(' '), kind)) sure++;
    }),
    { seed: 20, numRuns },
  );
  expect(sure).toBeGreaterThan(numRuns / 100);
}, 60_000);

/** Statements that parse, nested at random: more of them come to a comparison than of fragments. */
const expression = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expression' },
    fc.constantFrom(
      'a',
      'i',
      'k',
      'n',
      '0',
      '"top"',
      '"x"',
      'top',
      'location',
      'this',
      '[]',
      '/x/',
      '`t`',
      'undefined',
      'window',
    ),
    ...(
      [
        '#[#]',
        '#[#]',
        '#.location',
        '#.top',
        '#?.top',
        '#?.[#]',
        '#.b',
        '#(#)',
        '#+#',
        '#-#',
        '#*#',
        '#&&#',
        '#??#',
        '(#)',
        '(#,#)',
        '(#?#:#)',
        '(i=#)',
        '(k+=#)',
        '(n-=#)',
        'i++',
        '!#',
        'typeof #',
        'delete (#)[#]',
        'new (#)(#)',
        'new a[#](#)',
        '#.postMessage(#)',
        '{top:#}',
        '[#,#]',
        '({location,x:#})',
        '(i=>#)',
        '((i,n)=>#)',
        '(({top,a=#})=>#)',
        '(({a,...k})=>#)',
        '(function(i){var n=#;return #})',
        '(function(){let k=#;{let i=#;#}})',
        '`${#}`',
        '#`x`',
        '([i,a[#]]=#)',
        '(()=>{for(let i=0,n=#;i<n;i++)#})',
        'import(#)',
        'eval(#)',
        'class{static x=#}',
        '(a[#]=#)',
        '(a[#]+=#)',
        '(k||=#)',
      ] as const
    ).map((template) =>
      fc.array(tie('expression'), { minLength: 4, maxLength: 4 }).map((parts) => fill(template, parts)),
    ),
  ),
})).expression;

function fill(template: string, parts: string[]): string {
  let next = 0;
  return template.replace(/#/g, () => parts[next++]!);
}

it('gives what the reference path gives for nested expressions', () => {
  let compared = 0;
  const numRuns = 20_000;
  fc.assert(
    fc.property(fc.array(expression, { minLength: 1, maxLength: 3 }), fc.constantFrom(...kinds), (parts, kind) => {
      const source = `function f(a){var i,n=1;let k=0;${parts.map((part) => `x=${part}`).join(';')}}`;
      if (compare(source, kind) && parses(source, kind)) compared++;
    }),
    { seed: 21, numRuns },
  );
  expect(compared).toBeGreaterThan(numRuns / 4);
}, 120_000);
