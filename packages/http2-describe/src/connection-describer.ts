/**
 * @module
 * The library's entry: a state per connection that is given the bytes of both directions as they pass.
 */
import { ConnectionState } from './connection-state.js';
import type { Description, Direction } from './description.js';
import { DirectionDescriber } from './direction-describer.js';
import { defaultLimits, type DescribeLimits } from './limits.js';
import type { ProtobufSchema } from './protobuf/schema.js';

export interface ConnectionDescriberOptions {
  /** Names for the messages of gRPC. */
  schema?: ProtobufSchema | null;
  limits?: Partial<DescribeLimits>;
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

  constructor(options: ConnectionDescriberOptions = {}) {
    const state = new ConnectionState({ ...defaultLimits, ...options.limits }, options.schema ?? null);
    this.#directions = {
      client: new DirectionDescriber('client', state),
      server: new DirectionDescriber('server', state),
    };
  }

  /** What `bytes`, which `direction` sent, complete; bytes may be cut anywhere. They are copied where they are kept. */
  describe(bytes: Uint8Array, direction: Direction): Description[] {
    return this.#directions[direction].push(bytes);
  }

  /** `direction` sends no more. */
  end(direction: Direction): Description[] {
    return this.#directions[direction].end();
  }
}
