/**
 * @module html5lib-tests: its tokenizer and tree construction inputs, as documents that go through the stream.
 *
 * 1. With an empty table every input comes out as it went in, split at every byte.
 * 2. Every start tag is found where parse5's parser finds it, in the same namespace, with the same attributes.
 * 3. With the real table the tree of the output, undone by the rules of companions, is the tree of the input.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleRewriter } from '../rewriter-bundle.mjs';
import { compareTags } from './tags.mjs';
import { compareTrees } from './trees.mjs';

export const about = 'html5lib-tests, as input of the HTML stream';

export const checkout = {
  name: 'html5lib-tests',
  folder: 'html5lib-tests',
  variable: 'CULVERT_HTML5LIB_TESTS',
  mark: 'tokenizer',
  url: 'https://github.com/html5lib/html5lib-tests',
};

export const options = {
  /** Tree construction data: html5lib-tests had it up to 2024, web-platform-tests has it as pages in html/syntax/parsing. */
  trees: { type: 'string' },
  source: { type: 'string' },
};

const documentUrl = 'https://site.example/dir/page.html';
const settings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };

export async function run({ checkout, trees, source }) {
  const rewriter = await import(await bundleRewriter(source === undefined ? {} : { source: path.resolve(source) }));
  const inputs = [...new Set([...tokenizerInputs(checkout), ...treeInputs(trees ?? checkout)])];
  const expected = JSON.parse(readFileSync(path.join(import.meta.dirname, 'expectations.json'), 'utf8'));
  const checks = {
    'identity, split at every byte': (input) => identity(rewriter, input),
    'start tags as parse5 finds them': (input) => compareTags(rewriter, input, { documentUrl, settings }),
    'the tree, undone': (input) => compareTrees(rewriter, input, { documentUrl, settings }),
  };
  let isFailed = false;
  for (const [name, check] of Object.entries(checks)) {
    const known = new Map((expected[name] ?? []).map(({ input, reason }) => [input, reason]));
    const failures = [];
    for (const input of inputs) {
      const difference = await check(input);
      if (difference !== null) failures.push({ input, difference });
    }
    const unexpected = failures.filter(({ input }) => !known.has(input));
    // Without the data of trees some are not among the inputs.
    const stale = [...known.keys()].filter(
      (input) => inputs.includes(input) && !failures.some((failure) => failure.input === input),
    );
    console.log(
      `${name}: ${inputs.length - failures.length} of ${inputs.length} inputs; ${failures.length - unexpected.length} differ as expected`,
    );
    for (const { input, difference } of unexpected)
      console.log(`  UNEXPECTED ${JSON.stringify(input)}\n    ${difference}`);
    for (const input of stale) console.log(`  STALE ${JSON.stringify(input)}`);
    isFailed ||= unexpected.length > 0 || stale.length > 0;
  }
  return isFailed ? 1 : 0;
}

/** What a document has to begin with to be in one of the tokenizer's other states. */
const openers = {
  'Data state': '',
  'PLAINTEXT state': '<plaintext>',
  'RCDATA state': '<title>',
  'RAWTEXT state': '<xmp>',
  'Script data state': '<script type=x>',
  'CDATA section state': '<svg><![CDATA[',
};

function* tokenizerInputs(checkout) {
  const folder = path.join(checkout, 'tokenizer');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test'))) {
    const { tests = [], xmlViolationTests = [] } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    for (const { input, initialStates = ['Data state'], lastStartTag, doubleEscaped } of [
      ...tests,
      ...xmlViolationTests,
    ]) {
      const text = doubleEscaped
        ? input.replace(/\\u([0-9a-f]{4})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
        : input;
      for (const state of initialStates) {
        const isNamed = lastStartTag !== undefined && (state === 'RCDATA state' || state === 'RAWTEXT state');
        yield (isNamed ? `<${lastStartTag}>` : openers[state]) + text;
      }
    }
  }
}

function* treeInputs(folder) {
  const data = existsSync(path.join(folder, 'tree-construction')) ? path.join(folder, 'tree-construction') : folder;
  for (const name of readdirSync(data, { recursive: true })) {
    const isPage = /^html5lib_.*\.html$/.test(path.basename(name));
    if (!isPage && !name.endsWith('.dat')) continue;
    const text = readFileSync(path.join(data, name), 'utf8');
    // Of a fragment the first string is its context element; as a document that is one more input.
    if (isPage) {
      for (const [, input] of text.matchAll(/async_test\('[^']*'\),\s*"([^"]*)"/g)) yield decodeURIComponent(input);
      continue;
    }
    for (const match of `\n${text}`.matchAll(/\n#data\n([^]*?)\n#errors\n/g)) yield match[1];
  }
}

async function identity({ htmlRewritingStream, HtmlSplicer }, input) {
  const noRules = new Map();
  const context = { documentUrl, settings, bootHtml: '', attributeRules: () => noRules, rewriteScript: (text) => text };
  const bytes = new TextEncoder().encode(input);
  const stream = htmlRewritingStream(context, { charset: 'utf-8' });
  const writer = stream.writable.getWriter();
  const reading = new Response(stream.readable).arrayBuffer();
  for (const byte of bytes) void writer.write(Uint8Array.of(byte));
  await writer.close();
  const output = Buffer.from(await reading);
  const expected = Buffer.from(input.startsWith('\ufeff') ? bytes.subarray(3) : bytes);
  if (!output.equals(expected)) return `by bytes: ${JSON.stringify(output.toString())}`;
  for (let cut = 1; cut < input.length; cut++) {
    const splicer = new HtmlSplicer({ ...context, fragment: true });
    const parts = splicer.write(input.slice(0, cut)) + splicer.write(input.slice(cut)) + splicer.end();
    if (parts !== input) return `cut at ${cut}: ${JSON.stringify(parts)}`;
  }
  return null;
}
