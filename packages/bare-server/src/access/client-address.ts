/**
 * @module
 * Which client a request comes from: the address of its connection, or behind reverse proxies that are trusted, what they say in
 * X-Forwarded-For. From the right, because what is left of the first trusted entry was written by the client itself.
 */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { BareServerError } from '../errors.js';
import { effectiveAddress, type IpAddress } from '../remote/address-policy.js';

type Range = [IpAddress, number];

const namedRanges: Readonly<Record<string, readonly string[]>> = { loopback: ['127.0.0.0/8', '::1/128'] };
/** A connection over a Unix socket has no address. */
const unixSocket = 'unix';

export class ClientAddresses {
  readonly #trusted: Range[];
  readonly #trustsUnixSockets: boolean;
  /** The address of a connection does not change. */
  readonly #ofSockets = new WeakMap<object, string>();

  /** @throws BareServerError BARE_SERVER_BAD_TRUST_PROXY */
  constructor(trustProxy: readonly string[] = []) {
    this.#trusted = trustProxy.flatMap((entry) => (namedRanges[entry] ?? [entry]).map(parseRange));
    this.#trustsUnixSockets = trustProxy.includes('loopback');
  }

  /** The client's address in one spelling; of IPv6 the /64, which is what one customer has. */
  of(request: IncomingMessage): string {
    const peer = this.#peerOf(request);
    const forwarded = request.headers['x-forwarded-for'];
    if (forwarded === undefined || !this.#isTrusted(peer)) return peer;
    const entries = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded).split(',');
    let client = peer;
    for (const entry of entries.reverse()) {
      const address = keyOf(entry);
      if (address === null) break;
      client = address;
      if (!this.#isTrusted(address)) break;
    }
    return client;
  }

  /** Whether the connection is that of a proxy, which many clients share. */
  isProxySocket(socket: IncomingMessage['socket']): boolean {
    return this.#trusted.length > 0 && this.#isTrusted(this.#peerOf({ socket }));
  }

  /** On this machine, and not by way of a proxy. */
  isLocal(request: IncomingMessage): boolean {
    const { headers } = request;
    if ('x-forwarded-for' in headers || 'forwarded' in headers || 'via' in headers || 'x-real-ip' in headers)
      return false;
    const peer = this.#peerOf(request);
    return peer === unixSocket || peer.startsWith('127.') || peer === '::1';
  }

  #peerOf({ socket }: Pick<IncomingMessage, 'socket'>): string {
    let peer = this.#ofSockets.get(socket);
    if (peer === undefined) {
      peer = keyOf(socket.remoteAddress ?? '') ?? unixSocket;
      this.#ofSockets.set(socket, peer);
    }
    return peer;
  }

  #isTrusted(key: string): boolean {
    if (key === unixSocket) return this.#trustsUnixSockets;
    const address = ipaddr.parse(key.replace(/\/64$/, ''));
    return this.#trusted.some((range) => range[0].kind() === address.kind() && address.match(range));
  }
}

/** `1.2.3.4`, `2001:db8:1:2::/64`, or null for what is no address. */
function keyOf(text: string): string | null {
  const bare = text.trim().replace(/^"?\[?([^\]"%]*)(?:%[^\]"]*)?\]?"?(?::\d+)?$/, '$1');
  const host = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(bare) ? bare.slice(0, bare.indexOf(':')) : bare;
  if (!ipaddr.isValid(host)) return null;
  const address = effectiveAddress(ipaddr.parse(host));
  if (address instanceof ipaddr.IPv4) return address.toString();
  if (address.range() === 'loopback') return '::1';
  const [a, b, c, d] = address.parts;
  return `${new ipaddr.IPv6([a!, b!, c!, d!, 0, 0, 0, 0]).toString()}/64`;
}

function parseRange(entry: string): Range {
  try {
    if (entry.includes('/')) return ipaddr.parseCIDR(entry) as Range;
    const address = effectiveAddress(ipaddr.parse(entry));
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (cause) {
    throw new BareServerError(
      'BARE_SERVER_BAD_TRUST_PROXY',
      `Failed to read ${JSON.stringify(entry)} of trustProxy: it is an address, a range such as 10.0.0.0/8, or loopback.`,
      { cause },
    );
  }
}
