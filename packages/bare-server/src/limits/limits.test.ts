/** What one client may have, and how long anything may take. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  exchange,
  onCleanup,
  open,
  startBareServer,
  startOrigin,
  startRawOrigin,
  v3Headers,
  type Exchange,
} from '../local-servers.test-support.js';

function errorOf({ status, headers, body }: Exchange): unknown[] {
  const { code, id } = JSON.parse(body) as { code: string; id: string };
  return [status, code, id, headers['access-control-allow-origin']];
}

/** An origin that answers when it is told to. */
async function startPatientOrigin(): Promise<{ url: string; waiting: http.ServerResponse[] }> {
  const waiting: http.ServerResponse[] = [];
  const url = await startOrigin((_request, response) => void waiting.push(response));
  return { url, waiting };
}

it('answers 429 to more requests at a time than a client may have, until one is over', async () => {
  const { url, waiting } = await startPatientOrigin();
  const bare = await startBareServer({ maxRequestsPerClient: 2 });
  const send = (): Promise<Exchange> => exchange(`${bare}v3/`, { headers: v3Headers(url) });
  const first = [send(), send()];
  await expect.poll(() => waiting.length).toBe(2);
  const third = await send();
  expect(errorOf(third)).toEqual([429, 'IMPL_TOO_MANY_REQUESTS', 'request', '*']);
  expect(third.headers['retry-after']).toBe('1');
  for (const response of waiting.splice(0)) response.end('ok');
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  const again = send();
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]!.end();
  expect((await again).status).toBe(200);
});

it('counts the clients of a trusted proxy one by one', async () => {
  const { url, waiting } = await startPatientOrigin();
  const bare = await startBareServer({ maxRequestsPerClient: 1, maxConnectionsPerClient: 1, trustProxy: ['loopback'] });
  const send = (client: string): Promise<Exchange> =>
    exchange(`${bare}v3/`, { headers: { ...v3Headers(url), 'X-Forwarded-For': client } });
  const answers = [send('9.9.9.1'), send('9.9.9.2')];
  await expect.poll(() => waiting.length).toBe(2);
  expect((await send('9.9.9.1')).status).toBe(429);
  for (const response of waiting) response.end();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
});

it('answers 429 on more connections than a client may have, until one is closed', async () => {
  const bare = await startBareServer({ maxConnectionsPerClient: 2 });
  const agents = [1, 2, 3].map(() => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  onCleanup(() => agents.forEach((agent) => agent.destroy()));
  expect((await exchange(bare, { agent: agents[0]! })).status).toBe(200);
  expect((await exchange(bare, { agent: agents[1]! })).status).toBe(200);
  expect(errorOf(await exchange(bare, { agent: agents[2]! }))[1]).toBe('IMPL_TOO_MANY_REQUESTS');
  expect((await exchange(bare, { agent: agents[0]! })).status).toBe(200);
  agents[0]!.destroy();
  agents[2]!.destroy();
  await expect.poll(async () => (await exchange(bare)).status).toBe(200);
});

it('counts WebSockets as requests, and forgets them when they close', async () => {
  const bare = await startBareServer({ maxRequestsPerClient: 1 });
  const url = `${bare.replace('http', 'ws')}v3/`;
  const first = new WebSocket(url);
  onCleanup(() => first.terminate());
  await once(first, 'open');
  const second = new WebSocket(url);
  second.on('error', () => undefined);
  const [, response] = (await once(second, 'unexpected-response')) as [unknown, http.IncomingMessage];
  expect(response.statusCode).toBe(429);
  second.terminate();
  first.close();
  await expect.poll(async () => (await exchange(bare)).status).toBe(200);
});

it('refuses a body that is announced too large before anything is sent, and one that grows too large', async () => {
  const origin = await startRawOrigin(() => undefined);
  const bare = await startBareServer({ maxBodySize: 100_000 });
  const headers = v3Headers(origin.url);
  const announced = await exchange(`${bare}v3/`, { method: 'POST', headers }, Buffer.alloc(100_001));
  expect(errorOf(announced)).toEqual([413, 'IMPL_BODY_TOO_LARGE', 'request.body', '*']);
  expect(origin.received()).toBe('');
  const request = http.request(`${bare}v3/`, { method: 'POST', headers, agent: false });
  request.on('error', () => undefined);
  request.write(Buffer.alloc(60_000));
  request.write(Buffer.alloc(60_000));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(response.statusCode).toBe(413);
});

it('gives up an answer that stops moving, and one that goes on slowly it does not', async () => {
  const stalled = await startRawOrigin('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
  const bare = await startBareServer({ idleTimeout: 200 });
  const response = await open(`${bare}v3/`, { headers: v3Headers(stalled.url) });
  response.resume();
  await expect(once(response, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });

  const slow = await startOrigin((_request, answer) => {
    let left = 10;
    const timer = setInterval(() => {
      answer.write('.');
      if (--left > 0) return;
      clearInterval(timer);
      answer.end();
    }, 40);
  });
  expect((await exchange(`${bare}v3/`, { headers: v3Headers(slow) })).body).toBe('..........');
});

it('gives up a client that stops uploading', async () => {
  const origin = await startRawOrigin(() => undefined);
  const bare = await startBareServer({ idleTimeout: 100 });
  const request = http.request(`${bare}v3/`, {
    method: 'POST',
    headers: { ...v3Headers(origin.url), 'Content-Length': 1_000_000 },
    agent: false,
  });
  request.on('error', () => undefined);
  request.write('part');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(response.statusCode).toBe(500);
  let body = '';
  for await (const chunk of response) body += String(chunk);
  expect(body).toContain('CONNECTION_TIMEOUT');
});

it('takes 64 KiB of headers, and more', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  const headers = v3Headers(origin.url, { Cookie: 'x'.repeat(100 * 1024) });
  expect((await exchange(`${bare}v3/`, { headers })).status).toBe(200);
});

it('closes a WebSocket with 1009 over a message that is too large, either way', async () => {
  const bare = await startBareServer({ maxMessageSize: 1000 });
  const client = new WebSocket(`${bare.replace('http', 'ws')}v3/`);
  onCleanup(() => client.terminate());
  await once(client, 'open');
  client.send('x'.repeat(1001));
  const [code] = (await once(client, 'close')) as [number];
  expect(code).toBe(1009);
});

it('forgets a client when it has nothing open', async () => {
  const bare = await startBareServer();
  const metrics = new URL('/metrics', bare).href;
  const socket = net.connect(Number(new URL(bare).port), '127.0.0.1');
  socket.write('GET /bare/ HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  expect((await exchange(metrics)).body).toContain('culvert_clients_active 1');
  socket.destroy();
  await expect.poll(async () => (await exchange(metrics)).body).toContain('culvert_clients_active 0');
});
