/**
 * @module
 * DATA (RFC 9113 section 6.1): the messages in it where the headers announced some, else its bytes.
 */
import { DescribeError } from '../errors.js';
import { Flag } from '../flags.js';
import { describeRestAs } from './opaque.js';
import { describePadded } from './padding.js';
import type { PayloadDescriber } from './payload.js';

export const describeData: PayloadDescriber = (context) => {
  const { frame, reader, out, direction, connection } = context;
  describePadded(context, () => {
    const content = connection.streams.contentOf(frame.streamId, direction);
    if (content === null) return describeRestAs(context, 'Frame Payload', 'payload');
    const { offset } = reader;
    const data = reader.rest();
    const first = out.items.length;
    const described = content.describe(data, offset, out);
    // Programs get the bytes as they were, whatever they mean.
    const item = out.items.slice(first).find(({ kind }) => kind !== 'error');
    if (item !== undefined && item.kind !== 'error') {
      item.values = { ...item.values, payload: data.toString('hex') };
    }
    reader.returnTo(offset + described);
    if (reader.remaining === 0) return;
    const reason = 'it holds more messages than are shown; this stream goes on as bytes';
    const error = new DescribeError('H2_DESCRIBE_LIMIT', reader.offset, 'Frame Payload', reason);
    connection.streams.forget(frame.streamId);
    describeRestAs(context, 'Frame Payload', 'restOfPayload');
    out.error(error);
  });
  // Bytes over the limit are unseen, so whatever follows them in this stream could not be told apart.
  if (frame.omitted > 0) connection.streams.forget(frame.streamId);
  if (frame.flags & Flag.END_STREAM) connection.streams.end(frame.streamId, direction, reader.offset, out);
};
