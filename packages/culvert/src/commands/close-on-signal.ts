/**
 * @module
 * How a command that runs until it is told to stop ends: by a signal, or by a failure of its own.
 */
import type { CommandContext } from './command.js';

/** Milliseconds that closing may take. */
const closeTimeout = 2000;

/** @param failed settles when there is nothing to wait for any more */
export function closeOnSignal(
  running: { close(): void | Promise<void> },
  { printError }: CommandContext,
  failed: Promise<Error> = new Promise(() => undefined),
): Promise<number> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      // Nothing may keep a stopped server alive: not a connection, not a failing close.
      setTimeout(() => resolve(0), closeTimeout).unref();
      Promise.resolve(running.close()).then(
        () => resolve(0),
        (error: unknown) => {
          printError(`Failed to close: ${String(error)}`);
          resolve(1);
        },
      );
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    void failed.then((error) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      printError(error.message);
      resolve(1);
    });
  });
}
