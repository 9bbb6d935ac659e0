/**
 * @module
 * What of an answer its page sees: all, what CORS exposes, or nothing.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response
 */
import { filterCorsHeaders, opaqueStatusText } from '@culvert/runtime';
import type { AnsweredRequest } from '../fetch-context.js';

export function presentResponse(response: Response, context: AnsweredRequest): Response {
  const { tainting, remote, request } = context;
  switch (tainting) {
    case 'basic':
      return response;
    case 'cors':
      // What an element loads is judged by the browser, which needs all of it: the type, `nosniff`.
      if (request.destination === '') filterCorsHeaders(response.headers, remote.rawHeaders, request.credentials);
      return response;
    case 'opaque':
      return isReadByScript(context) ? opaqueResponse(response, context) : response;
  }
}

/** An element shows what it loads and keeps it to itself; `fetch()` gives a Response, which a script looks into. */
export function isReadByScript({ request, load }: AnsweredRequest): boolean {
  return request.destination === '' && load === 'other';
}

/**
 * A worker cannot make an opaque response: this one is empty, and the runtime shows it as opaque by its mark, which a clone
 * and a cache keep.
 */
function opaqueResponse(response: Response, { event }: AnsweredRequest): Response {
  event.waitUntil(Promise.resolve(response.body?.cancel()));
  return new Response(null, { status: 200, statusText: opaqueStatusText });
}
