import { once } from 'node:events';
import http2, { type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import https from 'node:https';
import { joinHeaders, parseBareHeaders } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import { certificate, privateKey } from '../../../../test/support/certificates/secure-test.js';
import { exchange, listen, onCleanup, open, startBareServer, v3Headers } from '../local-servers.test-support.js';

const upstream = { http2: true, insecure: true, resolve: ['h2.test:*:127.0.0.1'], headersTimeout: 2_000 };

interface Origin {
  url: string;
  sessions(): number;
  requests: http2.IncomingHttpHeaders[];
}

async function startOrigin(
  answer: (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
): Promise<Origin> {
  const server: Http2SecureServer = http2.createSecureServer({ cert: certificate, key: privateKey });
  let sessions = 0;
  const requests: http2.IncomingHttpHeaders[] = [];
  server.on('session', (session) => {
    sessions++;
    session.on('error', () => undefined);
    onCleanup(() => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    requests.push(headers);
    answer(stream, headers);
  });
  const port = await listen(server as unknown as https.Server);
  return { url: `https://h2.test:${port}/path?query`, sessions: () => sessions, requests };
}

it('sends requests to an origin that offers HTTP/2 over one connection', async () => {
  const origin = await startOrigin((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</style.css>' });
    stream.respond({ ':status': 201, 'set-cookie': ['a=1', 'b=2'], 'x-one': 'caf\u00e9' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': '1' }));
    stream.end('hello');
  });
  const bare = await startBareServer({ upstream });
  const headers = v3Headers(origin.url, {
    Host: 'h2.test',
    'User-Agent': 'Culvert',
    Connection: 'keep-alive',
    Cookie: 'a=b',
    TE: 'trailers',
  });
  const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(`${bare}v3/`, { headers })));
  for (const answer of answers) {
    expect([answer.status, answer.body, answer.headers['x-bare-status'], answer.headers['x-bare-status-text']]).toEqual(
      [200, 'hello', '201', ''],
    );
    const pairs = parseBareHeaders(
      joinHeaders(Object.entries(answer.headers) as [string, string][], 'x-bare-headers')!,
    );
    expect(pairs.filter(([name]) => name !== 'date')).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['x-one', 'caf\u00e9'],
    ]);
  }
  expect(origin.sessions()).toBe(1);
  expect(origin.requests[0]).toMatchObject({
    ':method': 'GET',
    ':authority': 'h2.test',
    ':path': '/path?query',
    'user-agent': 'Culvert',
    cookie: 'a=b',
  });
  expect(origin.requests[0]).not.toHaveProperty('connection');
});

it('streams bodies both ways', async () => {
  const origin = await startOrigin((stream) => {
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  });
  const bare = await startBareServer({ upstream });
  for (const size of [0, 10, 3_000_000]) {
    const body = 'x'.repeat(size);
    const answer = await exchange(`${bare}v3/`, { method: 'POST', headers: v3Headers(origin.url) }, body);
    expect(answer.body.length).toBe(size);
    expect(answer.body === body).toBe(true);
  }
});

it('speaks HTTP/1.1 to an origin that does not offer it, and when it is not told to', async () => {
  const port = await listen(
    https.createServer({ cert: certificate, key: privateKey }, (request, response) =>
      response.end(request.httpVersion),
    ),
  );
  const bare = await startBareServer({ upstream });
  for (let index = 0; index < 2; index++) {
    expect((await exchange(`${bare}v3/`, { headers: v3Headers(`https://h2.test:${port}/`) })).body).toBe('1.1');
  }
  const origin = await startOrigin((stream) => stream.respond({ ':status': 200 }, { endStream: true }));
  const without = await startBareServer({ upstream: { ...upstream, http2: false } });
  await exchange(`${without}v3/`, { headers: v3Headers(origin.url) });
  expect(origin.requests).toEqual([]);
});

it.each([
  ['NO_ERROR before the head', http2.constants.NGHTTP2_NO_ERROR],
  ['CANCEL', http2.constants.NGHTTP2_CANCEL],
  ['INTERNAL_ERROR', http2.constants.NGHTTP2_INTERNAL_ERROR],
])('reports a stream that is reset: %s', async (_name, code) => {
  const origin = await startOrigin((stream) => stream.close(code));
  const bare = await startBareServer({ upstream });
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([500, { code: 'CONNECTION_RESET' }]);
});

it.each<[string, (stream: ServerHttp2Stream) => unknown]>([
  ['the stream', (stream) => stream.destroy(new Error('broken'))],
  ['the session', (stream) => stream.session?.destroy()],
])('does not take a body for complete when the remote breaks off %s', async (_what, breakOff) => {
  const origin = await startOrigin((stream) => {
    stream.respond({ ':status': 200 });
    stream.write('part', () => setTimeout(() => breakOff(stream), 20));
  });
  const response = await open(`${await startBareServer({ upstream })}v3/`, { headers: v3Headers(origin.url) });
  response.resume();
  await expect(once(response, 'end')).rejects.toThrow('aborted');
});

it('sends a request again that was refused unseen, over a new connection after GOAWAY', async () => {
  let refusals = 0;
  const origin = await startOrigin((stream) => {
    if (refusals++ === 0) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    else {
      stream.respond({ ':status': 200 });
      stream.end('ok');
      stream.session?.close();
    }
  });
  const bare = await startBareServer({ upstream });
  for (let index = 0; index < 3; index++) {
    expect((await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) })).body).toBe('ok');
  }
  expect(refusals).toBe(4);
  expect(origin.sessions()).toBeGreaterThan(1);
});

it('cancels the stream of a client that goes away', async () => {
  const cancelled = new Promise((resolve) => {
    void startOrigin((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('part');
      stream.once('close', () => resolve(stream.rstCode));
    }).then(async (origin) => {
      const response = await open(`${await startBareServer({ upstream })}v3/`, { headers: v3Headers(origin.url) });
      response.on('error', () => undefined);
      response.destroy();
    });
  });
  expect(await cancelled).toBe(http2.constants.NGHTTP2_CANCEL);
});

it('holds HTTP/2 to the address policy and to the certificate', async () => {
  const origin = await startOrigin((stream) => stream.respond({ ':status': 200 }, { endStream: true }));
  for (const [options, code] of [
    [{ ...upstream, allowPrivate: false }, 'IMPL_BLOCKED_ADDRESS'],
    [{ ...upstream, insecure: false }, 'IMPL_TLS_ERROR'],
  ] as const) {
    const bare = await startBareServer({ upstream: options });
    const { body } = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
    expect(JSON.parse(body)).toMatchObject({ code });
  }
  expect(origin.requests).toEqual([]);
});
