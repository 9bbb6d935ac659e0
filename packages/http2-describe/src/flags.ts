/**
 * @module
 * The flags of each frame type, by bit.
 */
import { FrameType } from './frame-types.js';

export const Flag = { END_STREAM: 0x1, ACK: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

const flagNames: Record<number, Record<number, string>> = {
  [FrameType.DATA]: { 0x1: 'END_STREAM', 0x8: 'PADDED' },
  [FrameType.HEADERS]: { 0x1: 'END_STREAM', 0x4: 'END_HEADERS', 0x8: 'PADDED', 0x20: 'PRIORITY' },
  [FrameType.SETTINGS]: { 0x1: 'ACK' },
  [FrameType.PUSH_PROMISE]: { 0x4: 'END_HEADERS', 0x8: 'PADDED' },
  [FrameType.PING]: { 0x1: 'ACK' },
  [FrameType.CONTINUATION]: { 0x4: 'END_HEADERS' },
};

/** Names of the bits that are set, low bit first. */
export function flagsOf(type: number, bits: number): { name: string; bit: number }[] {
  const flags = [];
  for (let bit = 1; bit <= 0x80; bit <<= 1) {
    if (bits & bit) flags.push({ name: flagNames[type]?.[bit] ?? 'UNKNOWN', bit });
  }
  return flags;
}

/** `END_STREAM:0x1 | END_HEADERS:0x4`, or `UNSET` */
export function flagsText(type: number, bits: number): string {
  const flags = flagsOf(type, bits);
  return flags.length === 0 ? 'UNSET' : flags.map(({ name, bit }) => `${name}:0x${bit.toString(16)}`).join(' | ');
}
