/**
 * @module
 * Fetches that have to come out the same through `client.fetch` and the platform's own `fetch`.
 *
 * `serve` is the remote's answer, `request` what is asked; with `redirect`, the first answer leads to `serve`'s.
 */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

const ok = (_request, response) => response.end('ok');
const raw = (text) => (_request, response) => response.socket.end(Buffer.from(text, 'latin1'));

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'post', 'Head', 'delete', 'PROPFIND'].map(
  (method) => ({
    id: `method ${method}`,
    serve: ok,
    request: { method },
  }),
);

const bodies = Object.entries({
  text: { text: 'h\xe4ll\xf6 \u2713' },
  'empty text': { text: '' },
  bytes: { latin1: '\x00\xff\x80' },
  '100 kB': { length: 100_000 },
  parameters: { params: { a: '1 2', '\xe4': '&=' } },
  'a Blob': { blob: '<p>', type: 'text/html' },
  'a Blob without type': { blob: 'x', type: '' },
}).flatMap(([name, body]) =>
  ['POST', 'DELETE'].map((method) => ({ id: `body: ${name}, ${method}`, serve: ok, request: { method, body } })),
);

const statuses = [
  200, 201, 202, 203, 204, 205, 206, 226, 300, 304, 400, 401, 403, 404, 407, 410, 418, 429, 451, 500, 502, 503, 599,
].map((status) => ({
  id: `status ${status}`,
  serve: (_request, response) =>
    response
      .writeHead(status, { 'X-Status': String(status) })
      .end([204, 205, 304].includes(status) ? undefined : 'body'),
}));

const text = 'All work and no play. '.repeat(500);
const encodings = Object.entries({
  gzip: gzipSync(text),
  'x-gzip': gzipSync(text),
  deflate: deflateSync(text),
  br: brotliCompressSync(text),
  identity: Buffer.from(text),
  unknown: Buffer.from(text),
  'gzip, gzip': gzipSync(gzipSync(text)),
}).map(([coding, bytes]) => ({
  id: `encoding ${coding}`,
  serve: (_request, response) =>
    response.writeHead(200, { 'Content-Encoding': coding, 'Content-Length': bytes.length }).end(bytes),
}));

const redirects = [301, 302, 303, 307, 308].flatMap((status) =>
  ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].map((method) => ({
    id: `redirect ${status} ${method}`,
    serve: ok,
    redirect: (target) => (_request, response) => response.writeHead(status, { Location: target.path }).end('moved'),
    request: {
      method,
      body: ['POST', 'PUT'].includes(method) ? { text: 'payload' } : undefined,
      headers: { 'X-Kept': 'yes' },
    },
  })),
);

/** `target` is where the location leads, `url` its whole URL. */
const locations = Object.entries({
  'absolute URL': (target) => target.url,
  'with a fragment': (target) => `${target.path}#there`,
  'with a query': (target) => `${target.path}?a=b&c`,
  'with dots': (target) => `${target.path}x/../y`,
  'with spaces around': (target) => `  ${target.path}  `,
  'with a space in it': (target) => `${target.path}a b`,
  'bytes above ASCII': (target) => `${target.path}\xe4`,
  'UTF-8 bytes': (target) => Buffer.from(`${target.path}\u2713`).toString('latin1'),
  empty: () => '',
  'data:': () => 'data:text/plain,no',
  'not a URL': () => 'http://[',
  'ftp:': () => 'ftp://127.0.0.1/',
}).map(([name, make]) => ({
  id: `location ${name}`,
  serve: (request, response) => response.end(request.url.replace(/^\/r\d+/, '')),
  redirect: (target) => (_request, response) => {
    response.socket.end(
      Buffer.from(
        `HTTP/1.1 302 Found\r\nLocation: ${make(target)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
        'latin1',
      ),
    );
  },
}));

const headersOf = (lines, body = 'ok') =>
  raw(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);

export const fetchCases = [
  ...methods,
  ...bodies,
  ...statuses,
  ...encodings,
  ...redirects,
  ...locations,
  {
    id: 'reason phrase of its own',
    serve: raw('HTTP/1.1 200 Very Fine Indeed\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
  },
  { id: 'no reason phrase', serve: raw('HTTP/1.1 404 \r\nContent-Length: 2\r\nConnection: close\r\n\r\nok') },
  { id: 'repeated headers', serve: headersOf(['X-Multi: 1', 'x-multi: 2', 'Vary: a', 'Vary: b']) },
  { id: 'empty header', serve: headersOf(['X-Empty:', 'X-Space:   a  b  ']) },
  { id: 'bytes above ASCII in a header', serve: headersOf(['X-Latin: \xe4\xf6', 'X-Utf: \xe2\x9c\x93']) },
  {
    id: 'two Set-Cookie',
    serve: headersOf(['Set-Cookie: a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'Set-Cookie: b=2']),
  },
  { id: '10 kB header', serve: headersOf([`X-Long: ${'0123456789'.repeat(1000)}`]) },
  {
    id: 'chunked',
    serve: (_request, response) => void (response.write('one '), setTimeout(() => response.end('two'), 30)),
  },
  { id: 'until the connection closes', serve: raw('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it') },
  { id: 'byte order mark', serve: headersOf(['Content-Type: text/plain'], '\xef\xbb\xbfabc') },
  { id: 'request header values are trimmed', serve: ok, request: { headers: { 'X-Trim': '  a b \t' } } },
  {
    id: 'content type by the caller',
    serve: ok,
    request: { method: 'POST', body: { text: '{}' }, headers: { 'Content-Type': 'application/json' } },
  },
  { id: 'form data', serve: ok, request: { method: 'POST', body: { form: { a: '1', b: '\xe4"\n' } } }, isForm: true },
  { id: 'a body with GET', serve: ok, request: { method: 'GET', body: { text: 'no' } } },
  { id: 'a body with HEAD', serve: ok, request: { method: 'HEAD', body: { text: 'no' } } },
  { id: 'header name that is none', serve: ok, request: { headers: { 'X Y': '1' } } },
  { id: 'header value with a line break', serve: ok, request: { headers: { 'X-Break': 'a\r\nb' } } },
  { id: 'method that is none', serve: ok, request: { method: 'A B' } },
  { id: 'method CONNECT', serve: ok, request: { method: 'CONNECT' } },
  { id: 'method TRACE', serve: ok, request: { method: 'trace' } },
  { id: 'fragment in the URL', serve: ok, change: (url) => `${url}#top` },
  {
    id: 'query in the URL',
    serve: (request, response) => response.end(request.url.replace(/^\/r\d+/, '')),
    change: (url) => `${url}a b?c=\xe4&d='"<>`,
  },
  {
    id: 'credentials in the URL',
    serve: ok,
    change: (url) => url.replace('://', '://user:secret@'),
  },
  { id: 'not a URL', serve: ok, change: () => 'http://[' },
  { id: 'ftp: URL', serve: ok, change: () => 'ftp://127.0.0.1/' },
  {
    id: 'a Request',
    serve: ok,
    request: { method: 'POST', body: { text: 'from a Request' }, headers: { 'X-Own': '1' }, isRequest: true },
  },
  {
    id: 'a Request with PUT and bytes',
    serve: ok,
    request: { method: 'PUT', body: { latin1: '\x00\x01' }, isRequest: true },
  },
  {
    id: 'redirect: error',
    serve: ok,
    redirect: (target) => (_request, response) => response.writeHead(302, { Location: target.path }).end(),
    request: { redirect: 'error' },
  },
  {
    id: 'redirect: manual',
    serve: ok,
    redirect: (target) => (_request, response) => response.writeHead(302, { Location: target.path }).end(),
    request: { redirect: 'manual' },
  },
  { id: 'redirect without location', serve: (_request, response) => response.writeHead(302).end('stay') },
  {
    id: 'twenty redirects',
    serve: ok,
    redirect: (target, state) => (_request, response) =>
      response.writeHead(302, { Location: ++state.count < 20 ? state.path : target.path }).end(),
  },
  {
    id: 'twenty-one redirects',
    serve: ok,
    redirect: (target, state) => (_request, response) =>
      response.writeHead(302, { Location: ++state.count < 21 ? state.path : target.path }).end(),
  },
  {
    id: 'redirect to another origin',
    serve: (_request, response) =>
      response
        .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*' })
        .end('there'),
    redirect: (target) => (_request, response) => response.writeHead(302, { Location: target.url }).end(),
    isTargetElsewhere: true,
    seesHeaders: ['authorization', 'cookie'],
  },
  { id: 'connection refused', serve: ok, change: () => 'http://127.0.0.1:1/' },
  { id: 'no such host', serve: ok, change: () => 'http://no-such-host.invalid/' },
  { id: 'reset before the head', isRace: true, serve: (_request, response) => response.socket.resetAndDestroy() },
  { id: 'cut body', serve: raw('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this') },
  { id: 'cut chunk', serve: raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe') },
  {
    id: 'broken gzip',
    serve: raw(
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\nConnection: close\r\n\r\nnot gzipped!',
    ),
  },
  { id: 'not HTTP', serve: raw('220 smtp.example ESMTP\r\n') },
  { id: 'abort before', serve: ok, request: { abort: 'before' } },
  { id: 'abort while waiting', serve: () => undefined, request: { abort: 300 } },
  {
    id: 'abort in the body',
    serve: (_request, response) => {
      response.write('first');
      const timer = setInterval(() => response.write('more'), 30);
      response.on('close', () => clearInterval(timer));
    },
    request: { abort: 'body' },
  },
  {
    id: 'stream as body',
    engine: 'node',
    serve: ok,
    request: { method: 'POST', body: { stream: ['a', 'b', 'c'], every: 5 }, duplex: 'half' },
  },
];
