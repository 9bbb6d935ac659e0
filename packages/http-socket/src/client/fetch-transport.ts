/**
 * @module
 * Requests by `fetch`, in windows, workers and Node. The global one is captured when this module is loaded: in a page, whatever
 * runs later may have replaced it.
 */
import { HttpSocketError } from '../errors.js';
import { joinBytes } from '../wire/retained-bytes.js';
import type { HttpTransport } from './transport.js';

const globalFetch = globalThis.fetch?.bind(globalThis);

export function createFetchTransport(
  fetch: typeof globalThis.fetch = globalFetch,
  credentials: RequestCredentials = 'same-origin',
): HttpTransport {
  return async ({ method, url, headers, body, maxAnswerBytes, signal }) => {
    const response = await fetch(url, {
      method,
      headers,
      body: body as Uint8Array<ArrayBuffer> | null,
      signal,
      credentials,
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: await readAll(response, maxAnswerBytes),
    };
  };
}

async function readAll(response: Response, limit: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.length === 1 ? parts[0]! : joinBytes(parts);
    length += value.length;
    parts.push(value);
    if (length > limit) {
      await reader.cancel();
      throw new HttpSocketError(
        'HTTP_SOCKET_INVALID_ANSWER',
        `Failed to read an answer: it is longer than ${limit} bytes.`,
      );
    }
  }
}
