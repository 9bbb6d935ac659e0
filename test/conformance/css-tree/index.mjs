/**
 * @module css-tree's own test corpus: the fast way to find URLs, wherever it is sure, finds what css-tree's tokenizer
 * finds, and a stylesheet that goes through the stream is the stylesheet that is rewritten as a whole.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleRewriter } from '../rewriter-bundle.mjs';

export const about = "css-tree's fixtures, fast path and stream beside the tokenizer";

export const checkout = {
  name: 'css-tree',
  folder: 'csstree',
  variable: 'CULVERT_CSS_TREE',
  mark: 'fixtures/ast',
  url: 'https://github.com/csstree/csstree',
};

export const options = { source: { type: 'string' } };

const context = {
  baseUrl: 'https://site.example/dir/a.css',
  settings: { origin: 'http://localhost:8080', scope: '/service/', urls: 'scoped' },
};

export async function run({ checkout, source }) {
  const from = source === undefined ? {} : { source: path.resolve(source) };
  const { findCssUrlsFast } = await import(await bundleRewriter({ ...from, entry: 'css/find-urls-fast.ts' }));
  const { findCssUrlsByTokens } = await import(await bundleRewriter({ ...from, entry: 'css/css-urls.ts' }));
  const { cssRewritingStream, rewriteStylesheet } = await import(
    await bundleRewriter({ ...from, entry: 'css/index.ts' })
  );
  const texts = [...new Set(fixtureTexts(path.join(checkout, 'fixtures')))];
  let sure = 0;
  let urls = 0;
  let isFailed = false;
  const fail = (css, text) => {
    isFailed = true;
    console.log(`UNEXPECTED ${JSON.stringify(css)}\n  ${text}`);
  };
  for (const css of texts) {
    const expected = [];
    findCssUrlsByTokens(css, (url) => expected.push(url));
    urls += expected.length;
    const fast = findCssUrlsFast(css);
    if (fast !== null) {
      sure++;
      if (JSON.stringify(fast) !== JSON.stringify(expected))
        fail(css, `${JSON.stringify(fast)}\n  ${JSON.stringify(expected)}`);
    }
    const stream = cssRewritingStream(context, { charset: 'utf-8' });
    const writer = stream.writable.getWriter();
    const reading = new Response(stream.readable).text();
    for (const byte of new TextEncoder().encode(css)) void writer.write(Uint8Array.of(byte));
    await writer.close();
    const streamed = await reading;
    const whole = rewriteStylesheet(css.replace(/^\ufeff/, ''), context);
    if (streamed !== whole) fail(css, `by bytes ${JSON.stringify(streamed)}\n  whole ${JSON.stringify(whole)}`);
  }
  console.log(`${texts.length} texts with ${urls} URLs; the fast way was sure of ${sure}`);
  return isFailed ? 1 : 0;
}

/** Every string of the fixtures, whatever it is there: the stranger, the better. */
function* fixtureTexts(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (name.endsWith('.css')) yield readFileSync(path.join(folder, name), 'utf8');
    else if (name.endsWith('.json')) yield* strings(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  }
}

function* strings(value) {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* strings(item);
    }
  }
}
