/** docs/deploy/nginx.conf, with nothing changed but ports and places, between clients and a Bare server. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import http2 from 'node:http2';
import path from 'node:path';
import { expect, it } from 'vitest';
import { certificate, privateKey } from '../support/certificates/secure-test.js';
import {
  freePort,
  listen,
  onCleanup,
  startBareServer,
  startProgram,
  temporaryFolder,
  WebSocket,
  WebSocketServer,
} from './support.mjs';

const documented = readFileSync(path.join(import.meta.dirname, '../../docs/deploy/nginx.conf'), 'utf8');
const body = randomBytes(5_000_000);

function replaceAll(text, replacements) {
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`nginx.conf does not have ${from}.`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function start(options = {}) {
  const origin = http.createServer({ maxHeaderSize: 131072 }, (request, response) => {
    if (request.url === '/big') return void response.end(body);
    if (request.url === '/cookies') {
      return void response
        .writeHead(200, { 'Set-Cookie': Array.from({ length: 20 }, (_, index) => `c${index}=${'v'.repeat(2000)}`) })
        .end('ok');
    }
    let length = 0;
    request.on('data', (chunk) => (length += chunk.length));
    request.on('end', () => response.end(`${request.method} ${length}`));
  });
  new WebSocketServer({ server: origin, path: '/socket' }).on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    socket.on('close', () => undefined);
  });
  const remote = `127.0.0.1:${await listen(origin)}`;
  const entries = [];
  const server = await startBareServer({ trustProxy: ['loopback'], log: (entry) => entries.push(entry), ...options });
  const port = await freePort();
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'cert.pem'), certificate);
  writeFileSync(path.join(folder, 'key.pem'), privateKey);
  const own = replaceAll(documented, [
    ['server 127.0.0.1:8080;', `server 127.0.0.1:${server};`],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`],
    ['listen [::]:443 ssl http2;', ''],
    ['/etc/ssl/culvert/fullchain.pem', path.join(folder, 'cert.pem')],
    ['/etc/ssl/culvert/privkey.pem', path.join(folder, 'key.pem')],
    ['/var/log/nginx/culvert.log', path.join(folder, 'access.log')],
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr error; events {} http { ${temporary.join(' ')}\n${own}\n}`,
  );
  await startProgram('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], port);
  return {
    url: `https://127.0.0.1:${port}/bare/`,
    remote,
    entries,
    log: () => readFileSync(path.join(folder, 'access.log'), 'utf8'),
  };
}

async function send(url, { method = 'GET', headers = {}, upload } = {}) {
  const request = https.request(url, {
    method,
    headers,
    rejectUnauthorized: false,
    agent: false,
    maxHeaderSize: 131072,
  });
  request.end(upload);
  const [response] = await once(request, 'response');
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

const bareHeaders = (remote, more = {}) => ({
  'X-Bare-URL': `http://${remote}`,
  'X-Bare-Headers': JSON.stringify(more),
});
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

it('carries requests, uploads, large bodies and large headers', async () => {
  const { url, remote, entries, log } = await start();
  const simple = await send(`${url}v3/?cache=secret`, { headers: bareHeaders(`${remote}/`) });
  expect([simple.status, simple.body.toString()]).toEqual([200, 'GET 0']);
  const upload = await send(`${url}v3/`, { method: 'POST', headers: bareHeaders(`${remote}/`), upload: body });
  expect(upload.body.toString()).toBe(`POST ${body.length}`);
  const big = await send(`${url}v3/`, { headers: bareHeaders(`${remote}/big`) });
  expect(digest(big.body)).toBe(digest(body));
  const cookies = await send(`${url}v3/`, {
    headers: bareHeaders(`${remote}/cookies`, { Cookie: 'c'.repeat(50_000) }),
  });
  expect(cookies.status).toBe(200);
  expect(Object.keys(cookies.headers).filter((name) => name.startsWith('x-bare-headers-')).length).toBeGreaterThan(10);
  // A client cannot say that it is another one.
  await send(url, { headers: { 'X-Forwarded-For': '9.9.9.9' } });
  expect(new Set(entries.map(({ client }) => client))).toEqual(new Set(['127.0.0.1']));
  expect((await send(new URL('/healthz', url))).body.toString()).toBe('ok\n');
  expect((await send(new URL('/metrics', url))).status).toBe(404);
  await expect.poll(log).toContain('POST 200');
  expect(log()).not.toContain('secret');
});

it('carries requests over HTTP/2', async () => {
  const { url, remote } = await start();
  const session = http2.connect(url, { rejectUnauthorized: false });
  onCleanup(() => session.destroy());
  const stream = session.request({
    ':path': '/bare/v3/',
    'x-bare-url': `http://${remote}/big`,
    'x-bare-headers': '{}',
  });
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  await once(stream, 'end');
  expect(digest(Buffer.concat(chunks))).toBe(digest(body));
});

it('carries WebSockets of v3 and v2', async () => {
  const { url, remote } = await start();
  const options = { rejectUnauthorized: false };
  const v3 = new WebSocket(`${url.replace('https', 'wss')}v3/`, options);
  onCleanup(() => v3.terminate());
  await once(v3, 'open');
  v3.send(
    JSON.stringify({
      type: 'connect',
      remote: `ws://${remote}/socket`,
      protocols: [],
      headers: {},
      forwardHeaders: [],
    }),
  );
  await once(v3, 'message');
  v3.send(body);
  expect(digest((await once(v3, 'message'))[0])).toBe(digest(body));
  v3.close(4001, 'done');
  expect((await once(v3, 'close'))[0]).toBe(4001);

  const [host, port] = remote.split(':');
  const { body: id } = await send(`${url}v2/ws-new-meta`, {
    headers: {
      'X-Bare-Host': host,
      'X-Bare-Port': port,
      'X-Bare-Protocol': 'ws:',
      'X-Bare-Path': '/socket',
      'X-Bare-Headers': '{}',
    },
  });
  const v2 = new WebSocket(`${url.replace('https', 'wss')}v2/`, [id.toString()], options);
  onCleanup(() => v2.terminate());
  await once(v2, 'open');
  v2.send('hello');
  expect((await once(v2, 'message'))[0].toString()).toBe('hello');
});
