/**
 * @module
 * The part of a header block in one frame, and in the frame that ends the block all of its headers.
 */
import type { ItemList } from '../description.js';
import { DescribeError } from '../errors.js';
import { Flag } from '../flags.js';
import { FrameType } from '../frame-types.js';
import type { HeaderBlocks } from '../header-block.js';
import type { DecodedBlock } from '../hpack/hpack-decoder.js';
import { stringLiteral } from '../python-literal.js';
import { textOfBytes } from '../text-of-bytes.js';
import type { PayloadContext } from './payload.js';

/** `targetStreamId`: the stream whose headers they are, for frames that begin a block. */
export function describeHeaderBlock(context: PayloadContext, targetStreamId: number): void {
  const { frame, reader, out, direction, connection } = context;
  const blocks = connection.headerBlocks[direction];
  const { offset } = reader;
  const fragment = reader.rest();
  if (frame.type !== FrameType.CONTINUATION) {
    const endsStream = frame.type === FrameType.HEADERS && (frame.flags & Flag.END_STREAM) !== 0;
    blocks.begin(frame.streamId, targetStreamId, endsStream);
  } else if (blocks.open?.streamId !== frame.streamId) {
    out.hexdump('Compressed Headers', fragment, 'headerBlockFragment', offset);
    const reason = `there is no header block on stream ${frame.streamId} to continue`;
    out.error(new DescribeError('H2_DESCRIBE_PROTOCOL', frame.offset, 'Frame Type', reason));
    return;
  }
  const { endsStream, targetStreamId: stream, size: sizeBefore } = blocks.open!;
  if (frame.omitted > 0) blocks.lose(offset);
  const limitError = blocks.append(fragment, offset);
  const errors = limitError === null ? [] : [limitError];
  if ((frame.flags & Flag.END_HEADERS) === 0) {
    const size = sizeBefore + fragment.length;
    out.field('Header Block', `${size} bytes so far, continued in CONTINUATION`, { headerBlockContinues: true });
  } else {
    const { lostAt } = blocks;
    const finished = blocks.finish();
    if (finished === null) {
      // What lost the table has been told where it happened.
      if (limitError === null) errors.push(lostError(offset, lostAt!));
    } else {
      showBlock(finished.block, out);
      if (finished.error !== null) errors.push(finished.error);
      if (finished.block.omitted.fields > 0) errors.push(omittedError(offset, finished.block));
      connection.streams.noteHeaders(stream, direction, finished.block.fields);
    }
  }
  out.hexdump('Compressed Headers', fragment, 'headerBlockFragment', offset);
  for (const error of errors) out.error(error);
  if (endsStream && frame.flags & Flag.END_HEADERS) connection.streams.end(stream, direction, reader.offset, out);
}

function showBlock(block: DecodedBlock, out: ItemList): void {
  for (const size of block.tableSizes) {
    out.field('Dynamic Table Size Update', String(size), { dynamicTableSize: size });
  }
  if (block.fields.length === 0) return;
  const headers = block.fields.map(({ name, value, representation }) => ({
    name: textOfBytes(name),
    value: textOfBytes(value),
    representation,
  }));
  const lines = headers.map(({ name, value }) => `${stringLiteral(name)} -> ${stringLiteral(value)}`);
  out.block('Headers', lines, { headers });
}

function lostError(offset: number, lostAt: number): DescribeError {
  const reason = `not decoded, because the header block at byte ${lostAt} was not`;
  return new DescribeError('H2_DESCRIBE_HPACK_LOST', offset, 'Headers', reason);
}

function omittedError(offset: number, { omitted }: DecodedBlock): DescribeError {
  const reason = `${omitted.fields} more headers of ${omitted.bytes} bytes are not shown`;
  return new DescribeError('H2_DESCRIBE_LIMIT', offset, 'Headers', reason);
}

/** What a frame that interrupts a header block costs; null when it does not interrupt one. */
export function interruption(
  blocks: HeaderBlocks,
  type: number,
  streamId: number,
  offset: number,
): DescribeError | null {
  if (blocks.open === null) return null;
  const awaited = blocks.open.streamId;
  if (type === FrameType.CONTINUATION && streamId === awaited) return null;
  blocks.abandon(offset);
  const reason = `the header block on stream ${awaited} is not finished, so only its CONTINUATION may come`;
  return new DescribeError('H2_DESCRIBE_PROTOCOL', offset, 'Frame Type', reason);
}
