/**
 * @module
 * Reads the first bytes of a stream until they say enough, and gives them back: whoever reads the stream next gets every byte, and the
 * bytes that were decided on may be replaced. Gives up on a stream that stays silent or says too little.
 */
import type { Duplex } from 'node:stream';

export interface Decision<T> {
  value: T;
  /** What the next reader gets in place of the bytes that were read; these themselves by default. */
  replacement?: Buffer;
}

export interface BeginningHandlers<T> {
  decided(value: T): void;
  /** The time is over. @param received how many bytes have come */
  timedOut(received: number): void;
  /** The stream has ended or broken off before it said enough. @param received how many bytes had come */
  ended(received: number): void;
}

/** Calls one of the handlers, once. `decide` sees all bytes so far, and gives null for more. */
export function readBeginning<T>(
  stream: Duplex,
  timeout: number,
  decide: (bytes: Buffer) => Decision<T> | null,
  handlers: BeginningHandlers<T>,
): void {
  let bytes: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => settle(() => handlers.timedOut(bytes.length)), timeout);

  const settle = (then: () => void): void => {
    clearTimeout(timer);
    stream.off('readable', read).off('end', end).off('close', end);
    then();
  };
  const end = (): void => settle(() => handlers.ended(bytes.length));
  const read = (): void => {
    const chunk = stream.read() as Buffer | null;
    if (chunk === null) return;
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const decision = decide(bytes);
    if (decision === null) return;
    const rest = decision.replacement ?? bytes;
    settle(() => {
      if (rest.length > 0) stream.unshift(rest);
      handlers.decided(decision.value);
    });
  };

  stream.on('readable', read).on('end', end).on('close', end);
  // What came before anybody listened is not announced again.
  if (stream.readableLength > 0) read();
}
