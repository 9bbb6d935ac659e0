/**
 * @module
 * The header of a WebSocket frame (RFC 6455 section 5.2).
 */

export interface WebSocketFrameHeader {
  firstByte: number;
  isFinal: boolean;
  opcode: number;
  isControl: boolean;
  length: bigint;
  mask: Buffer | null;
}

const opcodeNames: Record<number, string> = {
  0: 'CONTINUATION',
  1: 'TEXT',
  2: 'BINARY',
  8: 'CLOSE',
  9: 'PING',
  10: 'PONG',
};

export function opcodeName(opcode: number): string {
  return opcodeNames[opcode] ?? 'UNKNOWN';
}

/** How long the header is that begins with these bytes, as far as they tell: two to fourteen. */
export function headerLengthOf(bytes: Buffer): number {
  const second = bytes[1];
  if (second === undefined) return 2;
  const extended = (second & 0x7f) === 126 ? 2 : (second & 0x7f) === 127 ? 8 : 0;
  return 2 + extended + (second & 0x80 ? 4 : 0);
}

/** `bytes` are the whole header. */
export function parseFrameHeader(bytes: Buffer): WebSocketFrameHeader {
  const firstByte = bytes[0]!;
  const shortLength = bytes[1]! & 0x7f;
  const isMasked = (bytes[1]! & 0x80) !== 0;
  const opcode = firstByte & 0x0f;
  return {
    firstByte,
    isFinal: (firstByte & 0x80) !== 0,
    opcode,
    isControl: (opcode & 0x8) !== 0,
    length:
      shortLength === 126
        ? BigInt(bytes.readUInt16BE(2))
        : shortLength === 127
          ? bytes.readBigUInt64BE(2)
          : BigInt(shortLength),
    mask: isMasked ? Buffer.from(bytes.subarray(-4)) : null,
  };
}
