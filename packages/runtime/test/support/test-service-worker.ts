/**
 * @module The least service worker that a proxied document needs: it asks the test's server for the bytes of a real
 * URL, puts the boot script in documents and rewrites scripts.
 */
import { absentFeatures } from '../../src/absent-features.js';
import { decodeRoute, rewriteScript, type UrlSettings } from '@culvert/rewriter';

declare const self: {
  location: Location;
  culvertRuntime: (() => void) & { rewriters: () => unknown };
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: string, listener: (event: TestFetchEvent) => void): void;
};
declare function importScripts(url: string): void;
interface TestFetchEvent {
  request: Request;
  waitUntil(promise: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}

importScripts('/culvert.runtime.js');
const runtime = self.culvertRuntime.toString();
const settings: UrlSettings = { origin: self.location.origin, scope: '/service/', urls: 'real' };

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { url } = event.request;
  const route = decodeRoute(url, settings);
  if (!route && new URL(url).origin === self.location.origin) return;
  event.respondWith(answer(event.request, (route?.remoteUrl ?? url).replace(/#.*/, '')));
});

async function answer(request: Request, realUrl: string): Promise<Response> {
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.arrayBuffer();
  const response = await fetch(`/remote?url=${encodeURIComponent(realUrl)}`, {
    method: request.method,
    body,
    headers: { 'x-content-type': request.headers.get('content-type') ?? '', 'x-destination': request.destination },
  });
  const type = response.headers.get('content-type') ?? '';
  if (/html/.test(type) && ['document', 'iframe', 'frame'].includes(request.destination)) {
    const referrer = decodeRoute(request.referrer, settings)?.remoteUrl ?? '';
    return html(await response.text(), realUrl, referrer, response.headers.get('x-policy'));
  }
  if (/javascript/.test(type)) {
    const kind = /module/.test(type) ? 'module' : 'script';
    return new Response(rewriteScript(await response.text(), { kind }), {
      headers: { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' },
    });
  }
  return new Response(response.body, { status: response.status, headers: { 'content-type': type } });
}

function html(text: string, url: string, referrer: string, policy: string | null): Response {
  const data = {
    kind: 'document',
    url,
    referrer,
    settings,
    bareServer: `${self.location.origin}/bare/`,
    runtimeScript: `${self.location.origin}/culvert.runtime.js`,
    cookies: [],
    topLevelSite: new URL(url).origin,
    absent: absentFeatures(url, navigator.userAgent),
    token: 'test',
    build: 'test',
  };
  const boot = `<base href="${url}"><script nonce=culvert>(${runtime})(${JSON.stringify(data).replaceAll('<', '\\u003c')})</script>`;
  const rewritten = text
    .replace(/(<script(?: type=module)?>)([^]*?)<\/script>/g, (_all, open: string, source: string) => {
      const kind = /module/.test(open) ? 'module' : 'script';
      return `${open}${rewriteScript(source, { kind })}</script>`;
    })
    .replace(/(<i?frame\b[^>]*\ssrc=")(https?:[^"]*)"/g, (_all, open: string, src: string) => {
      return `${open}${settings.origin}/service/html/${encodeURIComponent(src)}"`;
    })
    .replace(/ (on[a-z]+)="([^"]*)"/g, (_all, name: string, source: string) => {
      return ` ${name}="${rewriteScript(source, { kind: 'handler' })}"`;
    });
  const head = /<head>/.test(rewritten) ? rewritten.replace('<head>', () => `<head>${boot}`) : boot + rewritten;
  const leakGuard =
    "object-src 'self'; frame-src 'self' blob: data:; worker-src 'self' blob: http: https:; manifest-src 'self'; form-action 'self'";
  const headers = new Headers({ 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'unsafe-url' });
  headers.append('content-security-policy', leakGuard);
  if (policy) headers.append('content-security-policy', policy);
  return new Response(head, { headers });
}
