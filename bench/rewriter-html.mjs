/**
 * HTML: the streaming splice with all edits, beside the parsers that it does without.
 *
 * The corpus is the ten largest of the home pages in the package `htmlparser-benchmark`. Every subject gets the same
 * bytes and gives bytes, but for `htmlparser2 (events only)`, which gives nothing, and is the least that a rewriter on
 * it would take. `ours (no scripts)` leaves inline scripts as they are: what is left is the cost of the HTML.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Parser } from 'htmlparser2';
import { parse, serialize } from 'parse5';
import { bundleRewriter } from '../test/conformance/rewriter-bundle.mjs';
import { scramjetSubject } from './peers/scramjet.mjs';
import { ultravioletSubject } from './peers/ultraviolet.mjs';
import { measureInChromium } from './rewriter-browser.mjs';
import { measureInTurns } from './rewriter-corpus.mjs';

export const about = 'HTML rewriting, MB/s of input, the ten largest pages of htmlparser-benchmark, bytes to bytes';

const chunkLength = 16_384;

export async function run({ quick, browser, source, progress }) {
  const { htmlRewritingStream, HtmlSplicer } = await import(await bundleRewriter({ source, minify: true }));
  const context = {
    documentUrl: 'https://site.example/dir/page.html',
    settings: { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' },
    bootHtml: '<base href="https://site.example/dir/page.html"><script>boot()</script>',
  };
  const encoder = new TextEncoder();
  const subjects = {
    ours: (bytes) => splice(bytes, new HtmlSplicer(context)),
    'ours (no scripts)': (bytes) => splice(bytes, new HtmlSplicer({ ...context, rewriteScript: (text) => text })),
    'ours (stream)': (bytes) => pipe(bytes, htmlRewritingStream(context, { charset: 'utf-8' })),
    ...(await scramjetSubject(
      'html',
      '<a href="b">c</a>',
      (rewrite) => (bytes) => encoder.encode(rewrite(new TextDecoder().decode(bytes))),
    )),
    ...ultravioletSubject(
      'html',
      '<a href="b">c</a>',
      (rewrite) => (bytes) => encoder.encode(rewrite(new TextDecoder().decode(bytes))),
    ),
    'parse5 (parse, serialize)': (bytes) => encoder.encode(serialize(parse(new TextDecoder().decode(bytes)))),
    'htmlparser2 (events only)': (bytes) => {
      let events = 0;
      const count = () => events++;
      const parser = new Parser({ onopentag: count, onclosetag: count, ontext: count, oncomment: count });
      parser.end(new TextDecoder().decode(bytes));
      return events;
    },
  };
  const corpus = pages();
  const files = { html: corpus.map(({ bytes }) => bytes) };
  return [
    ...(await measureInTurns({ measure: 'rewriter/html', subjects, corpus, rounds: quick ? 5 : 15, progress })),
    ...(browser ? await measureInChromium({ quick, source, files, progress }) : []),
  ];
}

/** What the stream does but for the stream: web streams in Node cost more than they do in a browser. */
function splice(bytes, splicer) {
  const decoder = new TextDecoder('utf-8');
  const encoder = new TextEncoder();
  let length = 0;
  for (let start = 0; start < bytes.length; start += chunkLength) {
    const text = decoder.decode(bytes.subarray(start, start + chunkLength), { stream: true });
    length += encoder.encode(splicer.write(text)).length;
  }
  return length + encoder.encode(splicer.end()).length;
}

async function pipe(bytes, stream) {
  const writer = stream.writable.getWriter();
  const reading = (async () => {
    let length = 0;
    for await (const chunk of stream.readable) length += chunk.length;
    return length;
  })();
  for (let start = 0; start < bytes.length; start += chunkLength) {
    await writer.write(bytes.subarray(start, start + chunkLength));
  }
  await writer.close();
  return reading;
}

function pages() {
  const folder = path.join(import.meta.dirname, 'node_modules/htmlparser-benchmark/files');
  return readdirSync(folder)
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }))
    .sort((a, b) => b.bytes.length - a.bytes.length)
    .slice(0, 10);
}
