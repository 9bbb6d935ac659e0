/**
 * @module
 * Tells by the first bytes of each direction whether a connection is TLS, behind the PROXY protocol or not, and then follows
 * it. What is not TLS passes through.
 */
import type { Direction } from '../description.js';
import { DescribeError } from '../errors.js';
import { proxyHeaderLength, proxyHeaderVersion } from '../proxy-protocol.js';
import type { TlsSecrets } from './key-log.js';
import { ContentType } from './record-reader.js';
import type { TlsEvent } from './tls-event.js';
import { TlsSession } from './tls-session.js';

export class TlsFront {
  #session: TlsSession | null = null;
  readonly #isPlain: Record<Direction, boolean> = { client: false, server: false };
  /** The client's bytes until they tell. */
  #undecided = Buffer.alloc(0);
  #hasSeenProxyHeader = false;
  /** Bytes before TLS. */
  #start = 0;

  constructor(
    private readonly secrets: TlsSecrets,
    private readonly waitingLimit: number,
  ) {}

  get isWaiting(): boolean {
    return this.#session?.isWaiting ?? false;
  }

  push(bytes: Uint8Array, direction: Direction): TlsEvent[] {
    if (this.#isPlain[direction]) return plaintext(bytes, direction);
    if (bytes.length === 0) return [];
    if (direction === 'client') return this.#session === null ? this.#decide(bytes) : this.#follow(bytes, 'client');
    // HTTP/2 allows a server to speak first, TLS does not.
    if (this.#session !== null) return this.#follow(bytes, 'server');
    this.#isPlain.server = true;
    return plaintext(bytes, 'server');
  }

  retry(): TlsEvent[] {
    return this.#session?.retry() ?? [];
  }

  giveUp(): TlsEvent[] {
    return this.#session?.giveUp() ?? [];
  }

  end(direction: Direction): TlsEvent[] {
    if (this.#session !== null) return this.#session.end(direction);
    const undecided = direction === 'client' ? this.#undecided : Buffer.alloc(0);
    return undecided.length > 0 ? plaintext(undecided, direction) : [];
  }

  #follow(bytes: Uint8Array, direction: Direction): TlsEvent[] {
    return this.#session!.push(bytes, direction);
  }

  #decide(more: Uint8Array): TlsEvent[] {
    const bytes = Buffer.concat([this.#undecided, more]);
    this.#undecided = bytes;
    const header = this.#hasSeenProxyHeader ? 0 : this.#proxyHeader(bytes);
    if (header === null) return [];
    this.#undecided = Buffer.alloc(0);
    const events = header > 0 ? plaintext(bytes.subarray(0, header), 'client') : [];
    if (header > 0) {
      this.#hasSeenProxyHeader = true;
      this.#start = header;
    }
    const rest = bytes.subarray(header);
    if (rest.length === 0) return events;
    if (rest[0] !== ContentType.handshake) {
      this.#isPlain.client = true;
      return [...events, ...plaintext(rest, 'client')];
    }
    this.#session = new TlsSession(this.secrets, this.waitingLimit, this.#start);
    return [...events, ...this.#follow(rest, 'client')];
  }

  /** The length of the PROXY protocol's header, 0 without one; null: not all of it is there. */
  #proxyHeader(bytes: Buffer): number | null {
    const version = proxyHeaderVersion(bytes);
    if (version === null) return 0;
    if (version === 'so far') return null;
    try {
      const length = proxyHeaderLength(bytes, version, 0);
      return length !== null && bytes.length >= length ? length : null;
    } catch (error) {
      // A header that does not parse is told by who describes the start of a connection.
      if (error instanceof DescribeError) return 0;
      throw error;
    }
  }
}

function plaintext(bytes: Uint8Array, direction: Direction): TlsEvent[] {
  return [{ kind: 'plaintext', direction, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) }];
}
