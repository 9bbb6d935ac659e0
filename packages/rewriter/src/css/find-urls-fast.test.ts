import { expect, it } from 'vitest';
import { randomSource, seed } from '../html/chunks.test-support.js';
import { findCssUrlsByTokens, type CssUrl } from './css-urls.js';
import { findCssUrlsFast } from './find-urls-fast.js';

function byTokens(css: string): CssUrl[] {
  const urls: CssUrl[] = [];
  findCssUrlsByTokens(css, (url) => urls.push(url));
  return urls;
}

it.each([
  'a{b:url(c)}d{e:url( "f)" ) url(\n\'g\'\t)}',
  '/* url(a) " */a{b:url(c)}/* \' */d{e:URL(f)}',
  '@import "a";@import url(b) layer(c) supports(d: url(e));@charset "x";',
  '@font-face{font-family:"a";src:url(b)format("woff"),local("c")}d{e:url(f)}',
  'a{content:"\\"url(b)";background:url("c\\)d")}',
  'a{b:my-url("c") xurl(d) #url(e) inset(1px) -url(g) 1url(h) +url(i)}',
  '@media print{a{b:url(data:image/png;base64,AAAA==)}}',
])('is sure of %s', (css) => {
  expect(findCssUrlsFast(css)).toEqual(byTokens(css));
});

it.each([
  'a{b:u\\72l(c)}',
  '.a\\:b{c:url(d)}',
  'a{b:"c\n}d{e:url(f)}',
  'a{b:url(c',
  'a{b:url(c"d)}',
  'a{b:url("c',
  '/* url(a)',
  'a{b:image-set("c" 1x)}',
  '@namespace "a";',
  '@import/**/"a";',
  'a{b:rgb(1 @import "c"',
  '@font-face{a{b:url(c)}}',
  'a{b:src("c")}',
  '<!--url(a)',
  '\ufeffurl(a)',
])('leaves %s to the tokenizer', (css) => {
  expect(findCssUrlsFast(css)).toBe(null);
});

it('takes a string, a comment and a URL of 20 MB', () => {
  const long = 'a'.repeat(20_000_000);
  const css = `/*${long}*/b{c:"${long}";d:url(${long});e:url("${long}")}`;
  expect(findCssUrlsFast(css)?.map(({ value }) => value.length)).toEqual([long.length, long.length]);
});

const pieces =
  'url( URL( src( image-set( -webkit-image-set( set( inset( my-url( a b1 -c -- é \\ \\" \\61 \\\n " \' ) ( { } ; : , @import @font-face ' +
  '@namespace @media @-moz-document @IMPORT /* */ <!-- --> # @ 1 1e3 % . \n \r \f \t \0 \u0001 \u00a0 \ufeff / * url("x") url(y) "s" \'t\'';

it('agrees with the tokenizer on random text wherever it is sure', () => {
  const random = randomSource(seed);
  const words = [...pieces.split(' '), ' ', '  '];
  let sure = 0;
  for (let round = 0; round < 15_000; round++) {
    let css = '';
    for (let length = 1 + Math.floor(random() * 12); length > 0; length--) {
      css += words[Math.floor(random() * words.length)]! + (random() < 0.3 ? ' ' : '');
    }
    const fast = findCssUrlsFast(css);
    if (fast === null) continue;
    sure++;
    expect(fast, `CHUNK_SEED=${seed} ${JSON.stringify(css)}`).toEqual(byTokens(css));
  }
  expect(sure).toBeGreaterThan(1_000);
});
