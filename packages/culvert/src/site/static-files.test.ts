import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createServer, type Server } from '@culvert/bare-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bootstrapHeaders, sendBootstrapPage } from './bootstrap-page.js';
import { sendText } from './respond.js';
import { createStaticFile, readStaticFolder, sendStaticFile } from './static-files.js';

interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

let folder: string;
let server: Server;
let port: number;
const script = `console.log(${JSON.stringify('x'.repeat(2000))})\n`;

function send(urlPath: string, { method = 'GET', headers = {} } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // `fetch` would normalise the path.
    const outgoing = httpRequest({ host: '127.0.0.1', port, path: urlPath, method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject).end();
  });
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'culvert-static-'));
  mkdirSync(path.join(folder, 'public', 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  writeFileSync(path.join(folder, 'public', 'index.html'), '<!doctype html>start');
  writeFileSync(path.join(folder, 'public', 'assets', 'a.js'), script);
  const files = readStaticFolder(path.join(folder, 'public'), (urlPath) => ({
    'cache-control': urlPath.startsWith('/assets/') ? 'immutable' : 'no-cache',
  }));
  const bootstrap = createStaticFile(Buffer.from('<!doctype html>bootstrap'), bootstrapHeaders);
  server = createServer({
    request(request, response) {
      const file = files.get(request.url ?? '');
      if (request.url?.startsWith('/service/')) void sendBootstrapPage(bootstrap, request, response);
      else if (file) void sendStaticFile(file, request, response);
      else sendText(request, response, 404, 'nothing');
    },
  });
  ({ port } = await server.listen({ host: '127.0.0.1', port: 0 }));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

it('serves files with their types and headers', async () => {
  const answer = await send('/assets/a.js');
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'immutable',
    'content-length': String(script.length),
    'x-content-type-options': 'nosniff',
  });
  expect(answer.body.toString()).toBe(script);
});

it('serves index.html for its folder', async () => {
  expect((await send('/')).body.toString()).toBe('<!doctype html>start');
  expect((await send('/index.html')).status).toBe(200);
});

it.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//etc/passwd',
  '/assets/',
  '/assets',
])('finds nothing at %s', async (urlPath) => {
  const answer = await send(urlPath);
  expect(answer.status).toBe(404);
  expect(answer.body.toString()).not.toContain('secret');
});

it('answers HEAD with the headers alone', async () => {
  const answer = await send('/assets/a.js', { method: 'HEAD' });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-length']).toBe(String(script.length));
  expect(answer.body).toHaveLength(0);
});

it('answers other methods with 405 and what is allowed', async () => {
  const answer = await send('/', { method: 'POST' });
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
});

it('answers 304 when the version is known, whatever its coding was', async () => {
  const plain = await send('/assets/a.js');
  const gzipped = await send('/assets/a.js', { headers: { 'accept-encoding': 'gzip' } });
  expect(gzipped.headers.etag).toBe(`W/${plain.headers.etag}`);
  for (const etag of [plain.headers.etag, gzipped.headers.etag, `"other", ${plain.headers.etag}`]) {
    const answer = await send('/assets/a.js', { headers: { 'if-none-match': etag as string } });
    expect(answer.status).toBe(304);
    expect(answer.body).toHaveLength(0);
  }
  expect((await send('/assets/a.js', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
});

it('compresses as the client accepts it', async () => {
  const gzipped = await send('/assets/a.js', { headers: { 'accept-encoding': 'gzip, deflate' } });
  expect(gzipped.headers['content-encoding']).toBe('gzip');
  expect(gzipped.headers.vary).toBe('accept-encoding');
  expect(gunzipSync(gzipped.body).toString()).toBe(script);
  const brotli = await send('/assets/a.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(brotliDecompressSync(brotli.body).toString()).toBe(script);
  const refused = await send('/assets/a.js', { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
  expect(refused.headers['content-encoding']).toBeUndefined();
});

it('answers navigations below the scope with the bootstrap page, never cached', async () => {
  for (const destination of ['document', 'iframe', '']) {
    const headers = destination ? { 'sec-fetch-dest': destination } : {};
    const answer = await send('/service/html/https%3A%2F%2Fexample.com%2F', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body.toString()).toContain('bootstrap');
  }
});

it('answers subresources below the scope with 404 instead of HTML', async () => {
  const answer = await send('/service/js/x', { headers: { 'sec-fetch-dest': 'script' } });
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toContain('text/plain');
});

it('turns a form sent below the scope into a visit', async () => {
  const answer = await send('/service/html/x', { method: 'POST' });
  expect(answer.status).toBe(303);
  expect(answer.headers.location).toBe('/service/html/x');
});

it('takes long URLs and headers', async () => {
  const answer = await send(`/service/html/${'a'.repeat(100_000)}`, { headers: { 'x-long': 'b'.repeat(100_000) } });
  expect(answer.status).toBe(200);
});

it.each([
  ['bytes=0-8', 206, '<!doctype', 'bytes 0-8/20'],
  ['bytes=-5', 206, 'start', 'bytes 15-19/20'],
  ['bytes=15-', 206, 'start', 'bytes 15-19/20'],
  ['bytes=20-', 416, '', 'bytes */20'],
  ['bytes=0-1,3-4', 200, '<!doctype html>start', undefined],
  ['bytes=5-1', 200, '<!doctype html>start', undefined],
])('answers %s with %i', async (range, status, text, contentRange) => {
  const { headers, body, ...answer } = await send('/', { headers: { range } });
  expect([answer.status, body.toString(), headers['content-range'], headers['accept-ranges']]).toEqual([
    status,
    text,
    contentRange,
    'bytes',
  ]);
});

it('sends a range of the file as it is, and the whole of one that has changed', async () => {
  const { headers } = await send('/assets/a.js');
  const part = await send('/assets/a.js', {
    headers: { range: 'bytes=0-6', 'accept-encoding': 'br', 'if-range': headers.etag! },
  });
  expect([part.status, part.body.toString(), part.headers['content-encoding']]).toEqual([206, 'console', undefined]);
  expect((await send('/assets/a.js', { headers: { range: 'bytes=0-6', 'if-range': '"old"' } })).status).toBe(200);
});
