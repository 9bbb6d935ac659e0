/**
 * @module
 * Ultraviolet with bare-mux, as its documentation sets it up; the transport is ours. The page is opened top-level.
 */
import { packageFolder } from './packages.mjs';

export const name = 'Ultraviolet 3.2.10, bare-mux 2.1.9';

const config = `self.__uv$config = {
  prefix: '/service/', encodeUrl: Ultraviolet.codec.xor.encode, decodeUrl: Ultraviolet.codec.xor.decode,
  handler: '/uv/uv.handler.js', client: '/uv/uv.client.js', bundle: '/uv/uv.bundle.js', config: '/uv/uv.config.js', sw: '/uv/uv.sw.js' };`;

const worker = `importScripts('/uv/uv.bundle.js', '/uv/uv.config.js', '/uv/uv.sw.js');
const ultraviolet = new UVServiceWorker();
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(ultraviolet.route(event) ? ultraviolet.fetch(event) : fetch(event.request)));`;

/** bare-mux imports the transport by URL, in its SharedWorker. */
const host = (bareServer) => `<!doctype html><meta charset="utf-8"><title>host</title>
<script src="/bare-mux/index.js"></script>
<script>
globalThis.ready = (async () => {
  const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/service/' });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker.state !== 'activated') await new Promise((resolve) => worker.addEventListener('statechange', () => worker.state === 'activated' && resolve()));
  await new BareMux.BareMuxConnection('/bare-mux/worker.js').setTransport('/ours/transport.mjs', ['${bareServer}']);
})();
</script>`;

export const files = {
  // Before the folder: it has a configuration of its own.
  '/uv/': packageFolder('@titaniumnetwork-dev/ultraviolet/dist/'),
  '/bare-mux/': packageFolder('@mercuryworkshop/bare-mux/dist/'),
};

export const pages = (bareServer) => ({
  '/': { type: 'text/html', text: host(bareServer) },
  '/sw.js': { type: 'text/javascript', text: worker },
  '/uv/uv.config.js': { type: 'text/javascript', text: config },
});

/** @returns the frame that shows the page */
export async function open(context, proxy, url) {
  // Stays open beside the page: it owns the SharedWorker of the transport.
  const hostPage = await context.newPage();
  await hostPage.goto(`${proxy}/`);
  await hostPage.evaluate(() => globalThis.ready);
  const page = await context.newPage();
  await page.goto(addressOf(proxy, url));
  return page.mainFrame();
}

/** Where it shows the URL. */
export const addressOf = (proxy, url) => `${proxy}/service/${encodeURIComponent(encode(url))}`;

/** Every other character xor 2. */
function encode(url) {
  return Array.from(url, (character, index) =>
    index % 2 ? String.fromCharCode(character.charCodeAt(0) ^ 2) : character,
  ).join('');
}
