/**
 * @module
 * The Pad Length in front of a padded payload and the Padding after it.
 */
import { DescribeError } from '../errors.js';
import { Flag } from '../flags.js';
import { hex } from '../hexdump.js';
import type { PayloadContext } from './payload.js';

/** Describes what is between the pad length and the padding with `describeFields`, and both around it. */
export function describePadded(context: PayloadContext, describeFields: () => void): void {
  const { frame, reader, out } = context;
  if ((frame.flags & Flag.PADDED) === 0) {
    describeFields();
    return;
  }
  const span = reader.span(1);
  const bytes = reader.take(1, 'Pad Length');
  const length = bytes[0]!;
  out.field('Pad Length', `${length} (${hex(bytes)})`, { padLength: length }, span);
  // What is over the describer's limit is cut off the end, so the padding goes first.
  const padding = Math.max(0, length - frame.omitted);
  if (padding > reader.remaining) {
    throw new DescribeError(
      'H2_DESCRIBE_BAD_PADDING',
      span.offset,
      'Pad Length',
      `${length} bytes of padding, but the frame has ${reader.remaining} left`,
    );
  }
  reader.reserve(padding);
  describeFields();
  reader.release();
  const offset = reader.offset;
  const paddingBytes = reader.take(padding, 'Padding');
  out.hexdump('Padding', paddingBytes, 'padding', offset);
  const firstNonZero = paddingBytes.findIndex((byte) => byte !== 0);
  if (firstNonZero >= 0) {
    out.error(
      new DescribeError('H2_DESCRIBE_BAD_PADDING', offset + firstNonZero, 'Padding', 'it holds other bytes than zero'),
    );
  }
}
