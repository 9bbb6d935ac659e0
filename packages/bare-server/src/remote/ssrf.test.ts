/** What the server must not be talked into connecting to, in every version and over every way there is. */
import { once } from 'node:events';
import http from 'node:http';
import { encodeSubprotocol, parseSocketFailure } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createBareServer } from '../index.js';
import { exchange, listen, onCleanup, startBareServer, v3Headers } from '../local-servers.test-support.js';
import { forbiddenHosts, invalidHosts, lookupInternal } from './ssrf-targets.test-support.js';

const guarded = { upstream: { allowPrivate: false, lookup: lookupInternal } };

function partsHeaders(host: string, protocol = 'http:'): Record<string, string> {
  return {
    'X-Bare-Host': latin1(host),
    'X-Bare-Port': '80',
    'X-Bare-Protocol': protocol,
    'X-Bare-Path': '/',
    'X-Bare-Headers': '{}',
  };
}

/** A header carries bytes; what is beyond them reaches a server percent-encoded. */
function latin1(host: string): string {
  return host.replace(/[\u0100-\u{10ffff}]/gu, encodeURIComponent);
}

async function refusal(
  bare: string,
  version: string,
  protocols: string[] = [],
): Promise<{ status: number; body: string }> {
  const request = http.request(`${bare}${version}/`, {
    agent: false,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol': protocols.join(', '),
    },
  });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode!, body };
}

it('has more than sixty spellings', () => {
  expect(new Set(forbiddenHosts).size).toBeGreaterThan(60);
});

it.each(forbiddenHosts)('refuses %s over HTTP, WebSocket and CONNECT', async (host) => {
  const bare = await startBareServer(guarded);
  const blocked = { status: 403, body: expect.stringContaining('"IMPL_BLOCKED_ADDRESS"') as string };

  expect(await exchange(`${bare}v3/`, { headers: v3Headers(`http://${latin1(host)}/`) })).toMatchObject(blocked);
  expect(await exchange(`${bare}v3/`, { headers: v3Headers(`https://${latin1(host)}:8443/`) })).toMatchObject(blocked);
  expect(await exchange(`${bare}v2/`, { headers: partsHeaders(host) })).toMatchObject(blocked);
  const v1 = { ...partsHeaders(host), 'X-Bare-Forward-Headers': '[]' };
  expect(await exchange(`${bare}v1/`, { headers: v1 })).toMatchObject(blocked);

  const remote = { host, port: 80, protocol: 'ws:', path: '/' };
  const request = encodeSubprotocol(
    JSON.stringify({ remote: { ...remote, host: latin1(host) }, headers: {}, forward_headers: [] }),
  );
  expect(await refusal(bare, 'v1', ['bare', request])).toMatchObject(blocked);
  const { body: id } = await exchange(`${bare}v2/ws-new-meta`, { headers: partsHeaders(host, 'ws:') });
  expect(await refusal(bare, 'v2', [id])).toMatchObject(blocked);

  const socket = new WebSocket(`${bare.replace('http', 'ws')}v3/`);
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
  socket.send(
    JSON.stringify({ type: 'connect', remote: `ws://${host}/`, protocols: [], headers: {}, forwardHeaders: [] }),
  );
  const [, reason] = (await once(socket, 'close')) as [number, Buffer];
  expect(parseSocketFailure(reason.toString())).toMatchObject({ code: 'IMPL_BLOCKED_ADDRESS' });

  const server = createBareServer(guarded);
  onCleanup(() => void server.close());
  await expect(server.openConnection(host, 443)).rejects.toMatchObject({ code: 'IMPL_BLOCKED_ADDRESS' });
});

it.each(invalidHosts)('has no use for %s', async (host) => {
  const bare = await startBareServer(guarded);
  for (const [version, headers] of [
    ['v3', v3Headers(`http://${host}/`)],
    ['v2', partsHeaders(host)],
  ] as const) {
    const { status, body } = await exchange(`${bare}${version}/`, { headers });
    expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([400, 'INVALID_BARE_HEADER']);
  }
  const server = createBareServer(guarded);
  onCleanup(() => void server.close());
  await expect(server.openConnection(host, 443)).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
});

it('beats a resolver that answers otherwise the second time', async () => {
  // The one address is allowed, the other is not; both have an origin, so that a connection would be seen.
  const reached: string[] = [];
  const port = await listen(
    http.createServer((request, response) => {
      reached.push(request.socket.localAddress ?? '');
      response.setHeader('Connection', 'close');
      response.end('ok');
    }),
    '0.0.0.0',
  );
  let lookups = 0;
  const bare = await startBareServer({
    upstream: {
      allowPrivate: false,
      allow: ['127.0.0.1'],
      lookup: (_host, callback) => callback(null, [{ address: lookups++ % 2 ? '127.0.0.2' : '127.0.0.1', family: 4 }]),
    },
  });
  const statuses = [];
  for (let index = 0; index < 20; index++) {
    const { status } = await exchange(`${bare}v3/`, { headers: v3Headers(`http://rebind.test:${port}/`) });
    statuses.push(status);
  }
  expect(statuses).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 ? 403 : 200)));
  expect(lookups).toBe(20);
  expect(new Set(reached)).toEqual(new Set(['127.0.0.1']));
});
