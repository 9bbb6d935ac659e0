/**
 * @module
 * Joins a connection and its client in the tunnel: bytes, ends of either side, and resets.
 */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Either may be a net.Socket, which then must allow half-open connections for one side's end to leave the other's. */
export function joinStreams(one: Duplex, other: Duplex): void {
  one.pipe(other);
  other.pipe(one);
  breakTogether(one, other);
  breakTogether(other, one);
}

function breakTogether(from: Duplex, to: Duplex): void {
  let failure: Error | undefined;
  from.on('error', (error) => {
    failure = error;
  });
  from.on('close', () => {
    const isWhole = from.readableEnded && from.writableFinished;
    if (!isWhole) {
      resetStream(to, failure);
    }
  });
  if (from.destroyed) {
    resetStream(to);
  }
}

/** Closes in a way that its peer cannot take for an orderly end; a client in the tunnel is told the reason's code. */
export function resetStream(stream: Duplex, reason?: Error): void {
  if (stream.destroyed) {
    return;
  }
  if (stream instanceof Socket) {
    stream.on('error', () => {
      // A socket without TCP below (a pipe, TLS) cannot be reset and says so, closed all the same.
    });
    stream.resetAndDestroy();
  } else {
    stream.destroy(reason);
  }
}
