/**
 * @module
 * What the remote answers reaches the caller: status, headers, cookies, encodings.
 */
import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { succeeds, valuesOf } from './assertions.mjs';

/** Writes an answer byte by byte: statuses and headers that Node would not send. */
function rawAnswer(lines, body = '') {
  return (request, response) => {
    const head = [...lines, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'].join('\r\n');
    response.socket.end(Buffer.from(`${head}\r\n\r\n${request.method === 'HEAD' ? '' : body}`, 'latin1'));
  };
}

const statuses = [
  [204, 'No Content', false],
  [205, 'Reset Content', false],
  [304, 'Not Modified', false],
  [418, "I'm a teapot", true],
  [404, 'Not Found', true],
  [500, 'Internal Server Error', true],
  [599, 'Network Connect Timeout', true],
  [600, 'Beyond', true],
  [999, 'Request Denied', true],
].map(([status, text, hasBody]) => ({
  id: `status/${status}`,
  row: status >= 600 ? 'statuses 600 and 999' : status === 304 ? 'status 304' : 'statuses 204 to 599',
  async observe(cell) {
    const route = cell.origin.serve((request, response) => {
      const lines = [`HTTP/1.1 ${status} ${text}`, 'X-Kept: yes', 'Connection: close'];
      if (hasBody) lines.push('Content-Length: 4');
      response.socket.end(`${lines.join('\r\n')}\r\n\r\n${hasBody ? 'body' : ''}`);
    });
    return cell.fetch({ url: route.url });
  },
  expect(answer) {
    succeeds(answer);
    assert.equal(answer.status, status);
    assert.equal(answer.statusText, text);
    assert.equal(answer.ok, status < 300);
    assert.equal(answer.hasBody, hasBody);
    assert.equal(answer.text, hasBody ? 'body' : '');
    assert.deepEqual(valuesOf(answer, 'x-kept'), ['yes']);
  },
  // A transport's answer is no Response: it has a status and no more.
  ...(status >= 600 && { clients: ['ours', 'client-2.1.0', 'client-1.1.1'] }),
}));

const text = 'The quick brown fox. '.repeat(200);
const encodings = [
  ['gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['br', brotliCompressSync(text)],
].flatMap(([coding, bytes]) => [
  {
    id: `encoding/${coding}`,
    row: 'content-encoding gzip, deflate, br',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'Content-Encoding': coding, 'Content-Length': bytes.length });
        response.end(bytes);
      });
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(answer.text, text);
      // The caller reads how the body came; what it holds is what is left.
      assert.deepEqual(valuesOf(answer, 'content-encoding'), [coding]);
    },
  },
]);

export const answerCases = [
  ...statuses,
  ...encodings,
  {
    id: 'encoding/two codings',
    row: 'two content-encodings',
    async observe(cell) {
      const bytes = gzipSync(brotliCompressSync(text));
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'br, gzip', 'Content-Length': bytes.length });
        response.end(bytes);
      });
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(answer.text, text);
    },
  },
  {
    id: 'encoding/HEAD with gzip',
    row: 'HEAD with a content-encoding',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': 1234 });
        response.end();
      });
      return cell.fetch({ url: route.url, method: 'HEAD' });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '');
      assert.deepEqual(valuesOf(answer, 'content-length'), ['1234']);
    },
  },
  {
    id: 'response headers/10 kB',
    row: 'response headers over 3072 bytes',
    async observe(cell) {
      const value = '0123456789'.repeat(1000);
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'X-Long': value, 'X-After': 'yes' });
        response.end('ok');
      });
      return { answer: await cell.fetch({ url: route.url }), value };
    },
    expect({ answer, value }) {
      succeeds(answer);
      assert.deepEqual(valuesOf(answer, 'x-long'), [value]);
      assert.deepEqual(valuesOf(answer, 'x-after'), ['yes']);
    },
  },
  {
    id: 'response headers/bytes above ASCII',
    row: 'bytes above ASCII in a response header',
    async observe(cell) {
      const route = cell.origin.serve(rawAnswer(['HTTP/1.1 200 OK', 'X-Latin: caf\xe9', 'X-Utf: \xe2\x9c\x93']));
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      succeeds(answer);
      // One character a byte, as every Headers object has it.
      assert.deepEqual(valuesOf(answer, 'x-latin'), ['caf\xe9']);
      assert.deepEqual(valuesOf(answer, 'x-utf'), ['\xe2\x9c\x93']);
    },
  },
  {
    id: 'response headers/repeated',
    row: 'repeated response headers',
    async observe(cell) {
      const route = cell.origin.serve(
        rawAnswer(['HTTP/1.1 200 OK', 'X-Multi: 1', 'x-multi: 2', 'Content-Type: text/html']),
      );
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(valuesOf(answer, 'x-multi').join(', '), '1, 2');
    },
  },
  {
    id: 'cookies/two with commas',
    row: 'several Set-Cookie, with commas',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'Set-Cookie': ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'b=2; Path=/'] });
        response.end('ok');
      });
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      succeeds(answer);
      assert.deepEqual(valuesOf(answer, 'set-cookie'), ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'b=2; Path=/']);
    },
  },
];
