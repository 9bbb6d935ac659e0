/**
 * @module
 * The remote's answer as a Response. What a Response cannot say (several Set-Cookie, names' case, a status of 999) is said by
 * properties of the instance; its internal state stays a valid Response, so that it can be given to `respondWith`.
 */
import type { HeaderPair } from '@culvert/bare-protocol';
import type { RemoteAnswer } from './remote-channel.js';

export interface BareResponse extends Response {
  /** Every header as the remote sent it: case, order, and each Set-Cookie its own pair. */
  readonly rawHeaders: HeaderPair[];
  /** URL that answered, without fragment. */
  readonly finalUrl: string;
}

/** Statuses that may not have a body (Fetch standard, "null body status"; 103 never gets here). */
const nullBodyStatuses = new Set([101, 204, 205, 304]);

export function createBareResponse(
  { status, statusText, headers, body }: RemoteAnswer,
  request: { method: string; url: string; isRedirected: boolean },
): BareResponse {
  const hasBody = request.method !== 'HEAD' && !nullBodyStatuses.has(status);
  // An answer without body must not keep its connection waiting for someone to read it.
  if (!hasBody) body?.cancel().catch(ignoreAlreadyClosed);
  const isConstructible = status >= 200 && status <= 599;
  const response = new Response(hasBody ? body : null, {
    status: isConstructible ? status : 200,
    statusText: toReasonPhrase(statusText),
    headers: toHeaders(headers),
  });
  const properties: Record<string, unknown> = {
    rawHeaders: headers,
    finalUrl: request.url,
    url: request.url,
    redirected: request.isRedirected,
    type: 'basic',
  };
  if (!isConstructible) Object.assign(properties, { status, ok: false });
  return withProperties(response, properties);
}

function withProperties(response: Response, properties: Record<string, unknown>): BareResponse {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(response, name, { value, enumerable: true, configurable: true });
  }
  const clone = (): Response => withProperties(Response.prototype.clone.call(response), properties);
  Object.defineProperty(response, 'clone', { value: clone, enumerable: false, configurable: true, writable: true });
  return response as BareResponse;
}

function toHeaders(pairs: HeaderPair[]): Headers {
  const headers = new Headers();
  for (const [name, value] of pairs) {
    try {
      headers.append(name, value);
    } catch {
      // A name or value outside HTTP's grammar, which lenient remotes send; it stays in rawHeaders.
    }
  }
  return headers;
}

/** RFC 9110 section 15.1 `reason-phrase`; Response throws on anything else. */
function toReasonPhrase(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
}

function ignoreAlreadyClosed(): void {
  // The body was closed or errored in the meantime: it needs no cancelling.
}
