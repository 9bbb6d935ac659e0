/**
 * @module
 * A payload whose meaning is not known: a frame type that is not in the table, DATA of no special content, bytes that an
 * error left unread.
 */
import { bytesLiteral } from '../python-literal.js';
import type { PayloadContext, PayloadDescriber } from './payload.js';

export const describeOpaquePayload: PayloadDescriber = (context) => {
  describeRestAs(context, 'Frame Payload', 'payload');
};

/** All that is left of the payload, as Python's bytes and as a hexdump; nothing when nothing is left. */
export function describeRestAs(
  { reader, out }: Pick<PayloadContext, 'reader' | 'out'>,
  label: string,
  key: string,
): void {
  if (reader.remaining === 0) return;
  const { offset } = reader;
  const bytes = reader.rest();
  out.block(label, [bytesLiteral(bytes)], {});
  out.hexdump(label, bytes, key, offset);
}
