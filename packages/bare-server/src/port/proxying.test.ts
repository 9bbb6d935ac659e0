/** Requests to a proxy, transparent ones, and tunnels to the outside. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { expect, it } from 'vitest';
import { listen, startOrigin } from '../local-servers.test-support.js';
import {
  askHttp1,
  askHttp10,
  openSession,
  readAll,
  readHead,
  startPort,
  tcp,
  tunnel,
  tunnelOverHttp2,
} from './port-clients.test-support.js';

it('works out the absolute URL of each form of target', async () => {
  const port = await startPort();
  const ask = async (path: string, host = 'asked.test:81') =>
    askHttp1(await tcp(port), { path, headers: { Host: host } });
  expect(await ask('/a?b')).toMatchObject({ form: 'origin', url: 'http://asked.test:81/a?b', path: '/a?b' });
  expect(await ask('http://other.test/a?b')).toMatchObject({
    form: 'absolute',
    url: 'http://other.test/a?b',
    path: '/a?b',
  });
  expect(await ask('HTTPS://other.test')).toMatchObject({ form: 'absolute', url: 'https://other.test/', path: '/' });
  expect(await ask('/http://x/')).toMatchObject({ form: 'origin', path: '/http://x/' });
  expect(await ask('/', '[::1]:8')).toMatchObject({ url: 'http://[::1]:8/' });
  const asterisk = await askHttp10(await tcp(port), 'OPTIONS * HTTP/1.0\r\nHost: a.test\r\n\r\n');
  expect(asterisk).toMatchObject({ form: 'asterisk', url: 'http://a.test/', path: '*' });
});

it('leaves a path as it came', async () => {
  const told = await askHttp1(await tcp(await startPort()), { path: 'http://a.test/x/../%2e/y' });
  expect(told).toMatchObject({ path: '/x/../%2e/y', url: 'http://a.test/y' });
});

it('answers proxy requests itself by default', async () => {
  expect(await askHttp1(await tcp(await startPort()), { path: 'http://192.0.2.1/' })).toMatchObject({
    form: 'absolute',
  });
});

it('forwards a request in absolute form, without what is between neighbours', async () => {
  const origin = await startOrigin((request, response) => {
    response.writeHead(201, { 'X-Origin': 'yes', 'Set-Cookie': ['a=1', 'b=2'], 'Keep-Alive': 'timeout=1' });
    response.write(JSON.stringify({ url: request.url, headers: request.headers }));
    request.pipe(response);
  });
  const port = await startPort({ tunnels: 'forward' });
  const request = http.request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: `${origin}/path?q`,
    headers: {
      Host: 'misleading.test',
      'Proxy-Authorization': 'secret',
      Connection: 'X-Hop',
      'X-Hop': '1',
      'X-End': '2',
    },
    agent: false,
  });
  request.end('body');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(response.statusCode).toBe(201);
  expect(response.headers).toMatchObject({ 'x-origin': 'yes', 'set-cookie': ['a=1', 'b=2'] });
  const text = await readAll(response);
  const told = JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as { url: string; headers: Record<string, string> };
  expect(told.url).toBe('/path?q');
  expect(told.headers).toMatchObject({ host: new URL(origin).host, 'x-end': '2' });
  expect(Object.keys(told.headers)).not.toEqual(expect.arrayContaining(['proxy-authorization']));
  expect(told.headers).not.toHaveProperty('x-hop');
  expect(text.endsWith('body')).toBe(true);
});

it('answers a proxy request for itself, where it forwards others', async () => {
  const port = await startPort({ tunnels: 'forward' });
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    expect(await askHttp1(await tcp(port), { path: `http://${host}:${port}/own` })).toMatchObject({ path: '/own' });
  }
});

it('forwards tunnels over HTTP/1.1 and over HTTP/2, both directions and both ends', async () => {
  const echo = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  const target = `127.0.0.1:${await listen(echo)}`;
  const port = await startPort({ tunnels: 'forward' });
  for (const open of [tunnel, tunnelOverHttp2]) {
    const stream = await open(await tcp(port), target);
    stream.end('x'.repeat(500_000));
    expect(await readAll(stream)).toHaveLength(500_000);
  }
});

it('delivers what comes with the CONNECT', async () => {
  const echo = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  const target = `127.0.0.1:${await listen(echo)}`;
  const stream = await tcp(await startPort({ tunnels: 'forward' }));
  stream.end(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\nearly`);
  await readHead(stream);
  expect(await readAll(stream)).toBe('early');
});

it('refuses tunnels and requests to addresses that Bare requests may not reach, its own port included', async () => {
  const port = await startPort({ tunnels: 'forward', bare: { upstream: { allowPrivate: false } } });
  for (const host of [
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '10.0.0.1',
    '169.254.169.254',
    'localhost',
    '0x7f.1',
  ]) {
    await expect(tunnel(await tcp(port), `${host}:${port}`), host).rejects.toThrow(/^HTTP\/1.1 403/);
    const session = await openSession(await tcp(port));
    const request = session.request({ ':method': 'CONNECT', ':authority': `${host}:1` });
    request.end();
    expect(await readAll(request), host).toContain('IMPL_BLOCKED_ADDRESS');
    const answer = await askHttp1(await tcp(port), { path: `http://${host}:1/` });
    expect(answer, host).toMatchObject({ code: 'IMPL_BLOCKED_ADDRESS' });
  }
});

it('says why a tunnel cannot be had', async () => {
  const port = await startPort({ tunnels: 'forward' });
  const gone = net.createServer();
  const unused = await new Promise<number>((resolve) => {
    gone.listen(0, '127.0.0.1', () => {
      const { port: free } = gone.address() as net.AddressInfo;
      gone.close(() => resolve(free));
    });
  });
  await expect(tunnel(await tcp(port), `127.0.0.1:${unused}`)).rejects.toThrow(/^HTTP\/1.1 500/);
  await expect(tunnel(await tcp(await startPort({ tunnels: 'refuse' })), 'a.test:80')).rejects.toThrow(
    /^HTTP\/1.1 403/,
  );
});
