/**
 * @module
 * Programs for the tests, each on a free port, ended after the test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBareServer, httpServerOptions } from '../../packages/bare-server/src/index.js';
import { afterEach } from 'vitest';

/** The version that the server uses: the sites of the test tree bring an old one. */
export const { WebSocket, WebSocketServer } = createRequire(
  new URL('../../packages/bare-server/package.json', import.meta.url),
)('ws');

const cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
export const onCleanup = (cleanup) => void cleanups.push(cleanup);

export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'culvert-deploy-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program and waits until something listens on the port. @returns its end, on demand */
export async function startProgram(command, args, port, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  let failure = null;
  child.once('error', (error) => (failure = error));
  child.once('exit', (code) => (failure ??= new Error(`${command} has ended with code ${code}.`)));
  const end = async (signal = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  onCleanup(end);
  while (!(await isListening(port))) {
    if (failure) {
      const hint = failure.code === 'ENOENT' ? ' Install it: node scripts/ensure-installed.mjs --deploy' : '';
      throw new Error(`Failed to start ${command}: ${failure.message}${hint}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return end;
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export async function listen(server, port = 0) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  onCleanup(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

/** @returns port of a server with the Bare server alone */
export async function startBareServer(options, port = 0) {
  const bare = createBareServer({ upstream: { allowPrivate: true }, ...options });
  onCleanup(() => bare.close());
  const server = http.createServer(httpServerOptions, bare.routeRequest);
  server.on('upgrade', bare.routeUpgrade);
  server.on('clientError', bare.handleClientError);
  return listen(server, port);
}
