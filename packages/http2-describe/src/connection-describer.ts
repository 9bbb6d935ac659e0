/**
 * @module
 * The library's entry: a state per connection that is given the bytes of both directions as they pass.
 */
import { ConnectionState } from './connection-state.js';
import type { Description, Direction } from './description.js';
import { DirectionDescriber } from './direction-describer.js';
import { defaultLimits, type DescribeLimits } from './limits.js';
import type { ProtobufSchema } from './protobuf/schema.js';
import type { TlsSecrets } from './tls/key-log.js';
import type { TlsEvent } from './tls/tls-event.js';
import { TlsFront } from './tls/tls-front.js';

export interface ConnectionDescriberOptions {
  /** Names for the messages of gRPC. */
  schema?: ProtobufSchema | null;
  limits?: Partial<DescribeLimits>;
  /** Opens connections that are TLS: a KeyLogFile that a peer writes, or a KeyLog. Without it they are shown as bytes. */
  tlsSecrets?: TlsSecrets | null;
}

/**
 * Describes one connection. Never throws for what a peer sent: errors are items of the description.
 *
 * @example
 * const connection = new ConnectionDescriber();
 * for (const description of connection.describe(chunk, 'client')) process.stdout.write(renderText(description));
 */
export class ConnectionDescriber {
  readonly #directions: Record<Direction, DirectionDescriber>;
  readonly #tls: TlsFront | null;

  constructor(options: ConnectionDescriberOptions = {}) {
    const limits = { ...defaultLimits, ...options.limits };
    const state = new ConnectionState(limits, options.schema ?? null);
    this.#directions = {
      client: new DirectionDescriber('client', state),
      server: new DirectionDescriber('server', state),
    };
    this.#tls = options.tlsSecrets ? new TlsFront(options.tlsSecrets, limits.waitingRecords) : null;
  }

  /** Whether TLS records wait for a secret that is not logged yet: `retry` once it may be, or `giveUp`. */
  get isWaiting(): boolean {
    return this.#tls?.isWaiting ?? false;
  }

  /** What `bytes`, which `direction` sent, complete; bytes may be cut anywhere. They are copied where they are kept. */
  describe(bytes: Uint8Array, direction: Direction): Description[] {
    if (this.#tls === null) return this.#directions[direction].push(bytes);
    return this.#describeAll(this.#tls.push(bytes, direction));
  }

  /** What secrets that were logged since have made readable. */
  retry(): Description[] {
    return this.#describeAll(this.#tls?.retry() ?? []);
  }

  /** Shows what waits for secrets, and all that follows it, as bytes. */
  giveUp(): Description[] {
    return this.#describeAll(this.#tls?.giveUp() ?? []);
  }

  /** `direction` sends no more. */
  end(direction: Direction): Description[] {
    const last = this.#describeAll(this.#tls?.end(direction) ?? []);
    return [...last, ...this.#directions[direction].end()];
  }

  #describeAll(events: TlsEvent[]): Description[] {
    return events.flatMap((event) =>
      event.kind === 'description' ? [event.description] : this.#directions[event.direction].push(event.bytes),
    );
  }
}
