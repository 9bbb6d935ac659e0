/**
 * @module
 * The five bytes of a dependency, in PRIORITY frames and in HEADERS with the PRIORITY flag (RFC 7540 section 6.3; RFC 9113
 * deprecates what they say but keeps them).
 */
import { DescribeError } from '../errors.js';
import { hex } from '../hexdump.js';
import type { PayloadContext } from './payload.js';

export function describePriorityFields({ frame, reader, out }: PayloadContext): void {
  const span = reader.span(4);
  const word = reader.take(4, 'Stream Dependency');
  const exclusive = word[0]! >> 7;
  const dependency = word.readUInt32BE() & 0x7fffffff;
  out.field(
    'Exclusive Bit',
    `${exclusive}, Stream Dependency = ${dependency} (${hex(word)})`,
    { exclusive: exclusive === 1, streamDependency: dependency },
    span,
  );
  if (dependency === frame.streamId) {
    out.error(
      new DescribeError('H2_DESCRIBE_PROTOCOL', span.offset, 'Stream Dependency', 'a stream may not depend on itself'),
    );
  }
  const weightSpan = reader.span(1);
  const weight = reader.take(1, 'Weight');
  // Sent as 0 to 255, meant as 1 to 256.
  out.field('Weight', `${weight[0]! + 1} (${hex(weight)})`, { weight: weight[0]! + 1 }, weightSpan);
}
