/**
 * @module
 * Bytes of something that did not come to its end.
 */
import type { ItemList } from './description.js';
import { bytesLiteral } from './python-literal.js';

export function describeRestAsBytes(out: ItemList, label: string, bytes: Buffer, offset: number): void {
  if (bytes.length === 0) return;
  out.block(label, [bytesLiteral(bytes)], {});
  out.hexdump(label, bytes, 'truncatedBytes', offset);
}
