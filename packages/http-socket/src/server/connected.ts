/**
 * @module
 * Waits until the far end is connected, or gives the attempt up without leaving anything open.
 */
import type { Duplex } from 'node:stream';
import { HttpSocketError } from '../errors.js';

export function whenConnected(connecting: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new HttpSocketError('HTTP_SOCKET_CONNECT_TIMEOUT', 'Failed to connect: it took too long.'));
    };
    signal.addEventListener('abort', giveUp);
    connecting
      .then(async (target) => {
        if (signal.aborted) target.destroy();
        else await whenOpen(target, signal);
        if (!signal.aborted && target.destroyed) throw target.errored ?? new Error('The connection was closed.');
        signal.removeEventListener('abort', giveUp);
        resolve(target);
      })
      .catch((error: unknown) => {
        signal.removeEventListener('abort', giveUp);
        const isOwn = error instanceof HttpSocketError;
        reject(isOwn ? error : connectFailed(error));
      });
  });
}

/** A `net.Socket` says that it is still connecting, a `tls.TLSSocket` too. */
function whenOpen(target: Duplex, signal: AbortSignal): Promise<void> {
  if ((target as { connecting?: boolean }).connecting !== true) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const abort = (): void => void target.destroy(new Error('It took too long.'));
    const settle = (error?: Error): void => {
      target.off('connect', settle);
      signal.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve();
    };
    signal.addEventListener('abort', abort);
    target.once('connect', () => settle());
    // Kept: an error without listener would end the process.
    target.once('error', settle);
  });
}

function connectFailed(error: unknown): HttpSocketError {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  return new HttpSocketError('HTTP_SOCKET_CONNECT_FAILED', `Failed to connect: ${message ?? String(error)}`, {
    remoteCode: code,
    cause: error,
  });
}
