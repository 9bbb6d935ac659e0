/**
 * @module
 * What a caller asks for, checked and in one form: Fetch standard, the Request constructor, as far as it is about the remote.
 */
import { isHeaderName, type HeaderPair } from '@culvert/bare-protocol';
import { BareError, type BareClientErrorCode } from './errors.js';
import { checkHeaders, hasHeader, readHeaderPairs } from './header-pairs.js';
import type { BareFetchInit } from './options.js';
import type { RemoteRequest } from './remote-channel.js';
import { noBody, readRequestBody } from './request-body.js';

const forbiddenMethod = /^(?:CONNECT|TRACE|TRACK)$/i;

/** @throws BareError that names what is wrong with it */
export async function readRemoteRequest(
  input: string | URL | Request,
  source: Request | null,
  init: BareFetchInit,
): Promise<RemoteRequest> {
  const href = source === null ? String(input) : source.url;
  const url = URL.canParse(href) ? new URL(href) : null;
  const describe = (reason: string): string => `Failed to fetch ${JSON.stringify(href)}: ${reason}.`;
  const fail = (code: BareClientErrorCode, id: string, reason: string): BareError =>
    new BareError({ code, id, message: describe(reason), remoteUrl: href });
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw fail('IMPL_INVALID_URL', 'request.headers.x-bare-url', 'it is not an absolute http: or https: URL');
  }
  const method = normalizeMethod(init.method ?? source?.method ?? 'GET');
  if (!isHeaderName(method)) {
    throw fail('IMPL_INVALID_METHOD', 'request', `${JSON.stringify(method)} is not a method; it has to be a token`);
  }
  if (forbiddenMethod.test(method)) {
    throw fail('IMPL_METHOD_NOT_ALLOWED', 'request', `the method ${method} is not allowed; use another one`);
  }
  let headers = takeUserinfo(url, checkHeaders(readHeaderPairs(init.headers ?? source?.headers), href, describe));
  const bodyInit = await readBodyInit(source, init);
  if (bodyInit === null) return { url, method, headers, body: noBody };
  if (method === 'GET' || method === 'HEAD') {
    throw fail(
      'IMPL_INVALID_BODY',
      'request.body',
      `a ${method} request cannot have a body; use POST, or leave it out`,
    );
  }
  const isStreamed = (init.duplex ?? (source as { duplex?: string } | null)?.duplex) === 'half';
  const body = await readRequestBody(bodyInit, isStreamed);
  if (body.contentType !== null && !hasHeader(headers, 'content-type')) {
    headers = [...headers, ['Content-Type', body.contentType]];
  }
  return { url, method, headers, body };
}

/** Takes name and password out of the URL; they are sent as Authorization where there is none. */
export function takeUserinfo(url: URL, headers: HeaderPair[]): HeaderPair[] {
  if (url.username === '' && url.password === '') return headers;
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  if (hasHeader(headers, 'authorization')) return headers;
  const bytes = String.fromCharCode(...new TextEncoder().encode(credentials));
  return [...headers, ['Authorization', `Basic ${btoa(bytes)}`]];
}

async function readBodyInit(source: Request | null, init: BareFetchInit): Promise<BodyInit | null> {
  if (init.body !== undefined) return init.body;
  if (source === null || source.method === 'GET' || source.method === 'HEAD') return null;
  if (init.duplex === 'half' && source.body) return source.body;
  // Not every engine has Request.body.
  const buffer = await source.arrayBuffer();
  return buffer.byteLength === 0 ? null : buffer;
}

/** Fetch standard, "normalize a method". */
function normalizeMethod(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}
