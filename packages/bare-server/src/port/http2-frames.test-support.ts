/**
 * @module
 * Frames of HTTP/2 as bytes, for what no client of Node's would send.
 */
import type { Duplex } from 'node:stream';

export interface Frame {
  type: number;
  flags: number;
  stream: number;
  payload: Buffer;
}

export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Reads frames until one of them is the last. */
export async function readFrames(stream: Duplex, isLast: (frame: Frame) => boolean): Promise<Frame[]> {
  const frames: Frame[] = [];
  let bytes = Buffer.alloc(0);
  for (;;) {
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const end = 9 + bytes.readUIntBE(0, 3);
      const next = {
        type: bytes[3]!,
        flags: bytes[4]!,
        stream: bytes.readUInt32BE(5),
        payload: bytes.subarray(9, end),
      };
      frames.push(next);
      if (isLast(next)) return frames;
      bytes = bytes.subarray(end);
    }
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) bytes = Buffer.concat([bytes, chunk]);
    else if (stream.destroyed || stream.readableEnded)
      throw new Error(`The stream ended after ${frames.length} frames.`);
    else await change(stream);
  }
}

/** Its listeners do not stay, as those of `once` in a race would. */
function change(stream: Duplex): Promise<void> {
  const names = ['readable', 'end', 'close'];
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of names) stream.off(name, done);
      resolve();
    };
    for (const name of names) stream.on(name, done);
  });
}

/** GET, http, / and the authority a (RFC 7541 appendix A), without a place in the table of header fields. */
export const requestBlock = Buffer.from([0x82, 0x86, 0x84, 0x01, 0x01, 0x61]);
