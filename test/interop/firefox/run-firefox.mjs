/**
 * @module
 * Our client in Firefox, against our server: the IIFE bundle in a page, and the module in a module worker.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { serveFiles } from '../support/page-host.mjs';
import { firefoxCases } from './cases.mjs';
import { launchFirefox } from './launch.mjs';

const page = `<!doctype html><meta charset="utf-8"><title>clients</title>
<script src="/ours/client.iife.js"></script>
<script type="module">
import { createClients } from '/support/clients.mjs';
const clients = createClients({ ours: globalThis.bare });
const worker = new Worker('/worker.mjs', { type: 'module' });
const waiting = new Map();
let lastId = 0;
worker.onmessage = ({ data: { id, value } }) => {
  if (id === 0) document.title = 'ready';
  waiting.get(id)?.(value);
};
worker.onerror = ({ message }) => (document.title = 'The worker does not load: ' + message);
globalThis.ask = (realm, name, server, request) =>
  realm === 'page'
    ? clients[name]('ours', server, request)
    : new Promise((resolve) => {
        waiting.set(++lastId, resolve);
        worker.postMessage({ id: lastId, name, server, request });
      });
</script>`;

const worker = `import * as ours from '/ours/client.mjs';
import { createClients } from '/support/clients.mjs';
const clients = createClients({ ours });
onmessage = async ({ data: { id, name, server, request } }) =>
  postMessage({ id, value: await clients[name]('ours', server, request) });
postMessage({ id: 0 });`;

const realms = { page: 'IIFE in a page', worker: 'module worker' };

export async function runFirefox({ ours, servers, origin, report, options }) {
  const cases = firefoxCases.filter(({ id }) => !options.only || id.includes(options.only));
  const add = (realm, { id }, result) =>
    report.add({ suite: 'firefox', name: `Firefox, ${realms[realm]}`, test: { id, row: id }, column: {}, ...result });
  const browser = await launchFirefox();
  if (!browser) {
    for (const realm of Object.keys(realms)) {
      for (const test of cases) add(realm, test, { outcome: 'skipped', reason: 'Firefox is not installed' });
    }
    return;
  }
  const host = await serveFiles(
    {
      '/support/': path.join(import.meta.dirname, '../support/'),
      '/ours/': path.join(path.dirname(ours.client), '/'),
    },
    {
      '/': { type: 'text/html', text: page },
      '/worker.mjs': { type: 'text/javascript', text: worker },
      '/ours/client.iife.js': { type: 'text/javascript', text: readFileSync(ours.clientScript, 'utf8') },
    },
  );
  try {
    const server = await servers.get('ours');
    const tab = await browser.newPage();
    await tab.goto(`${host.url}/`);
    await tab.waitForFunction(() => document.title !== 'clients', { timeout: 15_000 });
    if ((await tab.title()) !== 'ready') throw new Error(await tab.title());
    for (const realm of Object.keys(realms)) {
      const call = (name) => (request) =>
        tab.evaluate((...parameters) => globalThis.ask(...parameters), realm, name, server.url(), request);
      for (const test of cases) {
        let fault = null;
        try {
          await test.run({ fetch: call('fetch'), socket: call('socket'), origin });
        } catch (error) {
          fault = error;
        }
        add(realm, test, { outcome: fault ? 'failed' : 'passed', fault });
        origin.reset();
      }
    }
  } finally {
    await browser.close();
    host.close();
  }
}
