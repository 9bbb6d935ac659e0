/** Logs, health, metrics and shutdown, through a whole server. */
import { once } from 'node:events';
import http from 'node:http';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createBareServer, httpServerOptions, jsonLog, type BareServer, type LogEntry } from '../index.js';
import {
  exchange,
  listen,
  onCleanup,
  open,
  startBareServer,
  startOrigin,
  v3Headers,
} from '../local-servers.test-support.js';
import { sumMetrics } from './metrics.js';

async function startWithHandle(options = {}): Promise<{ server: BareServer; url: string }> {
  const server = createBareServer({ upstream: { allowPrivate: true }, ...options });
  onCleanup(() => void server.close());
  const listener = http.createServer(httpServerOptions, (request, response) => server.routeRequest(request, response));
  listener.on('upgrade', (request, socket, head) => server.routeUpgrade(request, socket, head));
  return { server, url: `http://127.0.0.1:${await listen(listener)}/bare/` };
}

it('logs each request once, without anything that could be secret', async () => {
  const lines: string[] = [];
  const origin = await startOrigin((_request, response) => response.end('ok'));
  const bare = await startBareServer({
    log: jsonLog({ write: (text) => lines.push(text) }),
    token: 'token-of-the-owner',
  });
  const headers = v3Headers(`${origin}/path-secret?query-secret#fragment-secret`, { Cookie: 'cookie-secret' });
  await exchange(`${bare}token-of-the-owner/v3/?cache=cache-secret`, { headers });
  await exchange(`${bare}v3/`, { headers: { ...headers, Authorization: 'Bearer wrong-secret' } });
  await expect.poll(() => lines.length).toBe(2);
  expect(lines.join('')).not.toMatch(/secret|token-of/);
  const [first, second] = lines.map((line) => JSON.parse(line) as LogEntry);
  expect(first).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    event: 'request',
    client: '127.0.0.1',
    method: 'GET',
    version: 'v3',
    remote: origin,
    status: 200,
    milliseconds: expect.any(Number) as number,
  });
  expect(second).toMatchObject({ status: 401, error: 'IMPL_UNAUTHORIZED' });
});

it('logs WebSockets when they are over, with what became of them', async () => {
  const entries: LogEntry[] = [];
  const bare = await startBareServer({ log: (entry) => entries.push(entry), upstream: { allowPrivate: false } });
  const socket = new WebSocket(`${bare.replace('http', 'ws')}v3/`);
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
  socket.send(
    JSON.stringify({
      type: 'connect',
      remote: 'ws://10.0.0.1/?secret',
      protocols: [],
      headers: {},
      forwardHeaders: [],
    }),
  );
  await expect
    .poll(() => entries)
    .toMatchObject([{ event: 'websocket', version: 'v3', remote: 'ws://10.0.0.1', error: 'IMPL_BLOCKED_ADDRESS' }]);
});

it('logs a client that goes away before its answer', async () => {
  const entries: LogEntry[] = [];
  const origin = await startOrigin(() => request.destroy());
  const bare = await startBareServer({ log: (entry) => entries.push(entry) });
  const request = http.request(`${bare}v3/`, { headers: v3Headers(origin), agent: false });
  request.on('error', () => undefined);
  request.end();
  await expect.poll(() => entries).toMatchObject([{ status: 499, remote: origin }]);
});

it('says that it is well', async () => {
  const bare = await startBareServer();
  expect(await exchange(new URL('/healthz', bare).href)).toMatchObject({ status: 200, body: 'ok\n' });
  expect((await exchange(new URL('/healthz', bare).href, { method: 'POST' })).status).toBe(405);
  const without = await startBareServer({ healthPath: null, metricsPath: null });
  for (const path of ['/healthz', '/metrics']) expect((await exchange(new URL(path, without).href)).status).toBe(418);
});

it('gives metrics in the format of Prometheus', async () => {
  const origin = await startOrigin((_request, response) => response.end('ok'));
  const bare = await startBareServer();
  await exchange(`${bare}v3/`, { headers: v3Headers(origin) });
  await exchange(`${bare}v3/`, { headers: v3Headers('ftp://a/') });
  const metrics = new URL('/metrics', bare).href;
  await expect.poll(async () => (await exchange(metrics)).body).toContain('culvert_request_duration_seconds_count 2');
  const { headers, body } = await exchange(metrics);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('# TYPE culvert_requests_total counter\n');
  expect(body).toContain('\nculvert_requests_total{version="v3",status="200"} 1\n');
  expect(body).toContain('\nculvert_requests_total{version="v3",status="400"} 1\n');
  expect(body).toContain('\nculvert_errors_total{code="INVALID_BARE_HEADER"} 1\n');
  expect(body).toContain('\nculvert_requests_active 0\n');
  expect(body).toContain('\nculvert_request_duration_seconds_bucket{le="+Inf"} 2\n');
  for (const line of body.trimEnd().split('\n')) {
    expect(line).toMatch(
      /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\})? [\d.e+-]+)$/,
    );
  }
});

it('shows metrics to this machine, or to those who have the token for them', async () => {
  const open = new URL('/metrics', await startBareServer()).href;
  expect((await exchange(open, { headers: { 'X-Forwarded-For': '9.9.9.9' } })).status).toBe(403);
  const closed = new URL('/metrics', await startBareServer({ metricsToken: 'for-prometheus' })).href;
  expect((await exchange(closed)).status).toBe(403);
  expect((await exchange(closed, { headers: { Authorization: 'Bearer for-prometheus' } })).status).toBe(200);
});

it('adds the metrics of processes up', () => {
  const one = '# TYPE culvert_requests_active gauge\nculvert_requests_active 1\nprocess_uptime_seconds 5\n';
  const two = 'culvert_requests_active 2\nculvert_errors_total{code="UNKNOWN"} 1\nprocess_uptime_seconds 3\n';
  const lines = sumMetrics([one, two])
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  expect(lines).toEqual([
    'culvert_errors_total{code="UNKNOWN"} 1',
    'culvert_requests_active 3',
    'process_uptime_seconds 5',
    '',
  ]);
});

it('finishes what is under way when it closes, and takes nothing new', async () => {
  let finish = (): void => undefined;
  const origin = await startOrigin((_request, response) => {
    response.write('first half, ');
    finish = () => response.end('second half');
  });
  const entries: LogEntry[] = [];
  const { server, url } = await startWithHandle({ log: (entry: LogEntry) => entries.push(entry) });
  const response = await open(`${url}v3/`, { headers: v3Headers(origin) });
  let isClosed = false;
  const closed = server.close({ drainTimeout: 10_000 }).then(() => (isClosed = true));
  const refused = await exchange(url);
  expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
    503,
    { code: 'IMPL_SHUTTING_DOWN', id: 'request' },
  ]);
  expect((await exchange(new URL('/healthz', url).href)).status).toBe(503);
  expect(isClosed).toBe(false);
  finish();
  let body = '';
  for await (const chunk of response) body += String(chunk);
  expect(body).toBe('first half, second half');
  await closed;
  expect(entries.filter(({ event }) => event === 'shutdown')).toHaveLength(2);
});

it('does not wait longer than it was told, and tells WebSockets that it goes', async () => {
  const origin = http.createServer((_request, response) => void response.write('forever'));
  new WebSocketServer({ server: origin });
  const port = await listen(origin);
  const { server, url } = await startWithHandle();
  const response = await open(`${url}v3/`, { headers: v3Headers(`http://127.0.0.1:${port}/`) });
  const cut = once(response, 'error') as Promise<[Error]>;
  const socket = new WebSocket(`${url.replace('http', 'ws')}v3/`);
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
  socket.send(
    JSON.stringify({
      type: 'connect',
      remote: `ws://127.0.0.1:${port}/`,
      protocols: [],
      headers: {},
      forwardHeaders: [],
    }),
  );
  await once(socket, 'message');
  const goodbye = once(socket, 'close') as Promise<[number]>;
  await server.close({ drainTimeout: 50 });
  expect((await goodbye)[0]).toBe(1001);
  expect((await cut)[0].message).toBe('aborted');
});
