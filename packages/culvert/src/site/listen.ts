/**
 * @module
 * Opens the port. `localhost` is two addresses, and browsers try either first: both are opened, for one handler.
 */
import { httpServerOptions } from '@culvert/bare-server';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SiteError } from './errors.js';

export interface Handlers {
  request: RequestListener;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  clientError(error: Error, socket: Duplex): void;
}

export interface ListenOptions {
  host: string;
  port: number;
  invocation: string;
  /** Gives the stream to use in a connection's place. */
  wrapConnection?: (socket: Socket) => Duplex;
}

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Routes hold whole URLs and Bare requests hold whole header lists: far more than Node's 16 KiB. */
const maxHeaderSize = 512 * 1024;

export async function listen(
  handlers: Handlers,
  { host, port, invocation, wrapConnection }: ListenOptions,
): Promise<Listening> {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const servers: Server[] = [];
  try {
    for (const address of addresses) {
      const server = createServer({ ...httpServerOptions, maxHeaderSize }, handlers.request);
      server.on('upgrade', handlers.upgrade);
      server.on('clientError', handlers.clientError);
      if (wrapConnection) wrapConnections(server, wrapConnection);
      const wanted = servers[0] ? portOf(servers[0]) : port;
      try {
        await open(server, address, wanted);
      } catch (cause) {
        // A machine without IPv6 has no ::1; the other address serves.
        if (servers.length > 0 && isMissingAddress(cause)) continue;
        throw explain(cause, host, wanted, invocation);
      }
      servers.push(server);
    }
  } catch (error) {
    await Promise.all(servers.map(close));
    throw error;
  }
  return {
    port: portOf(servers[0] as Server),
    close: async () => void (await Promise.all(servers.map(close))),
  };
}

/** What listens for connections gets the stream instead of the socket. */
function wrapConnections(server: Server, wrapConnection: (socket: Socket) => Duplex): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    const stream = wrapConnection(socket);
    for (const listener of listeners) listener.call(server, stream);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function open(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? '');
}

function isMissingAddress(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error));
}

function explain(cause: unknown, host: string, port: number, invocation: string): SiteError {
  const where = `port ${port} of ${host}`;
  const code = codeOf(cause);
  if (code === 'EADDRINUSE') {
    const message =
      `Failed to listen on ${where}: another program uses it (perhaps another Culvert). ` +
      `Stop that one, or choose another port: ${invocation} --port ${port + 1}`;
    return new SiteError('PORT_IN_USE', message, { cause });
  }
  if (code === 'EACCES') {
    const message = `Failed to listen on ${where}: this user may not. Choose a port above 1023: ${invocation} --port 8080`;
    return new SiteError('PORT_FORBIDDEN', message, { cause });
  }
  if (['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'EAFNOSUPPORT'].includes(code)) {
    const message =
      `Failed to listen on ${where}: this machine has no such address. ` +
      'Leave --host out for this machine alone, or use --host 0.0.0.0 for every address of it.';
    return new SiteError('HOST_UNKNOWN', message, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SiteError('LISTEN_FAILED', `Failed to listen on ${where}: ${reason}`, { cause });
}
