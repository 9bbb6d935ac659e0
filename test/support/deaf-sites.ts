/** @module Sites that are out of order: one that never answers, one with a certificate of nobody, one that is not there. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';

export interface DeafSite {
  readonly port: number;
  close(): void;
}

/** Takes a connection and says nothing, ever. */
export async function startSilentSite(): Promise<DeafSite> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => sockets.delete(socket));
  });
  return listen(server, () => sockets.forEach((socket) => socket.destroy()));
}

/** Answers over TLS with a certificate that it wrote itself. */
export async function startUntrustedSite(): Promise<DeafSite> {
  const read = (name: string) => readFile(path.join(import.meta.dirname, 'certificates', name));
  const [key, cert] = [await read('untrusted.key.pem'), await read('untrusted.pem')];
  const server = createSecureServer({ key, cert }, (_request, response) => response.end('not to be seen'));
  return listen(server, () => server.closeAllConnections());
}

/** A port that nothing listens on: one that was just given back. */
export async function findClosedPort(): Promise<number> {
  const site = await listen(createServer(), () => undefined);
  site.close();
  return site.port;
}

async function listen(server: Server, drop: () => void): Promise<DeafSite> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      drop();
      server.close();
    },
  };
}
