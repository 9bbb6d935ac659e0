/**
 * @module
 * Feeds an unpacker and keeps its events as plain values, so that runs with different chunks can be compared.
 */
import { Unpacker, type ErrorMessage, type Message, type UnpackerLimits } from './index.js';

export type Collected = { event: string; data: string | undefined; [key: string]: unknown };

export function collectingUnpacker(limits?: UnpackerLimits): { unpacker: Unpacker; events: Collected[] } {
  const events: Collected[] = [];
  const keep = (event: string) => (message: Message | ErrorMessage) => {
    events.push({ ...message, event, data: message.data && Buffer.from(message.data).toString('base64') });
  };
  const unpacker = new Unpacker(
    {
      onmessage: keep('message'),
      oncontrol: keep('control'),
      onconnection: keep('connection'),
      onpause: keep('pause'),
      onresume: keep('resume'),
      onend: keep('end'),
      onerror: keep('error'),
    },
    limits,
  );
  return { unpacker, events };
}

export function unpackAll(chunks: readonly Uint8Array[], limits?: UnpackerLimits): Collected[] {
  const { unpacker, events } = collectingUnpacker(limits);
  for (const chunk of chunks) {
    unpacker.addChunk(chunk);
  }
  unpacker.end();
  return events;
}
