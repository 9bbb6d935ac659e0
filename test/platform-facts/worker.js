/**
 * The least worker that serves a proxied page: it takes a real URL or a route for one, asks the test's server what that
 * URL answers, and tells it all that the fetch event says on the way.
 */
const route = /^\/service\/[\w~]+\/(.+)$/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const isOwn = url.host === self.location.host;
  if (isOwn && (url.pathname.startsWith('/~/') || url.pathname === '/start' || url.pathname === '/worker.js')) return;
  const encoded = isOwn ? route.exec(url.pathname)?.[1] : undefined;
  event.respondWith(answer(event, encoded ? decodeURIComponent(encoded) : url.href));
});

/** Firefox never answers `clients.get` for a worker that waits in a synchronous XMLHttpRequest. */
const late = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function answer(event, remote) {
  const { request, clientId, resultingClientId } = event;
  const client = clientId ? await Promise.race([self.clients.get(clientId), late(700)]) : undefined;
  const record = {
    remote,
    url: decodeURIComponent(request.url),
    method: request.method,
    mode: request.mode,
    destination: request.destination,
    credentials: request.credentials,
    redirect: request.redirect,
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy,
    keepalive: request.keepalive,
    headers: Object.fromEntries(request.headers),
    hasClientId: clientId !== '',
    hasResultingClientId: Boolean(resultingClientId),
    clientUrl: client?.url ?? null,
  };
  const response = await fetch('/~/answer', { method: 'POST', body: JSON.stringify(record) });
  const { status, headers, body } = await response.json();
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  const isNull = [204, 205, 304].includes(status) || (status >= 300 && status < 400);
  return new Response(isNull ? null : bytes, { status, headers });
}
