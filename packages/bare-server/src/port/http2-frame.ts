/**
 * @module
 * Frames of HTTP/2 (RFC 9113 sections 4.1 and 6): the numbers that the port itself has to know.
 */

export const frameHeaderLength = 9;

/** What SETTINGS_MAX_FRAME_SIZE is at first, section 6.5.2. */
export const defaultMaxFrameSize = 16_384;

export const frameTypes = {
  data: 0x0,
  headers: 0x1,
  rstStream: 0x3,
  settings: 0x4,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const flags = {
  /** Of PING and SETTINGS. */
  ack: 0x1,
  endStream: 0x1,
  endHeaders: 0x4,
} as const;

/** Section 7. */
export const errorCodes = {
  protocolError: 0x1,
  flowControlError: 0x3,
  streamClosed: 0x5,
} as const;
