/**
 * @module
 * What each frame type's describer is given.
 */
import type { ConnectionState } from '../connection-state.js';
import type { Direction, ItemList } from '../description.js';
import type { Frame } from '../frame-reader.js';
import type { PayloadReader } from '../payload-reader.js';

export interface PayloadContext {
  frame: Frame;
  reader: PayloadReader;
  out: ItemList;
  direction: Direction;
  connection: ConnectionState;
}

/** Adds the items of a payload. A DescribeError that it throws ends the payload; what is unread is then shown as bytes. */
export type PayloadDescriber = (context: PayloadContext) => void;
