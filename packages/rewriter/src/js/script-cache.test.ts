import { expect, it } from 'vitest';
import { rewriteScript } from './rewrite-script.js';
import { cachedScriptRewriter } from './script-cache.js';

it('gives what rewriteScript gives, again and again', () => {
  const rewrite = cachedScriptRewriter({ entries: 2 });
  for (const source of ['location.href', 'o[k]', 'location.href', 'top', 'a.top', 'location.href']) {
    for (const kind of ['script', 'handler', 'eval'] as const) {
      expect(rewrite(source, { kind })).toBe(rewriteScript(source, { kind }));
    }
  }
});

it('keeps strict and sloppy eval texts apart', () => {
  const rewrite = cachedScriptRewriter();
  const source = 'var location = 1';
  expect(rewrite(source, { kind: 'eval' })).not.toBe(rewrite(source, { kind: 'eval', strict: true }));
});

it('asks for the places of specifiers each time', () => {
  const rewrite = cachedScriptRewriter();
  const module = (place: string) =>
    rewrite('import "./a.js"', {
      kind: 'module',
      scopedImports: { baseUrl: 'https://a.example/', toBrowser: (url) => `/${place}/${url}` },
    });
  expect(module('one')).toContain('/one/');
  expect(module('two')).toContain('/two/');
});
