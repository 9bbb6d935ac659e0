/**
 * @module
 * A request to a Bare server, with a limit to the wait for its answer, and with our words for what the engine throws.
 */
import { BareError } from './errors.js';
import { serverTimeout, unreachable } from './server-errors.js';

export interface FetchWithinOptions<T> {
  server: string;
  remoteUrl: string;
  /** Milliseconds until `read` has to be done; 0 is no limit. */
  timeout: number;
  fetch: typeof fetch | undefined;
  /** Takes what is wanted of the answer. A body that it leaves may still be read after the limit. */
  read(answer: Response): Promise<T>;
}

/** The page's cookies and address are no business of the Bare server. */
const anonymous: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer' };

/** @throws BareError, or the reason of the signal in `init` */
export async function fetchWithin<T>(url: string, init: RequestInit, options: FetchWithinOptions<T>): Promise<T> {
  const { server, remoteUrl, timeout, read } = options;
  const nativeFetch = options.fetch ?? globalThis.fetch;
  const signal = init.signal ?? null;
  const limit = timeout > 0 ? new AbortController() : null;
  const timer = limit ? setTimeout(() => limit.abort(), timeout) : undefined;
  // The caller's signal stays connected when the limit is over: it stops the body too.
  const both = limit && signal ? AbortSignal.any([signal, limit.signal]) : (signal ?? limit?.signal ?? null);
  try {
    return await read(await nativeFetch(url, { ...init, ...anonymous, signal: both }));
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (limit?.signal.aborted) throw serverTimeout(server, remoteUrl, timeout);
    throw cause instanceof BareError ? cause : unreachable(server, remoteUrl, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** The promise's outcome, or the signal's reason if that comes first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | null): Promise<T> {
  if (signal === null) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
