/**
 * @module
 * Fault injection: requests and WebSockets through a whole server, where the remote, the client or both fail in a way that a seed decides.
 * Every one of them has to end, as a right answer, as an error of the protocol or as a closed connection, and to leave nothing behind.
 */
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isBareErrorCode, parseBareErrorBody } from '@culvert/bare-protocol';
import { WebSocket } from 'ws';
import { createBareServer, httpServerOptions } from './index.js';

export interface FaultOptions {
  count: number;
  seed: number;
  concurrency: number;
  progress?: (done: number) => void;
}

export interface FaultReport {
  /** How many ended how: `answer`, `error CODE`, `closed`. */
  outcomes: Record<string, number>;
  /** What must not have happened, in words. */
  faults: string[];
  /** Bytes of the heap that came to stay, after a tenth of the run and all of it. */
  heapGrowth: number;
  socketsLeft: number;
  metrics: string;
}

type Random = () => number;

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;

const small = 'a'.repeat(300);
const large = Buffer.alloc(1_300_000, 'b');
const head = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

/** What a remote does with a request, by the name in its path. Those that begin with ok answer rightly. */
const remotes: Readonly<Record<string, (socket: Socket) => void>> = {
  'ok-small': (socket) => socket.write(head(small.length) + small),
  'ok-large': (socket) => {
    socket.write(head(large.length));
    socket.write(large);
  },
  'ok-chunked': (socket) =>
    socket.write(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n${small}\r\n0\r\nTrailer-Field: 1\r\n\r\n`,
    ),
  'ok-early': (socket) =>
    socket.write(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${head(small.length)}${small}`,
    ),
  'ok-close': (socket) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${small}`),
  'ok-slow': (socket) => {
    socket.write(head(small.length) + small.slice(0, 100));
    setTimeout(() => socket.write(small.slice(100)), 30);
  },
  'reset-first': (socket) => socket.resetAndDestroy(),
  'end-first': (socket) => socket.end(),
  'cut-head': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'reset-head': (socket) => socket.write('HTTP/1.1 200 OK\r\nX: ', () => socket.resetAndDestroy()),
  garbage: (socket) => socket.end(Buffer.from([0, 255, 13, 10, 13, 10, 1, 2, 3])),
  'bad-status': (socket) => socket.end('HTTP/1.1 abc\r\n\r\n'),
  'bad-chunk': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n'),
  'two-lengths': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'),
  'huge-head': (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(400_000)}\r\n\r\n`),
  'cut-body': (socket) => socket.end(head(1000) + small),
  'reset-body': (socket) => socket.write(head(1000) + small, () => socket.resetAndDestroy()),
  'cut-chunked': (socket) => socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n${small}\r\n`),
  'cut-large': (socket) => {
    socket.write(head(large.length * 2));
    socket.end(large);
  },
  'reset-large': (socket) => {
    socket.write(head(large.length * 2));
    socket.write(large, () => socket.resetAndDestroy());
  },
  'stall-head': () => undefined,
  'stall-body': (socket) => socket.write(head(1000) + small),
  'stall-large': (socket) => {
    socket.write(head(large.length * 2));
    socket.write(large);
  },
  'switch-unasked': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
};
const remoteNames = Object.keys(remotes);
const expected: Readonly<Record<string, Buffer>> = { 'ok-large': large };

/** Of our own, so that a hang of the server is told from slowness: the server's timeouts are far below. */
const patience = 20_000;

export async function runFaults({ count, seed, concurrency, progress }: FaultOptions): Promise<FaultReport> {
  const outcomes: Record<string, number> = {};
  const faults: string[] = [];
  const socketsBefore = countSockets();
  const origin = net.createServer((socket) => {
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text = (text + chunk.toString('latin1')).slice(-20_000);
      const [, name] = /^[A-Z]+ \/([a-z-]+)\S* HTTP\/1\.1\r\n[^]*\r\n\r\n/m.exec(text) ?? [];
      if (name === undefined) return;
      text = '';
      remotes[name]?.(socket);
    });
  });
  const originPort = await listen(origin);
  const bare = createBareServer({
    upstream: { allowPrivate: true, headersTimeout: 1_500, connectTimeout: 5_000 },
    idleTimeout: 1_500,
    connectMessageTimeout: 1_000,
    maxBodySize: 2_000_000,
    maxConnectionsPerClient: Infinity,
    onInternalError: (error) => faults.push(`internal error: ${String(error)}`),
  });
  const server = http.createServer(
    { ...httpServerOptions, headersTimeout: 1_000, connectionsCheckingInterval: 250 },
    bare.routeRequest,
  );
  server.on('upgrade', bare.routeUpgrade);
  server.on('clientError', bare.handleClientError);
  const port = await listen(server);
  const closedPort = await unusedPort();

  const run = async (index: number): Promise<void> => {
    const random = seeded(seed + index * 7919);
    const name = pick(random, remoteNames);
    const isRefused = random() < 0.03;
    const remote = `127.0.0.1:${isRefused ? closedPort : originPort}/${name}?${index}`;
    const client = pick(random, clients);
    const label = `${index} (seed ${seed}): ${client.name} with ${isRefused ? 'nobody' : name}`;
    const outcome = await settle(client.run({ port, remote, random }));
    const kind = outcome.kind === 'error' ? `error ${outcome.code}` : outcome.kind;
    outcomes[kind] = (outcomes[kind] ?? 0) + 1;
    if (outcome.kind === 'hang') faults.push(`${label}: no end`);
    if (outcome.kind === 'error' && (!isBareErrorCode(outcome.code) || outcome.code === 'UNKNOWN' || outcome.stack)) {
      faults.push(`${label}: ${outcome.code}${outcome.stack ? ' with a stack' : ''}`);
    }
    if (client.name === 'reader' && !isRefused) {
      const body = expected[name] ?? Buffer.from(small);
      const isRight = outcome.kind === 'answer' && outcome.body.equals(body);
      if (name.startsWith('ok') ? !isRight : outcome.kind === 'answer') faults.push(`${label}: ${kind}`);
    }
  };
  const runAll = async (from: number, to: number): Promise<void> => {
    let next = from;
    const loop = async (): Promise<void> => {
      while (next < to) {
        await run(next++);
        progress?.(next);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
  };

  const warmUp = Math.ceil(count / 10);
  await runAll(0, warmUp);
  await waitFor(() => isQuiet(bare.metrics()));
  const heapBefore = await heapUsed();
  await runAll(warmUp, count);
  await waitFor(() => isQuiet(bare.metrics()));
  const heapGrowth = (await heapUsed()) - heapBefore;
  const metrics = bare.metrics();
  if (!isQuiet(metrics)) faults.push(`something is still active: ${metrics}`);

  const last = await settle(reader({ port, remote: `127.0.0.1:${originPort}/ok-small`, random: seeded(0) }));
  if (last.kind !== 'answer' || last.body.toString() !== small) faults.push(`the next request: ${last.kind}`);

  await bare.close();
  server.close();
  server.closeIdleConnections();
  // What is left on the remote's side of connections that the server has let go of ends by itself.
  origin.close();
  await waitFor(() => countSockets() <= socketsBefore);
  return { outcomes, faults, heapGrowth, socketsLeft: countSockets() - socketsBefore, metrics };
}

type Outcome =
  | { kind: 'answer'; body: Buffer }
  | { kind: 'error'; code: string; stack: boolean }
  | { kind: 'closed' }
  | { kind: 'hang' };

interface Visit {
  port: number;
  /** Without scheme. */
  remote: string;
  random: Random;
}

const bareHeaders = (remote: string): Record<string, string> => ({
  'X-Bare-URL': `http://${remote}`,
  'X-Bare-Headers': '{}',
});

function request({ port, remote }: Visit, options: http.RequestOptions = {}): http.ClientRequest {
  return http.request({ port, path: '/bare/v3/', agent: false, headers: bareHeaders(remote), ...options });
}

async function outcomeOf(sent: http.ClientRequest, each?: (chunk: Buffer) => void): Promise<Outcome> {
  try {
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
    sent.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      each?.(chunk as Buffer);
    }
    const body = Buffer.concat(chunks);
    if (response.statusCode === 200) return { kind: 'answer', body };
    const error = parseBareErrorBody(body.toString());
    return { kind: 'error', code: error?.code ?? `${response.statusCode}`, stack: error?.stack !== undefined };
  } catch {
    // A reset, ours or the server's.
    return { kind: 'closed' };
  } finally {
    sent.destroy();
  }
}

function reader(visit: Visit): Promise<Outcome> {
  return outcomeOf(request(visit).end());
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const clients: readonly { name: string; run(visit: Visit): Promise<Outcome> }[] = [
  { name: 'reader', run: reader },
  {
    name: 'leaver',
    async run(visit) {
      const sent = request(visit).end();
      const outcome = outcomeOf(sent);
      await wait(visit.random() * 20);
      sent.destroy();
      return outcome;
    },
  },
  {
    name: 'resetter in the body',
    run(visit) {
      const sent = request(visit).end();
      return outcomeOf(sent, () => sent.socket?.resetAndDestroy());
    },
  },
  {
    name: 'slow reader',
    async run(visit) {
      const sent = request(visit).end();
      let isFirst = true;
      return outcomeOf(sent, () => {
        if (!isFirst || sent.socket === null) return;
        isFirst = false;
        sent.socket.pause();
        setTimeout(() => sent.socket?.resume(), 20);
      });
    },
  },
  {
    name: 'uploader',
    run(visit) {
      const sent = request(visit, { method: pick(visit.random, ['POST', 'PUT', 'DELETE', 'PATCH']) });
      return outcomeOf(sent.end(Buffer.alloc(Math.floor(visit.random() * 300_000))));
    },
  },
  {
    name: 'uploader of too much',
    run(visit) {
      const sent = request(visit, { method: 'POST' });
      const outcome = outcomeOf(sent);
      for (let index = 0; index < 3; index++) sent.write(Buffer.alloc(800_000));
      sent.end();
      return outcome;
    },
  },
  {
    name: 'uploader that stalls or resets',
    async run(visit) {
      const isChunked = visit.random() < 0.5;
      const headers = { ...bareHeaders(visit.remote), ...(!isChunked && { 'Content-Length': '100000' }) };
      const sent = request(visit, { method: 'POST', headers });
      const outcome = outcomeOf(sent);
      sent.write(Buffer.alloc(5_000));
      if (visit.random() < 0.5) {
        await wait(visit.random() * 20);
        sent.socket?.resetAndDestroy();
      }
      return outcome;
    },
  },
  {
    name: 'writer of nonsense',
    run: (visit) => sendRaw(visit, pick(visit.random, nonsense).replace('REMOTE', visit.remote)),
  },
  {
    name: 'writer of half a request',
    async run(visit) {
      const whole = `GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://${visit.remote}\r\nX-Bare-Headers: {}\r\n\r\n`;
      return sendRaw(visit, whole.slice(0, 1 + Math.floor(visit.random() * (whole.length - 2))));
    },
  },
  { name: 'v3 WebSocket', run: (visit) => openSocket(visit, true) },
  { name: 'v3 WebSocket without words', run: (visit) => openSocket(visit, false) },
  {
    name: 'v1 WebSocket',
    run: (visit) =>
      sendRaw(
        visit,
        'GET /bare/v1/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
          `Sec-WebSocket-Protocol: bare, ${v1Request(visit.remote)}\r\n\r\n`,
      ),
  },
];

const nonsense: readonly string[] = [
  'CHICKEN / HTTP/1.1\r\n\r\n',
  'TRACE /bare/v3/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://REMOTE\r\nX-Bare-Headers: {"a":null}\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://REMOTE\r\nX-Bare-Headers: {"__proto__":{"a":1}}\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: \x00\r\nX-Bare-Headers: {}\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: gopher://a/\r\nX-Bare-Headers: 1\r\n\r\n',
  'POST /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://REMOTE\r\nX-Bare-Headers: {}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'POST /bare/v3/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00',
  'GET /bare/v2/ws-meta HTTP/1.1\r\nHost: a\r\nX-Bare-ID: ../../etc\r\n\r\n',
];

function v1Request(remote: string): string {
  const [host, rest = ''] = remote.split(':');
  const slash = rest.indexOf('/');
  const request = {
    remote: { host, port: rest.slice(0, slash), path: rest.slice(slash), protocol: 'ws:' },
    headers: {},
    forward_headers: [],
  };
  return encodeURIComponent(JSON.stringify(request));
}

/** Sends bytes as they are; leaves at some moment if the server has not ended the connection by then. */
async function sendRaw({ port, random }: Visit, bytes: string): Promise<Outcome> {
  const socket = net.connect(port);
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(Buffer.from(bytes, 'latin1'));
  if (random() < 0.7) {
    setTimeout(() => (random() < 0.5 ? socket.resetAndDestroy() : socket.end()), random() * 60);
  } else {
    // An answer over a connection that is kept alive is an end, too.
    socket.once('data', () => socket.end());
  }
  await closing(socket);
  return { kind: 'closed' };
}

async function openSocket({ port, remote, random }: Visit, isTalking: boolean): Promise<Outcome> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/bare/v3/`);
  socket.on('error', () => undefined);
  if (isTalking) {
    socket.once('open', () => {
      socket.send(
        JSON.stringify({ type: 'connect', remote: `ws://${remote}`, protocols: [], headers: {}, forwardHeaders: [] }),
      );
      socket.send('early');
    });
  }
  if (random() < 0.5) setTimeout(() => socket.terminate(), random() * 60);
  await closing(socket);
  return { kind: 'closed' };
}

/** `once` would take an error for the end. */
function closing(socket: Socket | WebSocket): Promise<void> {
  return new Promise((resolve) => void (socket as Socket).once('close', () => resolve()));
}

async function settle(outcome: Promise<Outcome>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'hang' }), patience);
  });
  const first = await Promise.race([outcome, hang]);
  clearTimeout(timer);
  return first;
}

function isQuiet(metrics: string): boolean {
  return ['requests', 'websockets', 'clients'].every((what) => metrics.includes(`culvert_${what}_active 0\n`));
}

async function waitFor(condition: () => boolean): Promise<void> {
  const end = Date.now() + patience;
  while (!condition() && Date.now() < end) await wait(25);
}

/** Open connections of this process; what listens is not counted. */
function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPWRAP').length;
}

async function heapUsed(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let least = Infinity;
  for (let index = 0; index < 5; index++) {
    collect();
    await wait(20);
    const { heapUsed: used, external } = process.memoryUsage();
    least = Math.min(least, used + external);
  }
  return least;
}

async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function unusedPort(): Promise<number> {
  const server = net.createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
