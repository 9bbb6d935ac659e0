import { expect, it } from 'vitest';
import { cutRandomly, randomSource, seed } from '../html/chunks.test-support.js';
import type { UrlSettings } from '../url/index.js';
import { CssSplicer } from './css-splicer.js';
import { cssRewritingStream } from './rewriting-stream.js';
import { rewriteStylesheet } from './rewrite-stylesheet.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'scoped' };
const context = { baseUrl: 'https://site.example/dir/a.css', settings };

async function run(pieces: Uint8Array[], options = {}, urls: 'scoped' | 'real' = 'scoped'): Promise<Uint8Array> {
  const stream = cssRewritingStream({ ...context, settings: { ...settings, urls } }, options);
  const writer = stream.writable.getWriter();
  const writing = (async () => {
    for (const piece of pieces) await writer.write(piece);
    await writer.close();
  })();
  const output = new Uint8Array(await new Response(stream.readable).arrayBuffer());
  await writing;
  return output;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

const pieces =
  'url( URL( src( image-set( a b1 -c -- é \\ \\" \\61 \\\n " \' ) ( { } ; : , @import @font-face @namespace /* */ <!-- --> # @ 1 1e3 . \n \t ' +
  '\ufeff / * url("x") url(y) "s" \'t\'';

it('rewrites random text the same way however it is cut', () => {
  const random = randomSource(seed);
  const words = [...pieces.split(' '), ' ', '  '];
  for (let round = 0; round < 4_000; round++) {
    let css = 'a';
    for (let length = Math.floor(random() * 16); length > 0; length--) {
      css += words[Math.floor(random() * words.length)]! + (random() < 0.3 ? ' ' : '');
    }
    const splicer = new CssSplicer(context);
    let output = '';
    for (const piece of cutRandomly(css, random, 5)) output += splicer.write(piece);
    expect(output + splicer.end(), `CHUNK_SEED=${seed} ${JSON.stringify(css)}`).toBe(rewriteStylesheet(css, context));
  }
});

it('reads the encoding from the mark, the header, @charset and the document', async () => {
  const rule = 'a{content:"é";b:url(c)}';
  const expected = rewriteStylesheet(rule, context);
  const latin = Uint8Array.from([...rule].map((character) => character.charCodeAt(0)));
  expect(decode(await run([encode(rule)]))).toBe(expected);
  expect(decode(await run([latin], { charset: 'latin1' }))).toBe(expected);
  expect(decode(await run([latin], { environment: 'windows-1252' }))).toBe(expected);
  const named = Uint8Array.from([...encode('@charset "latin1";'), ...latin]);
  expect(decode(await run([named]))).toBe('@charset "latin1";' + expected);
  expect(decode(await run([Uint8Array.of(0xef, 0xbb, 0xbf), encode(rule)], { charset: 'latin1' }))).toBe(expected);
});

it('passes bytes through where no class is scoped', async () => {
  const bytes = Uint8Array.of(0x61, 0xff, 0xfe, 0x00, 0x62);
  expect([...(await run([bytes], {}, 'real'))]).toEqual([...bytes]);
});

it('sends a rule before the stylesheet has ended', () => {
  const splicer = new CssSplicer(context);
  expect(splicer.write('a{b:url(c)}d{e:')).toBe(rewriteStylesheet('a{b:url(c)}', context));
});

it('takes a token of 10 MB in small pieces', () => {
  const splicer = new CssSplicer(context);
  let length = splicer.write('/*').length;
  for (let piece = 0; piece < 10_000; piece++) length += splicer.write('a'.repeat(1000)).length;
  expect(length + splicer.end().length).toBe(10_000_002);
});
