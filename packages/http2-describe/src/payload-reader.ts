/**
 * @module
 * Reads the fields of one frame's payload in order, knowing where in the connection each of them stands.
 */
import type { Span } from './description.js';
import { DescribeError } from './errors.js';
import { type Frame, frameHeaderLength } from './frame-reader.js';
import { frameTypeName } from './frame-types.js';

export class PayloadReader {
  #position = 0;
  #end: number;

  constructor(private readonly frame: Frame) {
    this.#end = frame.payload.length;
  }

  /** Of the next byte, from the start of this direction. */
  get offset(): number {
    return this.frame.offset + frameHeaderLength + this.#position;
  }

  get remaining(): number {
    return this.#end - this.#position;
  }

  span(length: number): Span {
    return { offset: this.offset, length };
  }

  /** The next `length` bytes; throws when the payload has fewer. */
  take(length: number, field: string): Buffer {
    if (length > this.remaining) {
      throw new DescribeError(
        'H2_DESCRIBE_BAD_LENGTH',
        this.offset,
        field,
        `it has ${length} ${length === 1 ? 'byte' : 'bytes'}, but ${frameTypeName(this.frame.type)} has ${this.remaining} left`,
      );
    }
    const bytes = this.frame.payload.subarray(this.#position, this.#position + length);
    this.#position += length;
    return bytes;
  }

  /** Back to a byte that was read, so that an error leaves it among the unread ones. */
  returnTo(offset: number): void {
    this.#position = offset - this.frame.offset - frameHeaderLength;
  }

  rest(): Buffer {
    return this.take(this.remaining, 'rest');
  }

  /** Keeps the last `length` bytes, the padding, from the fields before it. */
  reserve(length: number): void {
    this.#end -= length;
  }

  /** Gives the reserved bytes back, once the fields are read. */
  release(): void {
    this.#end = this.frame.payload.length;
  }
}
