/**
 * What the runtime costs a page: a blank one and one with a frame, until its DOM is there, direct and proxied; what stands in every
 * document; and the calls a second of hooks that pages call in loops.
 *
 * The pages are opened in turns in one browser. `--source` takes another checkout (built by its own `scripts/build.mjs`).
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { startCulvert } from './culvert.mjs';
import { summarize } from './results.mjs';

export const about = 'The runtime: ms to domInteractive, kB gzipped in each document, calls a second of hooks';

const pages = {
  '/blank': '<!doctype html><title>Blank</title><link rel=icon href=data:,><p>blank',
  '/frame': '<!doctype html><title>Frame</title><link rel=icon href=data:,><iframe src=/blank></iframe>',
};

/** Loops that a page may run, each of so many calls. */
const calls = {
  'element.setAttribute': 'element.setAttribute("class", "x" + (i & 7))',
  'element.getAttribute': 'element.getAttribute("class")',
  'innerHTML = markup': 'element.innerHTML = "<b>x</b>"',
  'appendChild, remove': '(element.appendChild(child), child.remove())',
  'location.href': 'location.href',
  'document.cookie': 'document.cookie',
  'setTimeout, clearTimeout': 'clearTimeout(setTimeout(nothing, 1000))',
  'new Function': 'new Function("a", "return a + 1")',
};

export async function run({ quick, source, progress }) {
  const root = path.resolve(source ?? path.join(import.meta.dirname, '..'));
  const rounds = quick ? 9 : 31;
  const site = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(pages[request.url] ?? pages['/blank']);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const culvert = await startCulvert(root);
  const browser = await chromium.launch({
    executablePath: findBrowser('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const page = await browser.newPage();
    const remote = `http://localhost:${site.address().port}`;
    const subjects = {
      ours: (url) => `${culvert.origin}/service/html/${encodeURIComponent(remote + url)}`,
      direct: (url) => remote + url,
    };
    // The first visit registers the worker and comes again.
    await page.goto(subjects.ours('/blank'));
    await page.waitForFunction(() => document.title === 'Blank');
    await page.waitForLoadState('load');

    const results = [];
    for (const url of Object.keys(pages)) {
      const samples = { ours: [], direct: [] };
      for (let round = 0; round < rounds; round++) {
        progress(`${url} ${round + 1}/${rounds}`);
        for (const [name, address] of Object.entries(subjects)) {
          await page.goto(address(url));
          samples[name].push(await page.evaluate(timeToReady, url === '/frame' ? 'loadEventEnd' : 'domInteractive'));
        }
      }
      results.push(...summarize(`runtime${url}`, 'ms', samples));
    }
    results.push(...weights(path.join(root, 'packages/runtime/dist/culvert.runtime.js')));

    const perSecond = Object.fromEntries(Object.keys(calls).map((name) => [name, { ours: [], direct: [] }]));
    for (let round = 0; round < (quick ? 3 : 9); round++) {
      for (const [subject, address] of Object.entries(subjects)) {
        progress(`calls, ${subject}`);
        await page.goto(address('/blank'));
        for (const [name, call] of Object.entries(calls)) {
          perSecond[name][subject].push(await page.evaluate(loopOf(call, quick ? 60 : 200)));
        }
      }
    }
    for (const [name, samples] of Object.entries(perSecond)) results.push(...summarize(name, 'calls/s', samples));
    return results;
  } finally {
    await browser.close();
    culvert.close();
    site.close();
  }
}

/** In the page: milliseconds from the start of the navigation. */
async function timeToReady(mark) {
  const entry = () => performance.getEntriesByType('navigation')[0];
  while (entry()[mark] === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  return entry()[mark] - entry().startTime;
}

/** A script element, whose text is rewritten as a page's own is. */
function loopOf(call, duration) {
  const text = `window.result = (() => {
    const element = document.body, child = document.createElement('i'), nothing = () => {};
    const start = performance.now();
    let count = 0;
    do for (let i = 0; i < 100; i++, count++) ${call};
    while (performance.now() - start < ${duration});
    return (count * 1000) / (performance.now() - start);
  })()`;
  return `(() => { const script = document.createElement('script'); script.text = ${JSON.stringify(text)};
    document.head.append(script); script.remove(); return window.result; })()`;
}

/** In each document, and what is loaded when it is needed. */
function weights(file) {
  const scope = {};
  vm.runInNewContext(readFileSync(file, 'utf8'), { self: scope });
  const { culvertRuntime } = scope;
  const weigh = (text) => gzipSync(text, { level: 9 }).length / 1000;
  const subjects = { ours: [weigh(culvertRuntime.toString())] };
  if (culvertRuntime.rewriters) subjects['loaded late'] = [weigh(culvertRuntime.rewriters.toString())];
  return summarize('runtime/size', 'kB', subjects);
}
