/**
 * @module
 * How a command that runs until it is told to stop ends: by a signal, or by a failure of its own.
 */
import type { CommandContext } from './command.js';

/** Milliseconds that closing may take beyond the time that requests under way are given. */
const closeTimeout = 2000;

interface CloseOptions {
  /** Settles when there is nothing to wait for any more. */
  failed?: Promise<Error>;
  /** Milliseconds that `close` may wait for requests under way, where the signal allows it. */
  gracePeriod?: number;
}

/** The second signal is the system's: it ends the process at once. */
export function closeOnSignal(
  running: { close(signal: NodeJS.Signals): void | Promise<void> },
  { printError }: CommandContext,
  { failed = new Promise(() => undefined), gracePeriod = 0 }: CloseOptions = {},
): Promise<number> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      // Nothing may keep a stopped server alive: not a connection, not a failing close.
      setTimeout(() => resolve(0), gracePeriod + closeTimeout).unref();
      Promise.resolve(running.close(signal)).then(
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
