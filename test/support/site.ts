/** @module A site that the tests open: a real server on a port of this machine, reached under a name that no DNS knows. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';

export interface Site {
  /** Such as `http://verdaccio.test:40123`; the name resolves through the browsers' or Culvert's own rules only. */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a request listener in this process, and what asks for an upgrade by another. */
export async function startSiteInProcess(
  hostName: string,
  listener: RequestListener,
  upgrade?: (request: IncomingMessage, socket: Duplex) => void,
): Promise<Site> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  if (upgrade) server.on('upgrade', upgrade);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${hostName}:${port}`,
    port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface SiteProcess extends Site {
  /** A directory of this site alone, removed when it closes. */
  readonly directory: string;
}

/**
 * Runs a module of `sites/processes` (or at an absolute path) in a child process, which ends itself when the channel to
 * this process closes, and waits for the port that it reports. The child gets a directory of its own as its first argument.
 */
export async function startSiteProcess(hostName: string, module: string, startTimeout = 60_000): Promise<SiteProcess> {
  const directory = await mkdtemp(path.join(tmpdir(), `culvert-${hostName}-`));
  const child = fork(path.resolve(import.meta.dirname, '../sites/processes', module), [directory], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' },
    // Its own process group, so that what it starts ends with it.
    detached: true,
  });
  const endGroup = () => {
    const isRunning = child.exitCode === null && child.signalCode === null;
    if (isRunning && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));

  const port = await new Promise<number>((resolve, reject) => {
    const fail = (reason: string) => {
      endGroup();
      reject(new Error(`Failed to start the site "${hostName}": ${reason}\n${output}`));
    };
    const timer = setTimeout(() => fail(`it reported no port within ${startTimeout} ms.`), startTimeout);
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve((message as { port: number }).port);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`its process ended with code ${code}.`);
    });
  });

  return {
    origin: `http://${hostName}:${port}`,
    port,
    directory,
    async close() {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      endGroup();
      await exited;
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
