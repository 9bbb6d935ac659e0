/**
 * @module
 * A reserved bit and a number of 31 bits, which many frame types begin with.
 */
import { hex } from '../hexdump.js';
import type { PayloadContext } from './payload.js';

/** `Reserved Bit = 0, Window Size Increment = 5 (00 00 00 05)`; returns the number. */
export function describeReservedAnd31Bits({ reader, out }: PayloadContext, label: string, key: string): number {
  const span = reader.span(4);
  const bytes = reader.take(4, label);
  const word = bytes.readUInt32BE();
  const value = word & 0x7fffffff;
  const reserved = word >>> 31;
  out.field('Reserved Bit', `${reserved}, ${label} = ${value} (${hex(bytes)})`, { [key]: value }, span);
  return value;
}
