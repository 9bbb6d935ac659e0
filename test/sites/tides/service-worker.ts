/** @module The service worker of the tide tables, on Workbox: a precache, and what was looked at before. */
import { precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';

/** Put in by the site's server. */
declare const TIDES_REVISION: string;
declare const self: ServiceWorkerGlobalScope;

precacheAndRoute([
  { url: '/index.html', revision: TIDES_REVISION },
  { url: '/app.js', revision: TIDES_REVISION },
  { url: '/style.css', revision: TIDES_REVISION },
]);
registerRoute(({ url }) => url.pathname.startsWith('/tides/'), new NetworkFirst({ cacheName: 'tides' }));
registerRoute(({ request }) => request.destination === 'image', new CacheFirst({ cacheName: 'images' }));
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
