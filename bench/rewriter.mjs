/**
 * JavaScript rewriting: ours, its reference path, and the rewriters and parsers of others, over scripts of npm packages (`test/corpus`).
 *
 * In one process and by CPU time, each subject over all files in turn. Scramjet takes and gives bytes, and so do ours, as scripts
 * come from the network; the others take strings.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ultravioletSubject } from './peers/ultraviolet.mjs';
import { median, summarize } from './results.mjs';
import { measureInChromium } from './rewriter-browser.mjs';

export const about =
  'JavaScript rewriting, MB of source a second of CPU time. In brackets: parsers, which write nothing.';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..');

export async function run({ quick, browser, source = root, progress }) {
  const parsers = await loadParsers();
  const scripts = (await loadScripts(quick)).filter((script) =>
    Object.values(parsers).every((parser) => accepts(parser, script)),
  );
  const bytes = scripts.reduce((sum, script) => sum + script.bytes.length, 0);
  const ours = await loadOurs(source);
  const subjects = {
    ours: ({ bytes }) => ours.rewriteScriptBytes(bytes, { kind: 'script' }).length,
    'ours, strings': ({ text }) => ours.rewriteScript(text, { kind: 'script' }).length,
    'our reference path': ({ text }) => ours.rewriteByTree(text, { kind: 'script' }).length,
    ...(await peer('scramjet', loadScramjet)),
    ...ultravioletSubject('js', 'a.location=top;', (rewrite) => tolerant(({ text }) => rewrite(text).length)),
    ...parsers,
  };
  const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  const rounds = quick ? 3 : 7;
  const warmUps = 2;
  const order = Object.entries(subjects);
  for (let round = -warmUps; round < rounds; round++) {
    // Each round begins with another: who comes behind a parser pays for its garbage.
    order.push(...order.splice(0, 3));
    for (const [name, subject] of order) {
      progress(`round ${round + 1} of ${rounds}: ${name}`);
      let turns = 0;
      const start = cpu();
      do {
        for (const script of scripts) subject(script);
        turns++;
      } while (cpu() - start < leastTime);
      if (round >= 0) samples[name].push((bytes * turns) / (cpu() - start));
    }
  }
  const worst = subjects.scramjet ? worstFile(scripts, subjects) : [];
  return [
    ...summarize('rewriter/js', 'MB/s', samples),
    ...worst,
    ...shares(scripts, ours),
    ...memory(ours.file),
    ...handlers(ours),
    ...(browser ? await inChromium(scripts, { quick, source, progress }) : []),
  ];
}

function inChromium(scripts, options) {
  return measureInChromium({ ...options, files: { js: scripts.map(({ bytes }) => bytes) } });
}

/** A peer that does not load is left out. Of its error only the message is shown: Node would print the peer's source. */
async function peer(name, load) {
  try {
    const subject = await load();
    const text = 'a.location=top;';
    subject({ text, bytes: new TextEncoder().encode(text) });
    return { [name]: subject };
  } catch (error) {
    console.error(`${name} is left out: ${String(error?.message).slice(0, 120)}`);
    return {};
  }
}

/** A text that a peer fails on costs it what it took to find out. */
function tolerant(subject) {
  return (script) => {
    try {
      return subject(script);
    } catch {
      // Its message may hold its source.
      return 0;
    }
  };
}

/** The file on which we do worst beside Scramjet, each file alone; short ones are repeated until they can be measured. */
function worstFile(scripts, subjects) {
  const ratios = scripts.map((script) => {
    const calls = Math.ceil(100_000 / script.bytes.length);
    const time = (subject) => {
      const samples = [];
      for (let round = 0; round < 3; round++) {
        const start = cpu();
        for (let call = 0; call < calls; call++) subject(script);
        samples.push(cpu() - start);
      }
      return Math.min(...samples);
    };
    return { name: script.name, ratio: time(subjects.scramjet) / time(subjects.ours) };
  });
  const worst = ratios.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  return [
    {
      measure: 'rewriter/js-worst-file',
      subject: worst.name,
      value: Number(worst.ratio.toPrecision(3)),
      unit: 'x scramjet',
      runs: 3,
    },
  ];
}

/** What the fast path was not sure of, and by how much rewriting makes a text longer. */
function shares(scripts, ours) {
  let total = 0;
  let slow = 0;
  let rewritten = 0;
  for (const { text } of scripts) {
    total += text.length;
    rewritten += ours.rewriteScript(text, { kind: 'script' }).length;
    if (!('text' in ours.rewriteQuickly(text, { kind: 'script' }))) slow += text.length;
  }
  const share = (measure, part) => ({
    measure,
    subject: 'ours',
    value: Number(((part / total) * 100).toPrecision(3)),
    unit: '%',
    runs: 1,
  });
  return [share('rewriter/js-slow-path', slow), share('rewriter/js-growth', rewritten - total)];
}

/** By how many times the size of a 4.8 MB script a fresh process grows when it rewrites it. */
function memory(bundle) {
  const file = path.join(root, 'test/corpus/node_modules/plotly.js-dist-min/plotly.min.js');
  const measure = path.join(import.meta.dirname, 'processes/rewriter-memory.mjs');
  // Through a shell that forks: a process that replaces another's image inherits its peak.
  const samples = [1, 2, 3].map(() => {
    const { stdout } = spawnSync('sh', ['-c', '"$@"; exit $?', 'sh', process.execPath, measure, bundle, file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return Number(stdout);
  });
  const value = Number(median(samples).toPrecision(3));
  return [{ measure: 'rewriter/js-peak-memory', subject: 'ours', value, unit: 'x input', runs: samples.length }];
}

/** A handler of 28 bytes: each call another text, and the same text again and again through the cache. */
function handlers(ours) {
  const calls = 20_000;
  const texts = Array.from({ length: calls }, (_, call) => `location.href=i[k].top+${10_000 + (call % 90_000)}`);
  const cached = ours.cachedScriptRewriter();
  const subjects = {
    ours: (call) => ours.rewriteScript(texts[call], { kind: 'handler' }),
    'ours, seen before': (call) => cached(texts[call % 100], { kind: 'handler' }),
  };
  return Object.entries(subjects).map(([subject, rewrite]) => {
    const samples = [];
    for (let round = 0; round < 6; round++) {
      const start = cpu();
      for (let call = 0; call < calls; call++) rewrite(call);
      if (round > 0) samples.push((cpu() - start) / calls);
    }
    const value = Number(median(samples).toPrecision(3));
    return { measure: 'rewriter/handler', subject, value, unit: 'µs', runs: samples.length };
  });
}

/** A subject that is sooner through, in µs, goes over the files again. */
const leastTime = 200_000;

function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function loadScripts(quick) {
  const corpus = path.join(root, 'test/corpus');
  if (!existsSync(path.join(corpus, 'node_modules'))) {
    console.error('Installing the corpus (npm ci in test/corpus/).');
    spawnSync('npm', ['ci'], { cwd: corpus, stdio: ['ignore', 2, 2] });
  }
  const { corpusFiles } = await import(pathToFileURL(path.join(corpus, 'files.mjs')).href);
  // Scripts, and of a size that each subject gets through in every round.
  const files = corpusFiles().filter(({ kind, source }) => kind === 'script' && source.length < 2_000_000);
  let left = quick ? 6_000_000 : 40_000_000;
  const step = quick ? 9 : 1;
  return files
    .filter(({ source }, index) => index % step === 0 && (left -= source.length) > 0)
    .map(({ name, source }) => ({ name, text: source, bytes: new TextEncoder().encode(source) }));
}

/** Bundled as it is shipped: across modules, enumerations are inlined. */
async function loadOurs(source) {
  const { rolldown } = await import(createRequire(path.join(source, 'package.json')).resolve('rolldown'));
  const folder = path.join(source, 'packages/rewriter/src/js');
  const entry = ['rewrite-script.ts', 'script-cache.ts']
    .map((file) => `export * from ${JSON.stringify(path.join(folder, file))};`)
    .join('\n');
  const bundle = await rolldown({
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? id : null),
        load: (id) => (id === 'entry' ? entry : null),
      },
    ],
    resolve: { conditionNames: ['culvert-source', 'import'] },
  });
  const file = writeModule((await bundle.generate({ format: 'esm' })).output[0].code);
  return { ...(await import(file)), file };
}

/** Its published files, made to load outside of a browser; the one regular expression is newer than Node 20. */
async function loadScramjet() {
  globalThis.WebSocket ??= class {};
  globalThis.self ??= globalThis;
  globalThis.location ??= new URL('http://localhost:8080/');
  const folder = path.dirname(require.resolve('@mercuryworkshop/scramjet'));
  const scramjet = await importText(
    readFileSync(path.join(folder, 'scramjet_bundled.mjs'), 'utf8').replaceAll('(?i:', '(?:'),
  );
  scramjet.setWasm(readFileSync(path.join(folder, 'scramjet.wasm')));
  const { defaultConfig, CookieJar, rewriteJs } = scramjet;
  const context = {
    config: { ...defaultConfig, flags: { ...defaultConfig.flags, sourcemaps: false } },
    prefix: new URL('http://localhost:8080/scramjet/'),
    cookieJar: new CookieJar(),
    interface: { codecEncode: encodeURIComponent, codecDecode: decodeURIComponent },
  };
  const meta = { origin: new URL('https://site.example/'), base: new URL('https://site.example/') };
  return ({ bytes }) => rewriteJs(bytes, 'https://site.example/script.js', context, meta, false).length;
}

async function loadParsers() {
  const [acorn, meriyah, oxc] = await Promise.all(['acorn', 'meriyah', 'oxc-parser'].map((name) => import(name)));
  return {
    '[acorn]': ({ text }) =>
      acorn.parse(text, { ecmaVersion: 'latest', allowReturnOutsideFunction: true, allowHashBang: true }),
    '[meriyah]': ({ text }) => meriyah.parseScript(text, { next: true, webcompat: true, globalReturn: true }),
    // The tree stays where it is made.
    '[oxc-parser]': ({ text }) => oxc.parseSync('script.js', text, { sourceType: 'script' }),
  };
}

function accepts(parser, script) {
  try {
    parser(script);
    return true;
  } catch {
    // Not for every parser: nobody is measured on it.
    return false;
  }
}

function importText(text) {
  return import(writeModule(text));
}

/** @returns the URL of a module with that text */
function writeModule(text) {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'culvert-bench-')), 'module.mjs');
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}
