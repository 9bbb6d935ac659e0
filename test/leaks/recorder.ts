/**
 * @module A browser whose every name of these tests resolves to an address of its own on this machine, where a recording
 * canary listens: a connection tells its row by the address, and a bare name query tells it in the browser's network log.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { launchChromiumProfile } from '../support/browsers.js';
import { hostileAddress, hostileHost, leakAddress, leakAddressPattern, leakHost } from './leak-attempt.js';

export interface Recorder {
  readonly context: BrowserContext;
  /** When the last connection came, by `performance.now()`. */
  lastConnection(): number;
  /** Ends the browser and tells which rows it connected to or asked the name of; -1 is the hostile site itself. */
  close(): Promise<Recording>;
}

export interface Recording {
  readonly connected: ReadonlySet<number>;
  readonly resolved: ReadonlySet<number>;
}

export async function startRecorder(rows: number): Promise<Recorder> {
  const connected = new Set<number>();
  const sockets = new Set<Socket>();
  let lastConnection = performance.now();
  const server = createServer((socket) => {
    lastConnection = performance.now();
    sockets.add(socket);
    for (const row of rowsIn(socket.localAddress ?? '')) connected.add(row);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.destroy());
  });
  // All of 127.0.0.0/8 leads here.
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const directory = await mkdtemp(path.join(tmpdir(), 'culvert-leaks-'));
  const log = path.join(directory, 'network-log.json');
  const rules = Array.from({ length: rows }, (_, row) => `MAP ${leakHost(row)} ${leakAddress(row)}:${port}`);
  rules.push(`MAP ${hostileHost} ${hostileAddress}:${port}`, `MAP * 127.0.0.1:${port}`, 'EXCLUDE localhost');
  const profile = path.join(directory, 'profile');
  const context = await launchChromiumProfile(profile, rules.join(','), `--log-net-log=${log}`);
  return {
    context,
    lastConnection: () => lastConnection,
    async close() {
      await context.close();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      const resolved = new Set(rowsIn(eventsOf(await readFile(log, 'utf8'))));
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
      return { connected, resolved };
    },
  };
}

/** What happened, without the log's head: that has the browser's command line, in which all addresses stand. */
function eventsOf(networkLog: string): string {
  const start = networkLog.indexOf('"events":');
  if (start < 0)
    throw new Error('Failed to read the network log: it has no "events"; look at what --log-net-log writes.');
  return networkLog.slice(start);
}

/** The rows whose addresses stand in a text. */
function* rowsIn(text: string): Generator<number> {
  for (const [address, high, low] of text.matchAll(leakAddressPattern)) {
    yield address === hostileAddress ? -1 : Number(high) * 256 + Number(low);
  }
}
