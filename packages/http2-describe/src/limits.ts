/**
 * @module
 * How much of one connection the describer keeps and shows. Past a limit bytes still pass; an error in the description says
 * what was left out.
 */

export interface DescribeLimits {
  /** Bytes of one frame's payload that are kept and shown. */
  framePayload: number;
  /** Bytes of one header block, compressed, over all its frames. */
  headerBlock: number;
  /** Bytes of names and values shown of one header block: an HPACK bomb decodes to far more than was sent. */
  headerList: number;
  /** Bytes of one HPACK dynamic table, whatever SETTINGS_HEADER_TABLE_SIZE allows. */
  headerTable: number;
  /** Streams whose requests are remembered. */
  streams: number;
  /** Bytes of one gRPC or WebSocket message, as sent and again when decompressed. */
  message: number;
  /** Bytes of unfinished messages over all streams of a connection. */
  pendingMessages: number;
  /** Bytes of TLS records that wait for their secrets to be logged. */
  waitingRecords: number;
}

export const defaultLimits: DescribeLimits = {
  framePayload: 1 << 20,
  headerBlock: 256 << 10,
  headerList: 256 << 10,
  headerTable: 1 << 20,
  streams: 4096,
  message: 4 << 20,
  pendingMessages: 16 << 20,
  waitingRecords: 1 << 20,
};
