/**
 * @module
 * Following a redirect: Fetch standard, "HTTP-redirect fetch", for a client that speaks for itself and not for a page (no CORS,
 * no referrer policy: callers that need those pass `redirect: 'manual'`).
 */
import type { HeaderPair } from '@culvert/bare-protocol';
import { BareError } from './errors.js';
import { getHeader, withoutHeaders } from './header-pairs.js';
import type { RemoteRequest } from './remote-channel.js';
import { takeUserinfo } from './remote-request.js';
import { noBody } from './request-body.js';

/** Fetch standard, "redirect status". */
const redirectStatus = /^30[12378]$/;
/** Fetch standard, "request-body-header name"; Content-Length describes the body as well. */
const bodyHeader = /^content-(?:encoding|language|location|type|length)$/i;
/** What is meant for one origin only. */
const originHeader = /^(?:(?:proxy-)?authorization|cookie)$/i;

/** Where an answer redirects to, or null when it does not. */
export function redirectLocation(status: number, headers: HeaderPair[]): string | null {
  return redirectStatus.test(`${status}`) ? getHeader(headers, 'location') : null;
}

/** @throws BareError IMPL_INVALID_REDIRECT or IMPL_BODY_NOT_REPLAYABLE */
export function redirectRequest(request: RemoteRequest, status: number, location: string): RemoteRequest {
  const url = parseLocation(request.url, location);
  let { method, headers, body } = request;
  const isPostToGet = (status === 301 || status === 302) && method === 'POST';
  const isSeeOther = status === 303 && method !== 'GET' && method !== 'HEAD';
  if (isPostToGet || isSeeOther) {
    method = 'GET';
    body = noBody;
    headers = withoutHeaders(headers, bodyHeader);
  } else if (!body.isReplayable) {
    throw new BareError({
      code: 'IMPL_BODY_NOT_REPLAYABLE',
      id: 'request.body',
      message: `Failed to follow the redirect ${status} to ${url.href}: the body was a stream and is gone. Pass it without "duplex".`,
      remoteUrl: request.url.href,
    });
  }
  if (url.origin !== request.url.origin) headers = withoutHeaders(headers, originHeader);
  if (url.host !== request.url.host) headers = withoutHeaders(headers, /^host$/i);
  return { url, method, headers: takeUserinfo(url, headers), body };
}

function parseLocation(base: URL, location: string): URL {
  // Header values are bytes; browsers escape those above ASCII one by one.
  const escaped = location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
  const url = URL.canParse(escaped, base.href) ? new URL(escaped, base) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new BareError({
      code: 'IMPL_INVALID_REDIRECT',
      id: 'response.headers.location',
      message: `Failed to follow a redirect of ${base.href}: ${JSON.stringify(location)} is not an http: or https: URL.`,
      remoteUrl: base.href,
    });
  }
  return url;
}
