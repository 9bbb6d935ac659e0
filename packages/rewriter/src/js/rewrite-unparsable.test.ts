import { expect, it } from 'vitest';
import { rewriteByTree, rewriteScript } from './rewrite-script.js';
import { rewriteTokens } from './rewrite-tokens.js';
import { unrewriteScript } from './unrewrite-script.js';

function rewrite(source: string, kind: 'script' | 'module' = 'script'): string {
  const rewritten = rewriteScript(source, { kind });
  expect(unrewriteScript(rewritten)).toBe(source);
  return rewritten.replaceAll('\v', '~');
}

const invalid = [
  'var x = location +',
  '<html>location top</html>',
  '{"location": top',
  'location location',
  '"location',
  'top `',
  '@d class A { x = top }',
  'o[k',
];

it('leaves it to the engine to reject what is declared twice', () => {
  const source = 'let a = 1; let a = location';
  expect(rewriteByTree(source, { kind: 'script' })).toBe(source);
  // The fast path keeps no account of that.
  expect(() => new Function(rewrite(source))).toThrow(SyntaxError);
});

it.each(invalid)('leaves a script that the engine rejects as it is: %s', (source) => {
  expect(rewrite(source)).toBe(source);
});

it('rewrites what the engine accepts and acorn does not', () => {
  expect(rewrite('if (0) f() = 1; window.location.href')).toBe('if (0) f() = 1; cv$l(~window~).location.href');
});

it('rewrites module syntax that acorn does not know', () => {
  expect(rewrite('import defer * as x from "a"; location; o[k]; eval(y)', 'module')).toBe(
    'import defer * as x from "a"; cv$p~.location; cv$l(~o~)[k]; cv$a(~eval(cv$r(~y~))~)',
  );
});

const repeat = (text: string, times: number) => text.repeat(times);
const deep: [name: string, source: string][] = [
  ['a sum of 20,000 terms', `x=${repeat('a+', 20000)}window.location.href`],
  ['20,000 logical operators', `x=${repeat('a&&b||', 20000)}window.location`],
  ['a chain of 5,000 else-ifs', `${repeat('if(a){b()}else ', 5000)}window.location`],
  ['20,000 calls in a chain', `a${repeat('.b(c)', 20000)}.location`],
  ['5,000 calls in each other', `${repeat('f(', 5000)}window.location${repeat(')', 5000)}`],
  ['5,000 arrays in each other', `x=${repeat('[', 5000)}window.location${repeat(']', 5000)}`],
  ['5,000 conditions', `x=${repeat('a?b:', 5000)}window.location`],
  ['5,000 functions in each other', `${repeat('(function(){', 5000)}window.location${repeat('})()', 5000)}`],
];

it.each(deep)('rewrites %s', (_, source) => {
  expect(rewrite(source)).toContain('.location');
  expect(rewrite(source)).not.toContain('(window.location)');
  expect(rewrite(source)).toMatch(/cv\$l\(~(?:window|a)/);
});

/** The last resort on its own: `~` for the marker, null where it refuses. */
const byTokens: [source: string, rewritten: string | null][] = [
  ['a.location', 'cv$l(~a~).location'],
  ['a.b(c)[0].location = 1', 'cv$l(~a.b(c)[0]~).location = 1'],
  ['(a, b).location', 'cv$l(~(a, b)~).location'],
  ['return[a][0].location', 'return(~cv$l(~[a][0]~)~).location'],
  ['a[k][j]', 'cv$l(~cv$l(~a~)[k]~)[j]'],
  ['a?.b.location', 'cv$l(~a?.b~)~?.location'],
  ['a?.[k]', 'cv$l(~a~)?.[k]'],
  ['a?.b[k]', 'cv$l(~a?.b~)~?.[k]'],
  ['new a.location.X()', 'new (~cv$l(~a~)~).location.X()'],
  ['new A(b).location', 'cv$l(~new A(b)~).location'],
  ['location', 'cv$w(~location~)'],
  ['location = 1', 'cv$d(location,cv$x=>location=cv$x)~.location = 1'],
  ['x = {location, top: 1}', 'x = {location:~cv$w(~location~), top: 1}'],
  ['f = location => location', 'f = location => location'],
  ['var top = 1; top', 'var top = 1; top'],
  ['eval(a.location)', 'cv$a(~eval(cv$r(~cv$l(~a~).location~))~)'],
  ['import(a.top, {with: {}})', 'import(cv$i(~cv$l(~a~).top~), {with: {}})'],
  ['a.postMessage(1)', 'cv$m(~a~).postMessage(1)'],
  ['`${a.location}`.b', '`${cv$l(~a~).location}`.b'],
  ['a.location()', 'a.location()'],
  ['super.location', 'super.location'],
  ['a["x"][0]', 'a["x"][0]'],
  ['"location" + /top/', '"location" + /top/'],
  ['var {location: l} = window', null],
  ['x = function () { return this }().location', null],
];

it.each(byTokens)('rewrites %s by its tokens to %s', (source, rewritten) => {
  const edits = rewriteTokens(source, 'script');
  expect(edits?.apply(source).replaceAll('\v', '~') ?? null).toBe(rewritten);
});

it('makes a SyntaxError of what not even tokens settle', () => {
  const source = 'import defer * as x from "a"; var {location: l} = @window';
  expect(rewrite(source, 'module').startsWith('~)')).toBe(true);
});
