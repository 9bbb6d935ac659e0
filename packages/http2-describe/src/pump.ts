/**
 * @module
 * One direction of a proxied connection: every byte as it came, its end as an end, its reset as a reset.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Direction } from './description.js';

/** Passes bytes on as fast as the other side takes them. */
export function pump(
  from: Socket,
  to: Socket,
  direction: Direction,
  say: (bytes: Buffer | null, direction: Direction) => void,
  done: (direction: Direction) => void,
): void {
  let isDone = false;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    say(null, direction);
    done(direction);
  };
  from.setNoDelay(true);
  from.on('data', (bytes) => {
    if (to.writable && !to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
    say(bytes, direction);
  });
  from.once('end', () => {
    to.end();
    finish();
  });
  from.on('error', () => {
    // A reset is passed on as one: the peer would take an orderly end for the end of the data.
    if (!to.destroyed) resetSocket(to);
  });
  from.once('close', () => {
    finish();
    if (!to.destroyed && !to.writableEnded) to.end();
  });
}

function resetSocket(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
