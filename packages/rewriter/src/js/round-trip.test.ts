import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse, type AnyNode } from 'acorn';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { needsNoEdits } from './pre-filter.js';
import { rewriteScript, type ScriptOptions } from './rewrite-script.js';
import { unrewriteScript } from './unrewrite-script.js';

const kinds: ScriptOptions['kind'][] = ['script', 'module', 'handler', 'javascript-url', 'eval', 'function'];

/** What the rewriter itself inserts, what it edits, and what may stand around it. */
const fragments = [
  '\v',
  '\v',
  '\v)',
  'cv$l(\v',
  'cv$l(',
  'cv$p\v.',
  'cv$v\v=',
  'cv$1',
  '(\v',
  '\v?',
  '\v?.',
  'location:\v',
  '/*cv$\v',
  '\vcv$*/',
  '\n/*cv$\v@*/',
  '\n/*cv$\v@1,2*/',
  'cv$f(r);\v',
  'cv$d(location,cv$x=>location=cv$x)\v.',
  '\v=cv$w(cv$1)',
  'location',
  'top',
  'eval(x)',
  'o[k]',
  'o.location',
  'a?.b.top',
  'o.postMessage(1)',
  'import(x)',
  '({top})',
  '({...r})=>r',
  'var ',
  'with(o)',
  ' ',
  ';',
  '\n',
  ',',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '`',
  '/',
  '//',
  '/*',
  '*/',
  '=',
  '=>',
  ':',
  '.',
  '?.',
  '1',
  'return ',
  'new ',
  'function f(',
  'function anonymous(',
  '\n) {\n',
  '<!--',
  '-->',
  '\u2028',
  '\\',
  '${',
  'x',
  'é',
  '😀',
  '\ud800',
];

it('gives back any text, whatever it holds of the insertions themselves', () => {
  const text = fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom(...kinds.filter((kind) => kind !== 'function')), (source, kind) => {
      expect(unrewriteScript(rewriteScript(source, { kind }))).toBe(source);
    }),
    { numRuns: 4000 },
  );
}, 60_000);

/** Programs of expressions that nest, so that most of them parse. */
const expression = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom('location', 'top', 'x', 'window', 'this', '1', '"cv$l(\v"', '`\v)`', '/\v)/', 'cv$p\v'),
    tie('expression').map((e) => `${e}.location`),
    tie('expression').map((e) => `(${e})?.a.location`),
    fc.tuple(tie('expression'), tie('expression')).map(([o, k]) => `(${o})[${k}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}, ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}\v+ ${b}\v`),
    tie('expression').map((e) => `eval(${e}\v)`),
    tie('expression').map((e) => `import(${e})`),
    tie('expression').map((e) => `(({location, a: {top: t} = ${e}, ...r}) => ${e})`),
    tie('expression').map((e) => `function(){return[${e}][0].top}`),
    tie('expression').map((e) => `({location} = ${e})`),
    tie('expression').map((e) => `(location = ${e})`),
    tie('expression').map((e) => `new (${e}).location.X(${e})`),
    tie('expression').map((e) => `({location, a: ${e}})`),
  ),
})).expression;

it('gives back programs, keeps their lines and leaves them parsable', () => {
  const options = { ecmaVersion: 'latest', allowReturnOutsideFunction: true } as const;
  fc.assert(
    fc.property(
      fc.array(expression, { maxLength: 3 }),
      fc.constantFrom('', 'with(o)', 'var location=', 'const {top}='),
      (list, head) => {
        const source = head + list.map((e) => `(${e})`).join(';\n');
        const rewritten = rewriteScript(source, { kind: 'script' });
        expect(unrewriteScript(rewritten)).toBe(source);
        let parses = true;
        try {
          parse(source, options);
        } catch {
          parses = false;
        }
        if (parses) expect(() => parse(rewritten, options), rewritten).not.toThrow();
      },
    ),
    { numRuns: 1500 },
  );
}, 60_000);

const require = createRequire(import.meta.url);
const bundles = [
  'acorn/dist/acorn.mjs',
  'acorn-loose',
  'css-tree/dist/csstree',
  'prettier/plugins/acorn',
  'prettier/plugins/postcss.mjs',
].map((name) =>
  name.endsWith('.mjs')
    ? require.resolve(name.split('/')[0]! + '/package.json').replace('package.json', name.slice(name.indexOf('/') + 1))
    : require.resolve(name),
);

it.each(bundles)(
  'rewrites a bundle that parses again and comes back: %s',
  (file) => {
    const source = readFileSync(file, 'utf8');
    const sourceType = file.endsWith('.mjs') ? 'module' : 'script';
    const options = { ecmaVersion: 'latest', sourceType, allowReturnOutsideFunction: true } as const;
    const rewritten = rewriteScript(source, { kind: sourceType });
    expect(rewritten).not.toBe(source);
    expect(unrewriteScript(rewritten)).toBe(source);
    expect(rewritten.split('\n').length).toBe(source.split('\n').length);
    expect(rewritten.length / source.length).toBeLessThan(1.03);

    // The text of each function, which is a slice, reads as written.
    const tree = parse(source, options);
    const before = functionsOf(tree).map((node) => source.slice(node.start, node.end));
    const after = functionsOf(parse(rewritten, options)).map((node) => rewritten.slice(node.start, node.end));
    expect(after.filter((text) => !text.startsWith('cv$x=>')).map(unrewriteScript)).toEqual(before);

    // The pre-filter lets nothing pass that a parse would edit.
    for (const statement of tree.body) {
      const text = source.slice(statement.start, statement.end);
      if (needsNoEdits(text)) expect(rewriteScript(text + ';top', { kind: sourceType })).toBe(text + ';cv$p\v.top');
    }
  },
  60_000,
);

function functionsOf(root: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as AnyNode;
    if (typeof node.type === 'string' && /Function|Class(?:Declaration|Expression)/.test(node.type)) found.push(node);
    for (const child of Object.values(value)) visit(child);
  };
  visit(root);
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}
