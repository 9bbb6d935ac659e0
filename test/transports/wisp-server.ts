/** @module A Wisp server of others, which finds every name on this machine. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface WispServer {
  url: string;
  /** WebSockets that were opened to it so far: each start of a transport makes one. */
  readonly connections: number;
  close(): Promise<void>;
}

export async function startWispServer(): Promise<WispServer> {
  const { server: wisp, logging } = createRequire(import.meta.url)('@mercuryworkshop/wisp-js/server');
  logging.set_level(logging.NONE);
  Object.assign(wisp.options, {
    allow_loopback_ips: true,
    allow_private_ips: true,
    dns_method: async () => '127.0.0.1',
  });
  let connections = 0;
  const sockets = new Set<Duplex>();
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    connections++;
    // The server forgets what is upgraded, and would wait for its end: a service worker keeps it open as long as it runs.
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    wisp.routeRequest(request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://localhost:${port}/wisp/`,
    get connections() {
      return connections;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
