/** Who is let in: tokens, origins, and which client a request is from. */
import { once } from 'node:events';
import type http from 'node:http';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createBareServer, type LogEntry } from '../index.js';
import {
  exchange,
  onCleanup,
  startBareServer,
  startOrigin,
  startRawOrigin,
  v3Headers,
} from '../local-servers.test-support.js';

const token = 'correct-horse_battery.staple';

function codeOf(body: string): string {
  return (JSON.parse(body) as { code: string }).code;
}

it('wants the token in a header or in the URL, and forwards it to nobody', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer({ token });
  const headers = { ...v3Headers(origin.url), 'X-Bare-Forward-Headers': 'authorization' };
  for (const [path, more, status] of [
    ['v3/', {}, 401],
    ['', {}, 401],
    ['v3/', { Authorization: 'Bearer wrong-token' }, 401],
    ['v3/', { Authorization: `Basic ${token}` }, 401],
    ['wrong-token/v3/', {}, 401],
    [`${token}x/v3/`, {}, 401],
    ['v3/', { Authorization: `Bearer ${token}` }, 200],
    [`${token}/v3/`, {}, 200],
    [`${token}/`, {}, 200],
  ] as const) {
    const answer = await exchange(bare + path, { headers: { ...headers, ...more } });
    expect([path, answer.status]).toEqual([path, status]);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    if (status === 401) {
      expect(codeOf(answer.body)).toBe('IMPL_UNAUTHORIZED');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.body).not.toContain(token);
    }
  }
  expect(origin.received()).not.toContain(token);
  expect(origin.received().match(/GET \/ /g)).toHaveLength(2);
});

it("forwards a page's own Authorization past a token in the URL", async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer({ token });
  await exchange(`${bare}${token}/v3/`, {
    headers: {
      ...v3Headers(origin.url),
      'X-Bare-Forward-Headers': 'authorization',
      Authorization: 'Bearer of-the-page',
    },
  });
  expect(origin.received().toLowerCase()).toContain('authorization: bearer of-the-page');
});

it('wants the token for WebSockets too, and answers preflights without it', async () => {
  const bare = await startBareServer({ token });
  const denied = new WebSocket(`${bare.replace('http', 'ws')}v3/`);
  onCleanup(() => denied.terminate());
  const [, response] = (await once(denied, 'unexpected-response')) as [unknown, http.IncomingMessage];
  expect(response.statusCode).toBe(401);
  denied.on('error', () => undefined);
  const admitted = new WebSocket(`${bare.replace('http', 'ws')}${token}/v3/`);
  onCleanup(() => admitted.terminate());
  await once(admitted, 'open');
  expect((await exchange(`${bare}v3/`, { method: 'OPTIONS' })).status).toBe(200);
});

it('tells whether a token is right for what is no Bare request', () => {
  const server = createBareServer({ token });
  expect([server.isRightToken(token), server.isRightToken(`${token} `), server.isRightToken('')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(createBareServer().isRightToken('anything')).toBe(true);
});

it('serves pages of the origins on the list and those of its own', async () => {
  const bare = await startBareServer({ allowOrigins: ['https://app.example'] });
  expect((await exchange(bare, { headers: { Origin: 'https://app.example' } })).status).toBe(200);
  expect((await exchange(bare)).status).toBe(200);
  for (const Origin of ['https://other.example', 'http://app.example', 'https://app.example:444', 'null']) {
    const answer = await exchange(bare, { headers: { Origin } });
    expect([answer.status, codeOf(answer.body)]).toEqual([403, 'IMPL_ORIGIN_NOT_ALLOWED']);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  }
  const socket = new WebSocket(`${bare.replace('http', 'ws')}v3/`, { origin: 'https://other.example' });
  onCleanup(() => socket.terminate());
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
  expect(response.statusCode).toBe(403);
  socket.on('error', () => undefined);
});

it.each([
  [[], '9.9.9.9', '127.0.0.1'],
  [['loopback'], '9.9.9.9', '9.9.9.9'],
  [['127.0.0.1'], '1.1.1.1, 9.9.9.9', '9.9.9.9'],
  [['loopback', '9.9.9.0/24'], '1.1.1.1, 8.8.8.8, 9.9.9.9', '8.8.8.8'],
  [['loopback', '9.9.9.0/24'], '9.9.9.1, 9.9.9.9', '9.9.9.1'],
  [['loopback'], 'nonsense, 9.9.9.9', '9.9.9.9'],
  [['loopback'], '9.9.9.9, nonsense', '127.0.0.1'],
  [['loopback'], '9.9.9.9:1234', '9.9.9.9'],
  [['loopback'], '[2001:db8:1:2:3::4]:1234', '2001:db8:1:2::/64'],
  [['loopback'], '2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  [['loopback'], '::ffff:9.9.9.9', '9.9.9.9'],
  [['10.0.0.0/8'], '9.9.9.9', '127.0.0.1'],
])('trusting %j, X-Forwarded-For: %s is from %s', async (trustProxy, forwarded, client) => {
  const entries: LogEntry[] = [];
  const bare = await startBareServer({ trustProxy, log: (entry) => entries.push(entry) });
  await exchange(bare, { headers: { 'X-Forwarded-For': forwarded } });
  await expect.poll(() => entries.map((entry) => entry.client)).toEqual([client]);
});

it('refuses options that would not do what they say', () => {
  for (const [options, code] of [
    [{ token: 'short' }, 'BARE_SERVER_BAD_TOKEN'],
    [{ token: 'with/slash-in-it' }, 'BARE_SERVER_BAD_TOKEN'],
    [{ allowOrigins: ['app.example'] }, 'BARE_SERVER_BAD_ORIGIN'],
    [{ allowOrigins: ['https://app.example/'] }, 'BARE_SERVER_BAD_ORIGIN'],
    [{ trustProxy: ['proxy.example'] }, 'BARE_SERVER_BAD_TRUST_PROXY'],
    [{ trustProxy: ['10.0.0.0/40'] }, 'BARE_SERVER_BAD_TRUST_PROXY'],
    [{ maxBodySize: 0 }, 'BARE_SERVER_BAD_LIMIT'],
    [{ idleTimeout: Number.NaN }, 'BARE_SERVER_BAD_LIMIT'],
  ] as const) {
    expect(() => createBareServer(options)).toThrow(expect.objectContaining({ code }));
  }
});

it('keeps the token out of what it says when a remote fails', async () => {
  const origin = await startOrigin((request) => request.socket.destroy());
  const bare = await startBareServer({ token });
  const { body } = await exchange(`${bare}${token}/v3/`, { headers: v3Headers(origin) });
  expect(codeOf(body)).toBe('CONNECTION_RESET');
  expect(body).not.toContain(token);
});
