/**
 * @module
 * Fault injection: requests and WebSockets through a whole server, where the remote, the client or both fail in a way that a seed decides.
 * Every one of them has to end, as a right answer, as an error of the protocol or as a closed connection, and to leave nothing behind.
 */
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isBareErrorCode } from '@culvert/bare-protocol';
import { certificate, privateKey } from '../../../../test/support/certificates/secure-test.js';
import { createBareServer, createServer, httpServerOptions } from '../index.js';
import type { BareServerOptions } from '../options.js';
import { http1Clients } from './http1-clients.test-support.js';
import { http2Clients } from './http2-clients.test-support.js';
import { large, remotes, small } from './remotes.test-support.js';
import { pick, seeded, wait, type Outcome } from './visit.test-support.js';

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

const clients = [...http1Clients, ...http2Clients];
const remoteNames = Object.keys(remotes);
const expected: Readonly<Record<string, Buffer>> = { 'ok-large': large };

/** Of our own, so that a hang of the server is told from slowness: the server's timeouts are far below. */
const patience = 40_000;

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
  const options: BareServerOptions = {
    upstream: { allowPrivate: true, headersTimeout: 5_000, connectTimeout: 5_000 },
    // Long enough for a right answer on a machine that is busy, far below `patience`.
    idleTimeout: 5_000,
    connectMessageTimeout: 1_000,
    maxBodySize: 2_000_000,
    maxConnectionsPerClient: Infinity,
    onInternalError: (error) => faults.push(`internal error: ${String(error)}`),
  };
  const bare = createBareServer(options);
  const server = http.createServer(
    { ...httpServerOptions, headersTimeout: 1_000, connectionsCheckingInterval: 250 },
    bare.routeRequest,
  );
  server.on('upgrade', bare.routeUpgrade);
  server.on('clientError', bare.handleClientError);
  const port = await listen(server);
  const everything = createServer({
    bare: options,
    tls: { cert: certificate, key: privateKey },
    sniffTimeout: 1_000,
    handshakeTimeout: 1_000,
    headersTimeout: 1_000,
    http2IdleTimeout: 1_000,
  });
  const { port: onePort } = await everything.listen({ host: '127.0.0.1', port: 0 });
  const isAllQuiet = (): boolean => isQuiet(bare.metrics()) && isQuiet(everything.bare.metrics());
  const closedPort = await unusedPort();

  const run = async (index: number): Promise<void> => {
    const random = seeded(seed + index * 7919);
    const name = pick(random, remoteNames);
    const isRefused = random() < 0.03;
    const remote = `127.0.0.1:${isRefused ? closedPort : originPort}/${name}?${index}`;
    const client = pick(random, clients);
    const label = `${index} (seed ${seed}): ${client.name} with ${isRefused ? 'nobody' : name}`;
    const outcome = await settle(client.run({ port, onePort, remote, random }));
    const kind = outcome.kind === 'error' ? `error ${outcome.code}` : outcome.kind;
    outcomes[kind] = (outcomes[kind] ?? 0) + 1;
    if (outcome.kind === 'hang') faults.push(`${label}: no end`);
    if (outcome.kind === 'error' && (!isBareErrorCode(outcome.code) || outcome.code === 'UNKNOWN' || outcome.stack)) {
      faults.push(`${label}: ${outcome.code}${outcome.stack ? ' with a stack' : ''}`);
    }
    if (client.isReader && !isRefused) {
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
  await waitFor(isAllQuiet);
  const heapBefore = await heapUsed();
  await runAll(warmUp, count);
  await waitFor(isAllQuiet);
  const heapGrowth = (await heapUsed()) - heapBefore;
  const metrics = bare.metrics() + everything.bare.metrics();
  if (!isAllQuiet()) faults.push(`something is still active: ${metrics}`);

  for (const { name, run: ask } of clients.filter(({ isReader }) => isReader)) {
    const remote = `127.0.0.1:${originPort}/ok-small`;
    const last = await settle(ask({ port, onePort, remote, random: seeded(0) }));
    if (last.kind !== 'answer' || last.body.toString() !== small)
      faults.push(`the next request, ${name}: ${last.kind}`);
  }

  await bare.close();
  server.close();
  await everything.close();
  server.closeIdleConnections();
  // What is left on the remote's side of connections that the server has let go of ends by itself.
  origin.close();
  await waitFor(() => countSockets() <= socketsBefore);
  return { outcomes, faults, heapGrowth, socketsLeft: countSockets() - socketsBefore, metrics };
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
