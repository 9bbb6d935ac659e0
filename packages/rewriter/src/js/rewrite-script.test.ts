import { expect, it } from 'vitest';
import { rewriteScript, type ScriptOptions } from './rewrite-script.js';
import { unrewriteScript } from './unrewrite-script.js';

/** With `~` for the marker, as the documents write it. */
function rewrite(source: string, options: ScriptOptions = { kind: 'script' }): string {
  const rewritten = rewriteScript(source, options);
  expect(unrewriteScript(rewritten)).toBe(source);
  return rewritten.replaceAll('\v', '~');
}

const forms: [source: string, rewritten: string][] = [
  ['o.location', 'cv$l(~o~).location'],
  ['o[k]', 'cv$l(~o~)[k]'],
  ['location.href', 'cv$p~.location.href'],
  ['({location})', '({location:~cv$p~.location})'],
  ['({location:location})', '({location:cv$p~.location})'],
  ['const {top: t} = w', 'const {top: t} = cv$l(~w~)'],
  ['var location = x', 'var cv$v~=cv$p~.location = x'],
  ['eval(x)', 'cv$a(~eval(cv$r(~x~))~)'],
  ['x.postMessage(1)', 'cv$m(~x~).postMessage(1)'],
  ['with(o)location', 'with(o)cv$w(~location~)'],
  ['with(o)location=x', 'with(o)cv$t(location,cv$x=>~location=cv$x,~x~)'],
  ['with(o)location+=x', 'with(o)cv$d(location,cv$x=>location=cv$x)~.location+=x'],
  ['new a.location.X()', 'new (~cv$l(~a~)~).location.X()'],
  ['a?.b.location', 'cv$l(~a?.b~)~?.location'],
  ['a?.b[k]', 'cv$l(~a?.b~)~?.[k]'],
  ['import(x)', 'import(cv$i(~x~))'],
  ['f=({top})=>top', 'f=({top:~cv$1,[cv$u]:~top~=cv$w(cv$1)})=>top'],
  ['f=({...r})=>r', 'f=({...r})=>(~cv$f(r),~r~)'],
  ['for(var location of x);', 'for(/*cv$~var~cv$*/ cv$p~.location of x);'],
  ['({a:{...r}}=w)', '({a:cv$v,[cv$u]:~{...r}~=cv$l(cv$v)}=w)'],
];

it.each(forms)('rewrites %s to %s', (source, rewritten) => {
  expect(rewrite(source)).toBe(rewritten);
});

const untouched = [
  'super_.x.y',
  'o.a.b',
  'o[0]',
  'o["a"]',
  'o[i++]',
  'o[-i]',
  'o[i*2]',
  'o[i+1]',
  'o["a"+k]',
  'o[`a-${k}`]',
  'o[!k]',
  'o[typeof k]',
  'o[/x/]',
  'for(let i=0;i<n;i++)o[i]',
  'function f(){for(var i=0,j=i;i<9;i+=2)o[j]}',
  'delete o.location',
  'o.location()',
  'o[k]()',
  'x.postMessage',
  'parent.x',
  'self.y',
  'import("./a.js")',
  'class A{#top;m(){return this.#top}}',
  '[1][k]',
  '"abc"[k]',
  'debugger',
  '//# sourceMappingURL=location.map',
  '"location"',
  '/location/',
  'location:for(;;)break location',
  'window.geolocation',
];

it.each(untouched)('leaves %s alone', (source) => {
  expect(rewrite(source)).toBe(source);
});

it('takes the other goal if a script only parses as a module, and the reverse', () => {
  expect(rewrite('import a from "a";location', { kind: 'script' })).toBe('import a from "a";cv$p~.location');
  expect(rewrite('with(o)location', { kind: 'module' })).toBe('with(o)cv$w(~location~)');
});

it('takes names in eval code and handlers for dynamic', () => {
  expect(rewrite('location=1', { kind: 'eval' })).toBe('cv$t(location,cv$x=>~location=cv$x,~1~)');
  expect(rewrite('return location', { kind: 'handler' })).toBe('return cv$w(~location~)');
  expect(rewrite('var location=1', { kind: 'eval' })).toBe(
    'var cv$v,location;~var cv$v~=cv$t(location,cv$x=>~location=cv$x,~1~)',
  );
  expect(rewrite('var location=1;location', { kind: 'eval', strict: true })).toBe('var location=1;location');
});

it('takes a javascript: URL for global code', () => {
  expect(rewrite('location.href', { kind: 'javascript-url' })).toBe('cv$p~.location.href');
});

it('inserts nothing between the parts of a constructed function', () => {
  const source = 'async function* anonymous({...a}, b = location\n) {\nreturn top\n}';
  expect(rewrite(source, { kind: 'function' })).toBe(
    'async function* anonymous({...a}, b = cv$p~.location\n) {\ncv$f(a);~return cv$p~.top\n}',
  );
});

const scopedImports = {
  baseUrl: 'https://a.example/dir/w.js',
  toBrowser: (url: string) => `/service/module/${encodeURIComponent(url)}`,
};

it('maps the specifiers of a scoped module', () => {
  const options: ScriptOptions = { kind: 'module', scopedImports };
  expect(rewrite('import a from "./b.js"', options)).toBe(
    'import a from ~"/service/module/https%3A%2F%2Fa.example%2Fdir%2Fb.js"/*cv$~"./b.js"~cv$*/',
  );
  expect(rewrite('export * from "bare"', options)).toBe('export * from "bare"');
  expect(rewrite('import("/x")', options)).toBe(
    'import(~"/service/module/https%3A%2F%2Fa.example%2Fx"/*cv$~"/x"~cv$*/)',
  );
  expect(rewrite('import(x)', options)).toBe('import(cv$i(~x~,"https://a.example/dir/w.js"))');
  expect(rewrite('x=import.meta.url', options)).toBe('x=~"https://a.example/dir/w.js"/*cv$~import.meta.url~cv$*/');
  expect(rewrite('import "./a*/b"', options)).toContain('"./a*~cv$~/b"');
});

it('rewrites data: modules in place and leaves those of another type', () => {
  const rewritten = rewrite('import "data:text/javascript,location/*c*/"', { kind: 'module' });
  expect(rewritten).toContain('data:text/javascript;charset=utf-8,cv%24p%0B.location%2F*c*%2F"/*cv$~');
  expect(rewrite('import x from "data:application/json,[1]" with {type:"json"}', { kind: 'module' })).not.toContain(
    'cv$',
  );
});

it('writes no line terminator, no `<` and nothing beyond ASCII', () => {
  const source = 'var {location,變}=w;for(const {...變}of x){y}\nimport(變);with(o)[location]=top';
  const inserted = [...rewriteScript(source, { kind: 'script' })].filter((unit) => !source.includes(unit));
  expect(inserted.filter((unit) => /[^\v-~]|[\r\n<]/.test(unit) && unit !== '\v')).toEqual([]);
  const hostile = { ...scopedImports, toBrowser: () => '</script>\u2028é' };
  const rewritten = rewriteScript('import "./a"', { kind: 'module', scopedImports: hostile });
  expect(rewritten).toBe('import \v"\\u003c/script>\\u2028\\u00e9"/*cv$\v"./a"\vcv$*/');
});

it('reads a slice that begins or ends within a pair of pieces as written', () => {
  const rewritten = rewriteScript('(function(){return location}).location', { kind: 'script' });
  const start = rewritten.indexOf('function');
  expect(unrewriteScript(rewritten.slice(start, rewritten.indexOf('}') + 1))).toBe('function(){return location}');
  expect(unrewriteScript(rewritten.slice(start))).toBe('function(){return location}).location');
});

it('keeps comments that name the source and its map', () => {
  expect(rewrite('location\n//# sourceMappingURL=a.js.map\n//# sourceURL=a.js')).toBe(
    'cv$p~.location\n//# sourceMappingURL=a.js.map\n//# sourceURL=a.js',
  );
  expect(rewrite('`\n//# sourceURL=${o.top}`')).toBe('`\n//# sourceURL=${cv$l(~o~).top}`');
});

it('keeps a text that looks like an insertion', () => {
  for (const source of [
    '"cv$l(\v"',
    'cv$l(\vo\v).location',
    '`\v)`+location',
    'f(cv$p\v.location)\n//end',
    '/*cv$\v*/',
    '\n/*cv$\v@1,1*/',
  ]) {
    rewrite(source);
    rewrite(rewriteScript(source, { kind: 'script' }));
  }
});
