/** One fact for each protocol that the port speaks, with Node's own clients. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import {
  asPlain,
  askHttp1,
  askHttp10,
  askHttp2,
  openSession,
  readAll,
  secure,
  startPort,
  tcp,
  tunnel,
  tunnelOverHttp2,
  webSocket,
  webSocketOverHttp2,
} from './port-clients.test-support.js';

it('answers HTTP/1.0, and works the URL out from the address where there is no Host', async () => {
  const port = await startPort();
  expect(await askHttp10(await tcp(port))).toMatchObject({
    httpVersion: '1.0',
    url: `http://127.0.0.1:${port}/x?y`,
    layers: [],
  });
});

it('answers HTTP/1.1', async () => {
  const port = await startPort();
  expect(await askHttp1(await tcp(port), { body: 'hello' })).toMatchObject({
    httpVersion: '1.1',
    method: 'POST',
    url: 'http://asked.test/x?y',
    body: 'hello',
    clientAddress: '127.0.0.1',
    localPort: port,
  });
});

it('answers several HTTP/1.1 requests that come in one packet', async () => {
  const stream = await tcp(await startPort());
  stream.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const text = await readAll(stream);
  expect([...text.matchAll(/"path":"(.*?)"/g)].map(([, path]) => path)).toEqual(['/1', '/2']);
});

it.each(['http/1.1', 'http/1.0'])('answers HTTP/1 over TLS, with the ALPN protocol %s', async (protocol) => {
  const stream = await secure(await tcp(await startPort()), protocol);
  expect(stream.alpnProtocol).toBe(protocol);
  expect(await askHttp1(stream)).toMatchObject({ httpVersion: '1.1', url: 'https://asked.test/x?y', layers: ['tls'] });
});

it('answers HTTP/1 over TLS without ALPN', async () => {
  const stream = await secure(await tcp(await startPort()));
  expect(await askHttp1(stream)).toMatchObject({ url: 'https://asked.test/x?y' });
});

it('answers HTTP/2 with prior knowledge', async () => {
  const port = await startPort();
  expect(await askHttp2(await tcp(port), { body: 'hello' })).toMatchObject({
    httpVersion: '2.0',
    method: 'POST',
    url: 'http://asked.test/x?y',
    body: 'hello',
    clientAddress: '127.0.0.1',
    localPort: port,
  });
});

it('answers HTTP/2 over TLS, by ALPN', async () => {
  const stream = await secure(await tcp(await startPort()), 'h2', 'http/1.1');
  expect(stream.alpnProtocol).toBe('h2');
  expect(await askHttp2(stream)).toMatchObject({ httpVersion: '2.0', url: 'https://asked.test/x?y', layers: ['tls'] });
});

it('answers HTTP/2 over TLS without ALPN, by its preface', async () => {
  const stream = await secure(await tcp(await startPort()));
  // Node's client refuses to speak HTTP/2 there: it goes through a tunnel of which it does not see the TLS.
  const inner = await tunnel(stream, 'inner.test:80');
  expect(await askHttp2(asPlain(inner))).toMatchObject({
    httpVersion: '2.0',
    layers: ['tls', 'http/1.1', 'connect inner.test:80'],
  });
});

it('carries a WebSocket over HTTP/1.1, over TLS, and over a stream of HTTP/2', async () => {
  const port = await startPort();
  expect(await webSocket(await tcp(port), 'one')).toEqual(['http://asked.test/socket', 'one']);
  const encrypted = await secure(await tcp(port), 'http/1.1');
  expect(await webSocket(encrypted, 'two')).toEqual(['https://asked.test/socket', 'two']);
  const session = await openSession(await tcp(port));
  expect(await webSocketOverHttp2(session, 'three')).toEqual(['http://asked.test/socket', 'three']);
  const encryptedSession = await openSession(await secure(await tcp(port), 'h2'));
  expect(await webSocketOverHttp2(encryptedSession, 'four')).toEqual(['https://asked.test/socket', 'four']);
});

it('answers requests beside a WebSocket on one connection of HTTP/2', async () => {
  const session = await openSession(await tcp(await startPort()));
  const [, text] = await Promise.all([
    webSocketOverHttp2(session, 'x'.repeat(200_000)),
    readAll(session.request({ ':path': '/beside', ':authority': 'a.test' })),
  ]);
  expect(text).toContain('http://a.test/beside');
});

it('opens a tunnel over HTTP/1.1, and is at its end itself', async () => {
  const stream = await tunnel(await tcp(await startPort()), 'site.test:443');
  const inner = await secure(stream, 'h2');
  expect(await askHttp2(inner)).toMatchObject({
    url: 'https://asked.test/x?y',
    layers: ['http/1.1', 'connect site.test:443', 'tls'],
  });
});

it('opens a tunnel over a stream of HTTP/2, and is at its end itself', async () => {
  const port = await startPort();
  const stream = await tunnelOverHttp2(await tcp(port), 'site.test:80');
  expect(await askHttp1(stream)).toMatchObject({
    url: 'http://asked.test/x?y',
    layers: ['h2', 'connect site.test:80'],
    clientAddress: '127.0.0.1',
    localPort: port,
  });
});

it('takes a tunnel for what a request in it is for, where nothing else says', async () => {
  const stream = await tunnel(await tcp(await startPort()), 'site.test:8080');
  expect(await askHttp10(stream)).toMatchObject({ url: 'http://site.test:8080/x?y' });
});

it('speaks at once in a tunnel whose client sends its first bytes with the CONNECT', async () => {
  const stream = await tcp(await startPort());
  stream.write('CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\nGET /early HTTP/1.0\r\n\r\n');
  expect(await readAll(stream)).toMatch(/^HTTP\/1.1 200 [^]*"url":"http:\/\/a.test\/early"/);
});

it('carries every protocol in a tunnel of each kind, over TLS as well', async () => {
  const port = await startPort();
  const outers = {
    plain: () => tcp(port),
    'tls h1': async () => secure(await tcp(port), 'http/1.1'),
    'tls h2': async () => secure(await tcp(port), 'h2'),
  };
  const tunnels = { h1: tunnel, h2: tunnelOverHttp2 };
  for (const [outer, open] of Object.entries(outers)) {
    for (const [kind, connect] of Object.entries(tunnels)) {
      if (outer !== 'plain' && !outer.endsWith(kind)) continue;
      const inside = async () => asPlain(await connect(await open(), 'a.test:1'));
      const where = `${kind} tunnel over ${outer}`;
      expect((await askHttp10(await inside())).httpVersion, where).toBe('1.0');
      expect((await askHttp1(await inside())).httpVersion, where).toBe('1.1');
      expect((await askHttp2(await inside())).httpVersion, where).toBe('2.0');
      expect((await askHttp1(await secure(await inside(), 'http/1.1'))).url, where).toBe('https://asked.test/x?y');
      expect((await askHttp2(await secure(await inside(), 'h2'))).url, where).toBe('https://asked.test/x?y');
      expect(await webSocket(await inside(), 'ws'), where).toEqual(['http://asked.test/socket', 'ws']);
      expect(await webSocketOverHttp2(await openSession(await inside()), 'ws'), where).toEqual([
        'http://asked.test/socket',
        'ws',
      ]);
    }
  }
});

it('unwraps tunnels in tunnels in tunnels, with TLS in between', async () => {
  const port = await startPort();
  const first = await tunnelOverHttp2(await secure(await tcp(port), 'h2'), 'one.test:443');
  const second = await tunnel(await secure(first, 'http/1.1'), 'two.test:443');
  const third = await tunnelOverHttp2(asPlain(second), 'three.test:443');
  const told = await askHttp2(await secure(third, 'h2'), { body: 'x'.repeat(300_000) });
  expect(told.layers).toEqual([
    ...['tls', 'h2', 'connect one.test:443'],
    ...['tls', 'http/1.1', 'connect two.test:443'],
    ...['h2', 'connect three.test:443'],
    'tls',
  ]);
  expect(told.body).toHaveLength(300_000);
  expect(told).toMatchObject({ clientAddress: '127.0.0.1', localPort: port });
});

it('refuses a tunnel that is deeper than the limit, and goes on inside of the last', async () => {
  const port = await startPort({ maxTunnelDepth: 2 });
  const open = async () => tunnel(await tunnel(await tcp(port), 'a.test:1'), 'b.test:1');
  await expect(tunnel(await open(), 'c.test:1')).rejects.toThrow(/^HTTP\/1.1 403/);
  const session = await openSession(asPlain(await open()));
  const request = session.request({ ':method': 'CONNECT', ':authority': 'c.test:1' });
  const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
  expect(headers[':status']).toBe(403);
  expect(await readAll(request)).toContain('IMPL_TUNNEL_REFUSED');
  expect(await readAll(session.request({ ':path': '/still', ':authority': 'd.test' }))).toContain(
    'http://d.test/still',
  );
});
