/**
 * @module
 * One connection to the port, seen from where a request is: the stream that carries it, and what that stream is wrapped in.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Whose addresses a stream has: those of the socket at the bottom of it, however it is wrapped. */
export interface Endpoints {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
}

export interface Connection {
  /** What HTTP is spoken over. */
  readonly stream: Duplex & Endpoints;
  /** From the socket inwards, such as `['tls', 'h2', 'connect example.com:443', 'tls']`. */
  readonly layers: readonly string[];
  /** Whether TLS is the innermost layer: the scheme of what is asked for here is https:. */
  readonly isEncrypted: boolean;
  /** How many tunnels this is in. */
  readonly depth: number;
  /** `host:port` that the innermost tunnel was opened to, null outside of any. */
  readonly tunnelTarget: string | null;
}

/** @param carrier what stands in for the socket, if anything does */
export function plainConnection(socket: Socket, carrier: Duplex = socket): Connection {
  if (carrier !== socket) {
    for (const [name, value] of Object.entries(endpointsOf(socket as Socket & Endpoints))) {
      Object.defineProperty(carrier, name, { value, configurable: true });
    }
  }
  return { stream: carrier as Duplex & Endpoints, layers: [], isEncrypted: false, depth: 0, tunnelTarget: null };
}

export function endpointsOf({ remoteAddress, remotePort, localAddress, localPort }: Endpoints): Endpoints {
  return { remoteAddress, remotePort, localAddress, localPort };
}

export function secureConnection(outer: Connection, stream: Duplex & Endpoints): Connection {
  return { ...outer, stream, layers: [...outer.layers, 'tls'], isEncrypted: true };
}

/** @param http what the CONNECT was said in, such as `h2` */
export function tunnelConnection(
  outer: Connection,
  http: string,
  target: string,
  stream: Duplex & Endpoints,
): Connection {
  return {
    stream,
    layers: [...outer.layers, http, `connect ${target}`],
    isEncrypted: false,
    depth: outer.depth + 1,
    tunnelTarget: target,
  };
}

/** Which connection a socket or a session stands for. */
export class ConnectionOf {
  readonly #connections = new WeakMap<object, Connection>();

  set(carrier: object, connection: Connection): void {
    this.#connections.set(carrier, connection);
  }

  /** @throws for a carrier that did not come through the port, which is a mistake of ours */
  get(carrier: object | undefined): Connection {
    const connection = carrier && this.#connections.get(carrier);
    if (!connection) throw new Error('A request came over a connection that did not come through the port.');
    return connection;
  }
}
