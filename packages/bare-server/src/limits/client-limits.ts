/**
 * @module
 * How much one client address may have at the same time: connections and requests. WebSockets count as requests.
 */
import type { IncomingMessage } from 'node:http';
import { BareProtocolError } from '@culvert/bare-protocol';
import type { ClientAddresses } from '../access/client-address.js';
import { defaults, type BareServerOptions } from '../options.js';

interface Usage {
  connections: number;
  requests: number;
}

export class ClientLimits {
  readonly #maxConnections: number;
  readonly #maxRequests: number;
  readonly #usages = new Map<string, Usage>();
  readonly #counted = new WeakSet<object>();

  constructor(options: BareServerOptions) {
    this.#maxConnections = options.maxConnectionsPerClient ?? defaults.maxConnectionsPerClient;
    this.#maxRequests = options.maxRequestsPerClient ?? defaults.maxRequestsPerClient;
  }

  /** Addresses that have something open. */
  get size(): number {
    return this.#usages.size;
  }

  /**
   * Counts a request, and its connection when it is the first one on it.
   *
   * @returns to be called when the request is over
   * @throws BareProtocolError IMPL_TOO_MANY_REQUESTS
   */
  enter(request: IncomingMessage, client: string, clients: ClientAddresses): () => void {
    const usage = this.#usages.get(client) ?? { connections: 0, requests: 0 };
    this.#countConnection(request, client, usage, clients);
    if (usage.connections > this.#maxConnections) {
      throw tooMany(`${this.#maxConnections} connections (maxConnectionsPerClient)`);
    }
    if (usage.requests >= this.#maxRequests) {
      throw tooMany(`${this.#maxRequests} requests at the same time (maxRequestsPerClient)`);
    }
    usage.requests++;
    this.#usages.set(client, usage);
    return () => {
      usage.requests--;
      this.#forget(client, usage);
    };
  }

  #countConnection({ socket }: IncomingMessage, client: string, usage: Usage, clients: ClientAddresses): void {
    if (this.#counted.has(socket)) return;
    this.#counted.add(socket);
    // A proxy's connections are shared by its clients.
    if (clients.isProxySocket(socket)) return;
    usage.connections++;
    this.#usages.set(client, usage);
    socket.once('close', () => {
      usage.connections--;
      this.#forget(client, usage);
    });
  }

  #forget(client: string, usage: Usage): void {
    if (usage.connections === 0 && usage.requests === 0 && this.#usages.get(client) === usage)
      this.#usages.delete(client);
  }
}

function tooMany(what: string): BareProtocolError {
  return new BareProtocolError(
    'IMPL_TOO_MANY_REQUESTS',
    'request',
    `This address has more than ${what}; try again later.`,
  );
}
