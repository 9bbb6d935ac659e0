/**
 * @module
 * What one connection has told so far that later frames of either direction depend on.
 */
import type { Direction } from './description.js';
import { HeaderBlocks } from './header-block.js';
import type { DescribeLimits } from './limits.js';
import type { ProtobufSchema } from './protobuf/schema.js';
import { Setting } from './settings.js';
import { Streams } from './streams.js';

/** RFC 9113 section 6.5.2 */
const initialMaxFrameSize = 16384;

export class ConnectionState {
  readonly headerBlocks: Record<Direction, HeaderBlocks>;
  readonly streams: Streams;
  /** The longest payload that each peer may send: what the other one allowed it, at most so far. */
  readonly maxFrameSize: Record<Direction, number> = { client: initialMaxFrameSize, server: initialMaxFrameSize };
  /** The client does not speak HTTP/2, so neither will the server. */
  isOpaque = false;

  constructor(
    readonly limits: DescribeLimits,
    schema: ProtobufSchema | null,
  ) {
    this.headerBlocks = { client: new HeaderBlocks(limits), server: new HeaderBlocks(limits) };
    this.streams = new Streams(limits, schema);
  }

  /** `sender` told what it accepts: it binds the other one. When exactly is not to be seen here, so the larger value does. */
  applySetting(sender: Direction, identifier: number, value: number): void {
    const other = sender === 'client' ? 'server' : 'client';
    if (identifier === Setting.HEADER_TABLE_SIZE) this.headerBlocks[other].allowTableSize(value);
    if (identifier === Setting.MAX_FRAME_SIZE) this.maxFrameSize[other] = Math.max(this.maxFrameSize[other], value);
  }
}
