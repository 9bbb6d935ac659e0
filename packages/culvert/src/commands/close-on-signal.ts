/**
 * @module
 * How a command that serves comes to its end.
 */
import type { CommandContext } from './command.js';

/** Milliseconds that closing may take. */
const closeTimeout = 2000;

/** Waits for SIGINT or SIGTERM, closes, and resolves to the exit code. */
export function closeOnSignal(server: { close(): Promise<void> }, { printError }: CommandContext): Promise<number> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      // Nothing may keep a stopped server alive: not a connection, not a failing close.
      setTimeout(() => resolve(0), closeTimeout).unref();
      server.close().then(
        () => resolve(0),
        (error: unknown) => {
          printError(`Failed to close the server: ${String(error)}`);
          resolve(1);
        },
      );
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}
