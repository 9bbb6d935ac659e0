/**
 * @module
 * The published proxies, each with our client as its transport: a page has to load and work, and all of it has to come through our
 * Bare server.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { serveFiles } from '../support/page-host.mjs';
import * as scramjet from './scramjet.mjs';
import { expectedResults, serveSite } from './site.mjs';
import * as ultraviolet from './ultraviolet.mjs';

export async function runProxies(world) {
  const { ours, report } = world;
  for (const proxy of [ultraviolet, scramjet]) {
    if (!ours.transport) {
      const test = { id: 'a page', row: 'a page' };
      report.add({ suite: 'proxies', name: proxy.name, test, column: {}, outcome: 'skipped', reason: 'not there yet' });
      continue;
    }
    await runProxy(world, proxy);
  }
}

async function runProxy({ browser, ours, servers, origin, report }, proxy) {
  const server = await servers.get('ours');
  const roots = { ...proxy.files, '/ours/': path.join(path.dirname(ours.transport), '/') };
  const host = await serveFiles(roots, proxy.pages(server.url()));
  const context = await browser.newContext();
  const add = (id, observe) => {
    let fault = null;
    try {
      observe();
    } catch (error) {
      fault = error;
    }
    report.add({
      suite: 'proxies',
      name: proxy.name,
      test: { id, row: id },
      column: {},
      outcome: fault ? 'failed' : 'passed',
      fault,
    });
  };
  let results = {};
  let failure = null;
  await server.targets();
  try {
    const url = serveSite(origin);
    const frame = await proxy.open(context, host.url, url);
    await frame.waitForFunction(() => document.getElementById('results')?.textContent, undefined, { timeout: 20_000 });
    results = JSON.parse(await frame.evaluate(() => document.getElementById('results').textContent));
  } catch (error) {
    failure = error;
  }
  const targets = failure ? [] : await server.targets();
  add('a page loads and its script runs', () => {
    if (failure) throw failure;
  });
  for (const [name, expected] of Object.entries(expectedResults))
    add(labels[name], () => assert.deepEqual(results[name], expected));
  // The page, what it links, and what its script fetches.
  add('all of it came through our Bare server', () =>
    assert.ok(targets.filter((target) => target.startsWith('/bare/v3/')).length >= 10, targets.join(' ')),
  );
  await context.close();
  host.close();
  origin.reset();
}

const labels = {
  style: 'a linked stylesheet applies',
  json: 'fetch gives JSON',
  post: 'POST of 300 kB',
  redirected: 'a redirect is followed',
  status: 'a 404 is a 404',
  header: 'a header of the answer is readable',
  cookie: 'a cookie comes back to the site',
  image: 'an image shows',
  pieces: 'a body streams',
  socket: 'WebSocket: text and binary',
};
