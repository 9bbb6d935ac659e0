/**
 * @module A small service worker for the tests of state, sinks, workers and sockets: it boots documents and workers, and
 * answers the runtime's messages.
 */
import { decodeRoute, rewriteHtml, rewriteScript, type UrlSettings } from '@culvert/rewriter';

interface TestEvent {
  request: Request;
  clientId: string;
  data: { culvert: string; [key: string]: unknown };
  source: { postMessage(message: unknown): void };
  ports: readonly MessagePort[];
  waitUntil(promise: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}
declare const self: {
  location: Location;
  culvertRuntime: (() => void) & { rewriters: () => unknown };
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: string, listener: (event: TestEvent) => void): void;
};
declare function importScripts(url: string): void;

importScripts('/culvert.runtime.js');
const runtime = self.culvertRuntime.toString();
const settings: UrlSettings = { origin: self.location.origin, scope: '/service/', urls: 'real' };
const received: unknown[] = [];

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  received.push(event.data);
  if (event.data.culvert === 'socket-headers') {
    event.ports[0]!.postMessage({ headers: { Origin: event.data['origin'], Cookie: 'secret=1' } });
  }
  // The tests' way to have a list of cookies sent, as another tab's login would.
  if (event.data.culvert === 'set-cookie' && String(event.data['cookie']).startsWith('replace-me')) {
    event.source.postMessage({
      culvert: 'cookies',
      id: 7,
      site: 'https://site.example',
      cookies: [cookie('fromworker', '1')],
    });
  }
});
self.addEventListener('fetch', (event) => {
  const { url } = event.request;
  const own = new URL(url).origin === self.location.origin;
  if (own && url.includes('/service/~/received')) return event.respondWith(Promise.resolve(Response.json(received)));
  if (own && url.includes('/service/~/message')) {
    return event.respondWith(
      event.request
        .json()
        .then((message: { origin: string }) =>
          Response.json({ headers: { Origin: message.origin, Cookie: 'secret=1' } }),
        ),
    );
  }
  const route = decodeRoute(url, settings);
  if (!route && own) return;
  event.respondWith(answer((route?.remoteUrl ?? url).replace(/#.*/, ''), route?.asset ?? ''));
});

function cookie(name: string, value: string) {
  return {
    name,
    value,
    domain: 'site.example',
    path: '/',
    hostOnly: true,
    secure: false,
    httpOnly: false,
    sameSite: 'default',
    expires: null,
    created: 1,
    accessed: 1,
    partition: 'https://site.example',
  };
}

function bootData(kind: string, url: string) {
  const site = new URL(url).origin;
  return JSON.stringify({
    kind,
    url,
    referrer: '',
    settings,
    bareServer: `${settings.origin}/bare/`,
    runtimeScript: `${self.location.origin}/culvert.runtime.js`,
    cookies: kind === 'document' ? [cookie('boot', 'yes')] : [],
    topLevelSite: site,
    token: 'test',
    // The option of the worker, as a test asks for it.
    webRtc: new URL(url).searchParams.get('web-rtc') ?? undefined,
    build: 'test',
  }).replaceAll('<', '\\u003c');
}

async function answer(realUrl: string, asset: string): Promise<Response> {
  const response = await fetch(`/remote?url=${encodeURIComponent(realUrl)}`);
  const type = response.headers.get('content-type') ?? '';
  const headers = { 'content-type': type, 'access-control-allow-origin': '*' };
  if (asset === 'worker' || asset === 'sharedworker') {
    const text = await response.text();
    const boot = `(${runtime})(${bootData(asset, realUrl)},(${self.culvertRuntime.rewriters.toString()}));`;
    return new Response(boot + rewriteScript(text, { kind: /^import /m.test(text) ? 'module' : 'script' }), {
      headers,
    });
  }
  if (/html/.test(type) && asset === 'html') {
    const boot = `<base href="${realUrl}"><script>(${runtime})(${bootData('document', realUrl)})</script>`;
    const html = rewriteHtml(await response.text(), { documentUrl: realUrl, settings, bootHtml: boot });
    return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  }
  if (/javascript/.test(type))
    return new Response(rewriteScript(await response.text(), { kind: 'script' }), { headers });
  return new Response(response.body, { headers });
}
