/**
 * @module
 * Who a message belongs to: the client's address, its id, and how to read both off a socket. No platform is used; a
 * socket is anything with Node's property names.
 */

/** A client as the header names it; the last three are optional and most useful in the first message of a connection. */
export interface Address {
  family: string;
  address: string;
  port: number | string;
  /** A name of /etc/services ("https"), otherwise "tls", "tcp" or "udp". */
  service?: string | undefined;
  /** The port the client connected to. */
  serviceport?: number | string | undefined;
  /** The host name the client asked for, where the service tells one. */
  name?: string | undefined;
}

/** The part of an address that tells one client from another. */
export type ClientAddress = Pick<Address, 'family' | 'address' | 'port'>;

/** What is read of a socket. */
export interface SocketLike {
  readonly remoteFamily?: string | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

export interface SocketAddress {
  family: string | undefined;
  address: string | undefined;
  port: number | undefined;
  serviceport: number | undefined;
}

/** The id of a client: the same text for the same family, address and port. */
export function addrToId(address: { family?: unknown; address?: unknown; port?: unknown }): string {
  return `${address.family},${address.address},${address.port}`;
}

/** The address of the other end of a socket; each part is undefined where the socket, and what it wraps, know none. */
export function socketToAddr(socket: SocketLike): SocketAddress {
  const source = socketWithAddress(socket);
  return {
    family: source?.remoteFamily,
    address: source?.remoteAddress,
    port: source?.remotePort,
    serviceport: source?.localPort,
  };
}

export function socketToId(socket: SocketLike): string {
  return addrToId(socketToAddr(socket));
}

const addressNames = ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort'] as const;

/**
 * Makes a socket that wraps another (TLS over a stream) show the address of what it wraps, and returns the same socket.
 * A property the socket knows itself stays as it is.
 */
export function wrapSocket<T extends SocketLike>(socket: T): T {
  const prototype = Object.getPrototypeOf(socket) as object;
  for (const name of addressNames) {
    const own = Object.hasOwn(socket, name) ? socket[name] : undefined;
    Object.defineProperty(socket, name, {
      configurable: true,
      enumerable: false,
      // Asked each time: a socket knows its address only once it is connected.
      get: () => own || Reflect.get(prototype, name, socket) || wrappedSocket(socket)?.[name] || '',
    });
  }
  return socket;
}

/** The names of the API as its documentation writes them. */
export const Stream = { wrapSocket };

type Loose = { readonly [key: string]: unknown };

function socketWithAddress(socket: SocketLike): SocketLike | undefined {
  return socket.remotePort ? socket : wrappedSocket(socket);
}

/**
 * What the socket wraps, if that has a remote port. A TLSSocket over a plain stream keeps the stream behind its handle:
 * https://github.com/nodejs/node/issues/8854. The names with `_` are those of older wrappers.
 */
function wrappedSocket(socket: SocketLike): SocketLike | undefined {
  const loose = socket as unknown as Loose;
  if (loose._remotePort) {
    return {
      remoteFamily: loose._remoteFamily as string,
      remoteAddress: loose._remoteAddress as string,
      remotePort: loose._remotePort as number,
      localAddress: loose._localAddress as string,
      localPort: loose._localPort as number,
    };
  }
  const handle = asLoose(loose._handle);
  const parentWrap = asLoose(handle?._parentWrap);
  const candidates = [
    asLoose(asLoose(asLoose(handle?._parent)?.owner)?.stream),
    parentWrap,
    asLoose(asLoose(asLoose(parentWrap?._handle)?.owner)?.stream),
  ];
  return candidates.find((candidate) => candidate?.remotePort) as SocketLike | undefined;
}

function asLoose(value: unknown): Loose | undefined {
  return typeof value === 'object' && value !== null ? (value as Loose) : undefined;
}
