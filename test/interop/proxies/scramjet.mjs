/**
 * @module
 * Scramjet with its controller, which takes a transport as an object; the transport is ours. The controller shows the page in a frame.
 */
import { packageFolder } from './packages.mjs';

export const name = 'Scramjet 2.0.67-alpha.2, controller 0.0.14';

const worker = `importScripts('/controller/controller.sw.js');
addEventListener('fetch', (event) => { if ($scramjetController.shouldRoute(event)) event.respondWith($scramjetController.route(event)); });`;

const host = (bareServer) => `<!doctype html><meta charset="utf-8"><title>host</title>
<script src="/scramjet/scramjet.js"></script><script src="/controller/controller.api.js"></script>
<script>
globalThis.ready = (async () => {
  const registration = await navigator.serviceWorker.register('/sw.js');
  const serviceworker = registration.installing ?? registration.waiting ?? registration.active;
  if (serviceworker.state !== 'activated') await new Promise((resolve) => serviceworker.addEventListener('statechange', () => serviceworker.state === 'activated' && resolve()));
  if (!navigator.serviceWorker.controller) await new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = resolve; setTimeout(resolve, 1000); });
  const { BareTransport } = await import('/ours/transport.mjs');
  const controller = new $scramjetController.Controller({ serviceworker, transport: new BareTransport('${bareServer}') });
  await controller.wait();
  globalThis.frame = controller.createFrame();
  document.body.append(frame.element);
})();
</script><body></body>`;

export const files = {
  '/scramjet/': packageFolder('@mercuryworkshop/scramjet/dist/'),
  '/controller/': packageFolder('@mercuryworkshop/scramjet-controller/dist/'),
};

export const pages = (bareServer) => ({
  '/': { type: 'text/html', text: host(bareServer) },
  '/sw.js': { type: 'text/javascript', text: worker },
});

/** @returns the frame that shows the page */
export async function open(context, proxy, url) {
  const page = await context.newPage();
  await page.goto(`${proxy}/`, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.ready);
  await page.evaluate(() => globalThis.ready);
  const element = await page.waitForSelector('iframe');
  await page.evaluate((target) => void globalThis.frame.go(target), url);
  return element.contentFrame();
}
