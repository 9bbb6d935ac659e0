/**
 * @module
 * Opens a port. `localhost` is two addresses, and browsers try either first: both are opened, for one handler of connections.
 */
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

export type ListenErrorCode = 'PORT_IN_USE' | 'PORT_FORBIDDEN' | 'HOST_UNKNOWN' | 'LISTEN_FAILED';

/** What can keep a port from being opened, with what to do next. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor(
    readonly code: ListenErrorCode,
    readonly host: string,
    readonly port: number,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Failed to listen on port ${port} of ${host}: ${reason}`, options);
  }
}

export interface ListenOptions {
  /** A name or an address; `localhost` is both of its addresses, `0.0.0.0` and `::` are all of this machine's. */
  host: string;
  /** 0 takes any free one. */
  port: number;
}

export interface Listening {
  port: number;
  addresses: string[];
  /** Takes no more connections; those that there are stay. */
  close(): void;
}

/** @throws ListenError */
export async function listen(accept: (socket: Socket) => void, { host, port }: ListenOptions): Promise<Listening> {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const servers: Server[] = [];
  try {
    for (const address of addresses) {
      // A tunnel may be shut in one direction and still carry the other.
      const server = net.createServer({ allowHalfOpen: true }, accept);
      const wanted = servers[0] ? addressOf(servers[0]).port : port;
      try {
        await open(server, address, wanted);
      } catch (cause) {
        // A machine without IPv6 has no ::1; the other address serves.
        if (servers.length > 0 && isMissingAddress(cause)) continue;
        throw explain(cause, host, wanted);
      }
      servers.push(server);
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return {
    port: addressOf(servers[0]!).port,
    addresses: servers.map((server) => addressOf(server).address),
    close: () => {
      for (const server of servers) server.close();
    },
  };
}

function addressOf(server: Server): AddressInfo {
  return server.address() as AddressInfo;
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

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? '');
}

function isMissingAddress(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error));
}

function explain(cause: unknown, host: string, port: number): ListenError {
  const fail = (code: ListenErrorCode, reason: string): ListenError =>
    new ListenError(code, host, port, reason, { cause });
  const code = codeOf(cause);
  if (code === 'EADDRINUSE') {
    return fail(
      'PORT_IN_USE',
      'another program uses it (perhaps another Culvert). Stop that one, or choose another port.',
    );
  }
  if (code === 'EACCES') return fail('PORT_FORBIDDEN', 'this user may not. Choose a port above 1023.');
  if (['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'EAFNOSUPPORT'].includes(code)) {
    return fail(
      'HOST_UNKNOWN',
      'this machine has no such address. Use localhost for this machine alone, or 0.0.0.0 for every address of it.',
    );
  }
  return fail('LISTEN_FAILED', cause instanceof Error ? cause.message : String(cause));
}
