/**
 * @module
 * Bytes whose meaning is not known, in blocks of one size, so that how they were cut into chunks never shows.
 */
import { ByteQueue } from './byte-queue.js';
import { type Description, type Direction, ItemList } from './description.js';

/** Described at a time. */
export const opaqueBlockLength = 1024;

export function describeOpaque(queue: ByteQueue, length: number, direction: Direction): Description {
  const { offset } = queue;
  const out = new ItemList();
  out.hexdump('Opaque Bytes', queue.take(length), 'bytes', offset);
  return { kind: 'opaque', direction, offset, length, items: out.items };
}

export class OpaqueBytes {
  readonly #queue: ByteQueue;

  constructor(
    private readonly direction: Direction,
    /** Bytes of the direction before them. */
    offset: number,
  ) {
    this.#queue = new ByteQueue(offset);
  }

  push(bytes: Uint8Array): Description[] {
    this.#queue.push(bytes);
    const descriptions: Description[] = [];
    while (this.#queue.length >= opaqueBlockLength) {
      descriptions.push(describeOpaque(this.#queue, opaqueBlockLength, this.direction));
    }
    return descriptions;
  }

  end(): Description[] {
    return this.#queue.length === 0 ? [] : [describeOpaque(this.#queue, this.#queue.length, this.direction)];
  }
}
