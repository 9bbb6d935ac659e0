/**
 * Serves the pages of this folder, at any host name: to a browser of yours by `node test/platform/serve.mjs [port]`, and to the spec.
 *
 * - `/<interface>/`  the page of an interface, and the files beside it
 * - `/~/answer`      what the query says: `type`, `status`, `body`, and every other name as a header
 * - `/~/echo`        what was asked, as JSON
 * - `/~/redirect`    to the query's `to`, with its `status`
 * - `/~/kept`        what was posted to it with the same query; once, and as soon as it is there
 * - `/~/events`      a stream of events
 * - `/~/socket`      a WebSocket that says what it was asked with, and then all that it is told
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

// That of the project, not what a package of the test tree brings.
const { WebSocketServer } = createRequire(new URL('../../package.json', import.meta.url))('ws');

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.xml': 'text/xml',
};
const kept = new Map();
const waiting = new Map();

const describe = ({ method, headers }, url, body) => ({
  method,
  path: url.pathname + url.search,
  body,
  ...Object.fromEntries(
    [
      'host',
      'origin',
      'referer',
      'cookie',
      'content-type',
      'x-own',
      'sec-fetch-site',
      'sec-fetch-mode',
      'sec-fetch-dest',
    ]
      .filter((name) => name in headers)
      .map((name) => [
        name,
        name === 'host' ? headers.host.replace(/:\d+/, '') : headers[name].replaceAll(headers.host, 'host'),
      ]),
  ),
});

/** A body of a form has a boundary that is made up by the browser. */
async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('latin1');
  const boundary = /boundary=(.+)/.exec(request.headers['content-type'] ?? '')?.[1];
  if (!boundary) return text;
  request.headers['content-type'] = 'multipart/form-data';
  return text.replaceAll(boundary, 'boundary');
}

const routes = {
  async answer(request, response, url) {
    const { type = 'text/plain', status = '200', body = '', ...headers } = Object.fromEntries(url.searchParams);
    response.writeHead(Number(status), { 'content-type': type, ...headers }).end(body);
  },
  async echo(request, response, url) {
    const body = JSON.stringify(describe(request, url, await bodyOf(request)));
    const isPage = request.headers['sec-fetch-mode'] === 'navigate';
    response.writeHead(200, {
      'content-type': isPage ? types['.html'] : 'application/json',
      'access-control-allow-origin': '*',
    });
    response.end(
      isPage
        ? `<!doctype html><link rel=icon href=data:,><title>Echo</title><script type=text/plain id=asked>${body.replaceAll('<', '\\u003c')}</script><script>(opener || parent).postMessage(document.getElementById('asked').text, '*')</script>`
        : body,
    );
  },
  async redirect(request, response, url) {
    response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: url.searchParams.get('to') }).end();
  },
  async kept(request, response, url) {
    const name = url.search;
    if (request.method === 'POST') {
      const value = JSON.stringify(describe(request, url, await bodyOf(request)));
      if (waiting.has(name)) waiting.get(name)(value);
      else kept.set(name, value);
      return void response.writeHead(204).end();
    }
    const value = kept.get(name) ?? (await new Promise((resolve) => waiting.set(name, resolve)));
    kept.delete(name);
    waiting.delete(name);
    response.writeHead(200, { 'content-type': 'application/json' }).end(value);
  },
  async events(request, response, url) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' });
    const last = request.headers['last-event-id'] ?? 'none';
    response.end(`retry: 20\nid: 7\nevent: own\ndata: first\ndata: ${last}\n\ndata: ${url.search}\n\n`);
  },
};

async function serveFile(response, url) {
  const name = url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname;
  const file = path.join(import.meta.dirname, path.normalize(name));
  const type = types[path.extname(file)];
  if (!type || !file.startsWith(import.meta.dirname)) return void response.writeHead(404).end('nothing');
  try {
    const text = await readFile(file);
    response
      .writeHead(200, {
        'content-type': type,
        'access-control-allow-origin': '*',
        'last-modified': 'Sat, 21 Nov 2026 08:00:00 GMT',
      })
      .end(text);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing');
  }
}

const server = createServer((request, response) => {
  response.setHeader('cache-control', 'no-store');
  const url = new URL(request.url, 'http://host');
  const route = url.pathname.startsWith('/~/') ? routes[url.pathname.slice(3)] : undefined;
  const answer = route ? route(request, response, url) : serveFile(response, url);
  answer.catch((error) => response.destroy(error));
});

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => (offered.has('second') ? 'second' : false),
});
server.on('upgrade', (request, socket, head) => {
  const url = new URL(request.url, 'http://host');
  if (url.pathname !== '/~/socket') return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    webSocket.send(JSON.stringify(describe(request, url, '')));
    webSocket.on('message', (data, isBinary) => {
      if (String(data) === 'close') webSocket.close(4001, 'as told');
      else webSocket.send(data, { binary: isBinary });
    });
  });
});

const port = process.send ? 0 : Number(process.argv[2] ?? 0);
server.listen(port, '127.0.0.1', () => {
  const { port: chosen } = server.address();
  if (process.send) process.send({ port: chosen });
  else console.log(`http://platform.localhost:${chosen}/location/, and so on for each folder of test/platform`);
});
