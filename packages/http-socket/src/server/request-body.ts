/**
 * @module
 * The body of a request, chunk by chunk, within a time limit. A body that breaks off ends with an error.
 */
import type { IncomingMessage } from 'node:http';

export async function* readBody(request: IncomingMessage, timeout: number): AsyncGenerator<Uint8Array> {
  const timer = setTimeout(() => request.destroy(new Error('The body did not arrive in time.')), timeout);
  try {
    // Left early, for an answer that does not need the rest: the connection has to survive until it is sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } finally {
    clearTimeout(timer);
  }
}
