/**
 * The world that the platform facts are measured in: the proxy's own origin (localhost), and one listener that stands for
 * all other hosts. Both write down what reaches them; the worker writes down what reaches it.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import path from 'node:path';

const certificates = path.join(import.meta.dirname, '../support/certificates');
const contentTypes = {
  css: 'text/css',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  json: 'application/json',
  png: 'image/png',
  sse: 'text/event-stream',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vtt: 'text/vtt',
};
/** One red pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
);

/** @param {{ id: string }[]} facts whose documents and resources are served */
export async function startWorld(facts) {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  /** What the worker, the other hosts and the proxy's own host were asked for. */
  const log = { worker: [], network: [], 'static host': [] };

  /** What a URL of a site answers: the document of a fact, one of its resources, or something harmless of its type. */
  function answer(address) {
    const url = new URL(address);
    const [, id, ...rest] = url.pathname.split('/');
    const name = rest.join('/');
    const fact = byId.get(id);
    const resource = fact?.resources?.[name];
    const context = {
      ...places,
      origin: places.site,
      id,
      site: `${places.site}/${id}/`,
      other: `${places.other}/${id}/`,
    };
    const fill = (text) => text.replace(/\{(site|other|proxy|origin|id)\}/g, (_, key) => context[key]);
    if (name === 'page.html')
      return { status: 200, headers: fillAll(fact.headers ?? {}, fill), ...page(fact, fill, url) };
    const extension = name.split('.').pop() ?? '';
    const body = resource?.body ?? (extension === 'sse' ? 'data: hello\n\n' : '');
    return {
      status: resource?.status ?? 200,
      headers: { 'content-type': contentTypes[extension] ?? 'text/plain', ...fillAll(resource?.headers ?? {}, fill) },
      body: extension === 'png' ? pixel.toString('base64') : Buffer.from(fill(body)).toString('base64'),
    };
  }

  function page(fact, fill, url) {
    const html = `<!doctype html><html><head><base href="${url.href}"><script nonce="prelude">globalThis.places=${JSON.stringify(
      {
        ...places,
        site: `${places.site}/${fact.id}/`,
        other: `${places.other}/${fact.id}/`,
      },
    )};${prelude}</script>${fill(fact.head ?? '')}</head><body>${fill(fact.body ?? '')}</body></html>`;
    return {
      headers: { 'content-type': contentTypes.html, ...fillAll(fact.headers ?? {}, fill) },
      body: Buffer.from(html).toString('base64'),
    };
  }

  /** The proxy's own origin. */
  async function serveProxy(request, response) {
    const url = new URL(request.url, places.proxy);
    const send = (type, body, status = 200) =>
      response.writeHead(status, { 'content-type': contentTypes[type], 'cache-control': 'no-store' }).end(body);
    if (url.pathname === '/start') return send('html', startPage);
    if (url.pathname === '/worker.js') return send('js', workerSource);
    if (url.pathname === '/~/answer') {
      const record = JSON.parse(await readBody(request));
      log.worker.push(record);
      return send('json', JSON.stringify(answer(record.remote)));
    }
    if (url.pathname === '/~/log') {
      const name = url.searchParams.get('name');
      const matching = Object.entries(log).map(([where, records]) => [
        where,
        records.filter((r) => r.url.includes(name)),
      ]);
      return send('json', JSON.stringify(Object.fromEntries(matching)));
    }
    if (url.pathname !== '/favicon.ico')
      log['static host'].push({ url: decodeURIComponent(url.href), method: request.method });
    send('txt', 'nothing here', 404);
  }

  /** Every other host. It answers as the worker would, so that a load that goes past the worker does not fail. */
  function serveWorld(request, response) {
    const url = `http://${request.headers.host}${request.url}`;
    if (!request.url.endsWith('/favicon.ico'))
      log.network.push({ url, method: request.method, headers: request.headers });
    const { status, headers, body } = answer(url);
    response
      .writeHead(status, { ...headers, 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
      .end(Buffer.from(body, 'base64'));
  }

  const handle = (listener) => (request, response) => {
    Promise.resolve(listener(request, response)).catch((error) => response.writeHead(500).end(String(error)));
  };
  const tls = {
    key: readFileSync(path.join(certificates, 'untrusted.key.pem')),
    cert: readFileSync(path.join(certificates, 'untrusted.pem')),
  };
  const servers = [
    createServer(handle(serveProxy)),
    createServer(handle(serveWorld)),
    createSecureServer(tls, handle(serveProxy)),
  ];
  const ports = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push(server.address().port);
  }
  const places = {
    proxy: `http://localhost:${ports[0]}`,
    secureProxy: `https://localhost:${ports[2]}`,
    site: `http://site.test:${ports[1]}`,
    other: `http://other.test:${ports[1]}`,
  };

  return {
    places,
    log,
    /** Forgets what was asked for so far. */
    clearLog() {
      for (const records of Object.values(log)) records.length = 0;
    },
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function fillAll(headers, fill) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const startPage = `<!doctype html><title>start</title><script>
navigator.serviceWorker.register('/worker.js', { scope: '/service/', updateViaCache: 'none' }).then(async (registration) => {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (worker.state !== 'activated') await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
  document.title = 'ready';
}, (error) => { document.title = 'failed: ' + error; });
</script>`;

const workerSource = readFileSync(path.join(import.meta.dirname, 'worker.js'), 'utf8');
const prelude = readFileSync(path.join(import.meta.dirname, 'prelude.js'), 'utf8');
