import net from 'node:net';
import { joinHeaders, parseBareHeaders } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import { exchange, listen, startBareServer, v3Headers } from '../local-servers.test-support.js';
import { mendHead } from './mended-connection.js';

/** Answers every connection with these bytes, then ends it. */
async function startBlunt(answer: string): Promise<{ url: string; count(): number }> {
  let count = 0;
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      count += 1;
      socket.end(answer);
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}/`, count: () => count };
}

it.each<[what: string, answer: string, headers: [string, string][], body: string]>([
  [
    'whose head is cut',
    'HTTP/1.1 280 HELLO\nfoo: 1\nfoo: 2\n',
    [
      ['foo', '1'],
      ['foo', '2'],
    ],
    '',
  ],
  ['whose head is its first line', 'HTTP/1.1 200 OK', [], ''],
  [
    'that says its length twice',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi',
    [['Content-Length', '2']],
    'hi',
  ],
])('passes on an answer %s', async (_what, answer, headers, body) => {
  const [bare, origin] = [await startBareServer(), await startBlunt(answer)];
  const { headers: outer, ...got } = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
  const json = joinHeaders(Object.entries(outer) as [string, string][], 'x-bare-headers')!;
  expect([parseBareHeaders(json), got.body, origin.count()]).toEqual([headers, body, 2]);
});

it.each<[what: string, answer: string, method: string]>([
  ['that says two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!', 'GET'],
  ['that is no HTTP', 'SSH-2.0-OpenSSH\r\n', 'GET'],
])('refuses an answer %s', async (_what, answer, method) => {
  const [bare, origin] = [await startBareServer(), await startBlunt(answer)];
  const { status } = await exchange(`${bare}v3/`, { method, headers: v3Headers(origin.url) });
  expect(status).toBeGreaterThanOrEqual(400);
});

it('sends what does something but once', async () => {
  const [bare, origin] = [await startBareServer(), await startBlunt('HTTP/1.1 200 OK\nfoo: 1\n')];
  await exchange(`${bare}v3/`, { method: 'POST', headers: v3Headers(origin.url) });
  expect(origin.count()).toBe(1);
});

it('leaves a head as it is that is right', () => {
  expect(mendHead('HTTP/1.1 200 OK\r\nA: 1')).toBe('HTTP/1.1 200 OK\r\nA: 1\r\n\r\n');
});
