/**
 * @module
 * Asks a worker for its version.
 */
import type { VersionAnswer, VersionQuestion } from '../version.js';

/** A worker that has to be started first needs a moment; one that does not know the question never answers. */
const patience = 2000;

/** @returns null if it does not answer: it is another tool's, or older than the question */
export function askVersion(worker: ServiceWorker): Promise<string | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const finish = (version: string | null): void => {
      clearTimeout(timer);
      port1.close();
      resolve(version);
    };
    const timer = setTimeout(() => finish(null), patience);
    port1.onmessage = ({ data }: MessageEvent<VersionAnswer>) => finish(data.version);
    worker.postMessage({ culvert: 'version' } satisfies VersionQuestion, [port2]);
  });
}
