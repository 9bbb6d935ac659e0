/** @module The service worker of the tide tables, on Workbox: a precache, and what was looked at before. */
import { precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';

/** Put in by the site's server. */
declare const TIDES_REVISION: string;
/** What of its global it uses: types of service workers and of pages cannot be had together. */
declare const self: {
  addEventListener(type: 'message', listener: (event: MessageEvent<{ type?: string } | null>) => void): void;
  skipWaiting(): Promise<void>;
};

precacheAndRoute([
  { url: '/index.html', revision: TIDES_REVISION },
  { url: '/app.js', revision: TIDES_REVISION },
  { url: '/style.css', revision: TIDES_REVISION },
]);
registerRoute(({ url }) => url.pathname.startsWith('/tides/'), new NetworkFirst({ cacheName: 'tides' }));
registerRoute(({ request }) => request.destination === 'image', new CacheFirst({ cacheName: 'images' }));
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting();
});
