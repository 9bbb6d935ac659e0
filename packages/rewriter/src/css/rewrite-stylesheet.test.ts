import { expect, it } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import { rewriteStylesheet, unrewriteStylesheet } from './rewrite-stylesheet.js';

const real: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const scoped: UrlSettings = { ...real, urls: 'scoped' };
const baseUrl = 'https://site.example/dir/a.css';
const at = (asset: string, path: string): string =>
  `http://localhost:8080/service/${asset}/${encodeURIComponent(`https://site.example/dir/${path}`)}`;

it.each([
  ['a{b:url(c)}', `a{b:url("${at('img', 'c')}")}`],
  ['a{b:URL(  c\n)}', `a{b:url("${at('img', 'c')}")}`],
  ['a{b:url( "c)d" )}', `a{b:url( "${at('img', 'c)d')}" )}`],
  ["a{b:url('c')}", `a{b:url('${at('img', 'c').replaceAll("'", "\\'")}')}`],
  ['a{b:url(c\\)d\\65 e)}', `a{b:url("${at('img', 'c)dee')}")}`],
  ['a{b:url(c', `a{b:url("${at('img', 'c')}")`],
  ['a{b:url("c', `a{b:url("${at('img', 'c')}"`],
  ['a{b:src("c" x)}', `a{b:src("${at('img', 'c')}" x)}`],
  [
    'a{b:image-set("c" type("image/png") 1x,url(d) 2x)}',
    `a{b:image-set("${at('img', 'c')}" type("image/png") 1x,url("${at('img', 'd')}") 2x)}`,
  ],
  [
    '@import "c" layer(x);@import url(d) screen;',
    `@import "${at('css', 'c')}" layer(x);@import url("${at('css', 'd')}") screen;`,
  ],
  ["@IMPORT/**/'c';", `@IMPORT/**/'${at('css', 'c')}';`],
  [
    '@font-face{src:url(c)format("woff"),local("d")}a{b:url(e)}',
    `@font-face{src:url("${at('font', 'c')}")format("woff"),local("d")}a{b:url("${at('img', 'e')}")}`,
  ],
  [
    '@media x{@font-face{src:url(c)}a{b:url(d)}}',
    `@media x{@font-face{src:url("${at('font', 'c')}")}a{b:url("${at('img', 'd')}")}}`,
  ],
])('scopes %s', (css, expected) => {
  expect(rewriteStylesheet(css, { baseUrl, settings: scoped })).toBe(expected);
  expect(rewriteStylesheet(css, { baseUrl, settings: real })).toBe(css);
});

it.each([
  'a{b:url()}',
  'a{b:url(#c)}',
  'a{b:url(data:image/png,c)}',
  'a{b:url(http://[)}',
  'a{b:url(c d)}',
  'a{content:"url(c)"}',
  '/* url(c) @import "d" */',
  'a[href="c"]{b:var(--url)}',
  '@namespace url(http://www.w3.org/1999/xhtml);@namespace x "c";',
  '@charset "utf-8";',
  'a{b:my-url(c)}',
  '@media "c"{}',
  '"unclosed url(c)\na{}',
])('leaves %s', (css) => {
  expect(rewriteStylesheet(css, { baseUrl, settings: scoped })).toBe(css);
});

it('scopes only the classes it is asked to', () => {
  const css = '@import "a";@font-face{src:url(b)}c{d:url(e)}';
  expect(rewriteStylesheet(css, { baseUrl, settings: { ...real, scopedClasses: ['font'] } })).toBe(
    `@import "a";@font-face{src:url("${at('font', 'b')}")}c{d:url(e)}`,
  );
});

it('gives back absolute URLs', () => {
  const css = rewriteStylesheet('@import "b";c{d:url(e\\"f)}', { baseUrl, settings: scoped });
  expect(unrewriteStylesheet(css, { settings: scoped })).toBe(
    '@import "https://site.example/dir/b";c{d:url("https://site.example/dir/e%22f")}',
  );
  expect(unrewriteStylesheet('a{b:url(/service/c)}', { settings: scoped })).toBe('a{b:url(/service/c)}');
});
