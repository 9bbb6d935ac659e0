oninstall = () => skipWaiting();
onactivate = (event) => event.waitUntil(clients.claim());
onfetch = (event) => {
  const { url, method, mode, destination, referrer } = event.request;
  if (url.includes('answered'))
    event.respondWith(
      new Response([url, method, mode, destination, referrer].join(' '), { headers: { 'content-type': 'text/html' } }),
    );
};
onmessage = async (event) => {
  if (event.data === 'claim') return clients.claim();
  if (event.data === 'port') return event.ports[0].postMessage('by the port');
  const all = await clients.matchAll();
  event.source.postMessage(
    JSON.stringify([
      location.href,
      registration.scope,
      self.origin,
      event.origin,
      all.map(({ url, type }) => [url, type]),
    ]),
  );
};
