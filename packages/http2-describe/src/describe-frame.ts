/**
 * @module
 * One frame: its header, and its payload by the describer of its type.
 */
import type { ConnectionState } from './connection-state.js';
import { type Description, type Direction, ItemList } from './description.js';
import { DescribeError } from './errors.js';
import { flagsOf, flagsText } from './flags.js';
import { type Frame, frameHeaderLength } from './frame-reader.js';
import { FrameType, frameTypeName, streamScopeViolation } from './frame-types.js';
import { hex } from './hexdump.js';
import { PayloadReader } from './payload-reader.js';
import { describeAltsvc } from './payloads/altsvc.js';
import { describeContinuation } from './payloads/continuation.js';
import { describeData } from './payloads/data.js';
import { describeGoaway } from './payloads/goaway.js';
import { interruption } from './payloads/header-block-fields.js';
import { describeHeaders } from './payloads/headers.js';
import { describeOpaquePayload, describeRestAs } from './payloads/opaque.js';
import { describeOrigin } from './payloads/origin.js';
import type { PayloadDescriber } from './payloads/payload.js';
import { describePing } from './payloads/ping.js';
import { describePriority } from './payloads/priority.js';
import { describePriorityUpdate } from './payloads/priority-update.js';
import { describePushPromise } from './payloads/push-promise.js';
import { describeRstStream } from './payloads/rst-stream.js';
import { describeSettings } from './payloads/settings.js';
import { describeWindowUpdate } from './payloads/window-update.js';

const payloadDescribers: Record<number, PayloadDescriber> = {
  [FrameType.DATA]: describeData,
  [FrameType.HEADERS]: describeHeaders,
  [FrameType.PRIORITY]: describePriority,
  [FrameType.RST_STREAM]: describeRstStream,
  [FrameType.SETTINGS]: describeSettings,
  [FrameType.PUSH_PROMISE]: describePushPromise,
  [FrameType.PING]: describePing,
  [FrameType.GOAWAY]: describeGoaway,
  [FrameType.WINDOW_UPDATE]: describeWindowUpdate,
  [FrameType.CONTINUATION]: describeContinuation,
  [FrameType.ALTSVC]: describeAltsvc,
  [FrameType.ORIGIN]: describeOrigin,
  [FrameType.PRIORITY_UPDATE]: describePriorityUpdate,
};

export function describeFrame(frame: Frame, direction: Direction, connection: ConnectionState): Description {
  const out = new ItemList();
  describeFrameHeader(frame, out);
  for (const error of frameErrors(frame, direction, connection)) out.error(error);
  const reader = new PayloadReader(frame);
  try {
    const describePayload = payloadDescribers[frame.type] ?? describeOpaquePayload;
    describePayload({ frame, reader, out, direction, connection });
    if (reader.remaining > 0) {
      const reason = `${reader.remaining} bytes too many for ${frameTypeName(frame.type)}`;
      throw new DescribeError('H2_DESCRIBE_BAD_LENGTH', reader.offset, 'Frame Payload', reason);
    }
  } catch (error) {
    if (!(error instanceof DescribeError)) throw error;
    reader.release();
    describeRestAs({ reader, out }, 'Unread Payload', 'unreadPayload');
    out.error(error);
    // Header bytes in a frame that does not parse are missing from the table.
    if (frame.type === FrameType.HEADERS || frame.type === FrameType.PUSH_PROMISE) {
      connection.headerBlocks[direction].abandon(error.offset);
    }
  }
  if (frame.omitted > 0) {
    const reason = `${frame.omitted} more bytes, which are passed on, are not shown`;
    out.error(new DescribeError('H2_DESCRIBE_LIMIT', reader.offset, 'Frame Payload', reason));
  }
  return { kind: 'frame', direction, offset: frame.offset, length: frameHeaderLength + frame.length, items: out.items };
}

export function describeFrameHeader(
  { offset, header, length, type, flags, reservedBit, streamId }: Frame,
  out: ItemList,
): void {
  const name = frameTypeName(type);
  out.field(
    'Frame Length',
    `${length} (${hex(header.subarray(0, 3))})`,
    { frameLength: length },
    { offset, length: 3 },
  );
  out.field(
    'Frame Type',
    `${name} (${hex(header.subarray(3, 4))})`,
    { frameType: name, frameTypeCode: type },
    { offset: offset + 3, length: 1 },
  );
  out.field(
    'Flags',
    `${flagsText(type, flags)} (${hex(header.subarray(4, 5))})`,
    { flags: flagsOf(type, flags).map((flag) => flag.name), flagBits: flags },
    { offset: offset + 4, length: 1 },
  );
  out.field(
    'Stream Identifier',
    `${streamId} (${hex(header.subarray(5))})`,
    { streamIdentifier: streamId },
    { offset: offset + 5, length: 4 },
  );
  // The identifier's bytes show it; the number does not.
  if (reservedBit === 1) out.field('Reserved Bit', '1', { reservedBit: 1 });
}

function frameErrors(frame: Frame, direction: Direction, connection: ConnectionState): DescribeError[] {
  const errors: DescribeError[] = [];
  const maximum = connection.maxFrameSize[direction];
  if (frame.length > maximum) {
    const reason = `the receiver accepts at most ${maximum} bytes`;
    errors.push(new DescribeError('H2_DESCRIBE_FRAME_SIZE', frame.offset, 'Frame Length', reason));
  }
  const interrupted = interruption(connection.headerBlocks[direction], frame.type, frame.streamId, frame.offset);
  if (interrupted !== null) errors.push(interrupted);
  const violation = streamScopeViolation(frame.type, frame.streamId);
  if (violation !== null) {
    errors.push(new DescribeError('H2_DESCRIBE_PROTOCOL', frame.offset + 5, 'Stream Identifier', violation));
  }
  return errors;
}
