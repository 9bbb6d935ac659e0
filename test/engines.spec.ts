/** @module What engines do each in their own way, direct and proxied: every engine is held against itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Frame } from '@playwright/test';
import { sideBySide } from './support/side-by-side.js';
import { startSiteInProcess, type Site } from './support/site.js';

const files: Readonly<Record<string, [type: string, body: string]>> = {
  '/': ['text/html; charset=utf-8', '<!doctype html><title>Engines</title><link rel=icon href=data:,><p>Engines</p>'],
  '/text': ['text/plain; charset=utf-8', 'text ✓'],
  '/module.js': ['text/javascript', 'export const here = import.meta.url; export const path = location.pathname;'],
  '/worker.js': [
    'text/javascript',
    `import { here, path } from './module.js';
     const later = await import('./later.js');
     onmessage = async () => postMessage([here, path, later.default, location.href, await (await fetch('text')).text()]);
     postMessage('ready');`,
  ],
  '/later.js': [
    'text/javascript',
    'export default self.location.pathname + " " + (self instanceof DedicatedWorkerGlobalScope)',
  ],
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url!.split('?')[0]!;
  const file = files[path];
  if (path === '/stream') {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('first ');
    setTimeout(() => response.end('last'), 600);
  } else if (path === '/set') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('set-cookie', ['seen=1; Path=/', 'hidden=2; HttpOnly; Path=/']);
      response.setHeader('content-type', 'text/plain');
      response.setHeader('x-method', request.method!).end(Buffer.concat(chunks));
    });
  } else if (file) response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('none');
}

const site = (): Promise<Site> => startSiteInProcess('engines.test', answer);

/** Evaluates as a script of the page would, and reads ports the same in each run. */
async function run(frame: Frame, source: string): Promise<unknown> {
  const result = await frame.evaluate((text) => (0, eval)(text) as unknown, source);
  return JSON.parse((JSON.stringify(result) ?? 'null').replace(/\.test:\d+/g, '.test:PORT'));
}

sideBySide('synchronous requests give what asynchronous ones do', {
  site,
  async steps(view, { origin }) {
    await view.open(`${origin}/`);
    await view.screenshot('page');
    return {
      get: await run(
        view.frame,
        `(() => { const x = new XMLHttpRequest(); x.open('GET', 'text', false); x.send(); return [x.status, x.responseText, x.responseURL, x.getResponseHeader('content-type')] })()`,
      ),
      post: await run(
        view.frame,
        `(() => { const x = new XMLHttpRequest(); x.open('POST', 'set', false); x.overrideMimeType('text/plain'); x.send('body ✓'); return [x.getResponseHeader('x-method'), x.responseText, document.cookie] })()`,
      ),
      missing: await run(
        view.frame,
        `(() => { const x = new XMLHttpRequest(); x.open('GET', 'missing', false); x.overrideMimeType('text/plain'); x.send(); return x.status })()`,
      ),
      inWorker: await run(
        view.frame,
        `new Promise((resolve) => {
          const code = "const x = new XMLHttpRequest(); x.open('GET', '" + location.origin + "/text', false); x.send(); postMessage([x.status, x.responseText, x.responseURL])";
          const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
          worker.onmessage = ({ data }) => resolve(data); worker.onerror = ({ message }) => resolve(message); })`,
      ),
    };
  },
});

sideBySide('module workers import, statically and later', {
  site,
  async steps(view, { origin }) {
    await view.open(`${origin}/`);
    await view.screenshot('page');
    return {
      told: await run(
        view.frame,
        `new Promise((resolve) => { const worker = new Worker('worker.js', { type: 'module' });
          worker.onerror = ({ message }) => resolve(String(message));
          worker.onmessage = ({ data }) => data === 'ready' ? worker.postMessage(0) : resolve(data); })`,
      ),
      blob: await run(
        view.frame,
        `new Promise((resolve) => {
          const code = "import { here, path } from '" + location.origin + "/module.js'; postMessage([here, typeof path, location.protocol, origin])";
          const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data); worker.onerror = ({ message }) => resolve(String(message)); })`,
      ),
    };
  },
});

sideBySide('frames without a URL of their own run scripts and ask as their maker', {
  site,
  async steps(view, { origin }) {
    await view.open(`${origin}/`);
    await view.screenshot('page');
    const inFrame = (attributes: string) =>
      run(
        view.frame,
        `new Promise((resolve) => {
          const frame = document.createElement('iframe'); ${attributes}
          frame.onload = async () => {
            const w = frame.contentWindow;
            const asked = await w.eval("fetch('" + location.origin + "/text').then((answer) => answer.text())").catch((error) => error.name);
            resolve([w.location.href, w.document.URL, w.document.baseURI, w.origin, w.eval('location.href'), w.eval('top === parent'), asked, w.document.body.textContent]);
            frame.remove();
          };
          document.body.append(frame);
        })`,
      );
    return {
      blank: await inFrame(''),
      srcdoc: await inFrame(
        `frame.srcdoc = '<p>doc<script>document.write(location.href + self.origin)</scr' + 'ipt>';`,
      ),
      javascript: await run(
        view.frame,
        `new Promise((resolve) => { globalThis.told = resolve; location.href = 'javascript:void told([location.href, typeof top])' })`,
      ),
    };
  },
});

sideBySide('bodies stream, errors and globals read as they are', {
  site,
  async steps(view, { origin }) {
    await view.open(`${origin}/`);
    await view.screenshot('page');
    return {
      streamed: await run(
        view.frame,
        `(async () => { const reader = (await fetch('stream')).body.getReader(); let text = '', start = 0;
          for (;;) { const { value, done } = await reader.read(); if (done) break; start ||= performance.now(); text += new TextDecoder().decode(value) }
          return [text, performance.now() - start > 300] })()`,
      ),
      keepalive: await run(
        view.frame,
        `Promise.all([fetch('text', { keepalive: true }), fetch(new Request('text', { keepalive: true }))].map(async (answer) => (await answer).text()))`,
      ),
      beacon: await run(view.frame, `navigator.sendBeacon('/set', 'x')`),
      stack: await run(
        view.frame,
        `(() => { try { null.x } catch (error) { return [error.message, typeof error.stack] } })()`,
      ),
      functions: await run(
        view.frame,
        `[fetch, Document.prototype.write, history.pushState, eval, postMessage].map((each) => [each.name, each.length, Function.prototype.toString.call(each)])`,
      ),
      history: await run(
        view.frame,
        `[history.pushState(1, '', '/pushed?x#y'), location.href, document.URL, history.state, typeof navigation === 'object' && navigation.currentEntry.url]`,
      ),
    };
  },
});

/** Absent in a proxied page by decision (docs/known-limits.md). */
const absentByDecision = ['WebTransport', 'WebSocketStream', 'WebSocketError', 'ServiceWorker'];

sideBySide('the names of the window are those that the engine has for such a site', {
  site,
  async steps(view, { origin }) {
    await view.open(`${origin}/`);
    await view.screenshot('page');
    const names = (await run(view.frame, `Object.getOwnPropertyNames(window).sort()`)) as string[];
    const ofNavigator = (await run(view.frame, `Object.getOwnPropertyNames(Navigator.prototype).sort()`)) as string[];
    const isKept = (name: string) => !absentByDecision.some((absent) => name.startsWith(absent));
    return { names: names.filter(isKept), ofNavigator: ofNavigator.filter((name) => name !== 'serviceWorker') };
  },
});
