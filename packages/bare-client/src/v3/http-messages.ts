/**
 * @module
 * A remote request as headers to a v3 Bare server, and its answer back: pure translation, for `fetch` and for a synchronous
 * XMLHttpRequest alike. Who sends it, and what an error answer means, is not decided here.
 */
import {
  joinHeaders,
  parseBareHeaders,
  serializeBareHeaders,
  serializeHeaderList,
  splitHeader,
  type HeaderPair,
} from '@culvert/bare-protocol';

export interface EncodeBareRequestOptions {
  /** Names of headers of the request to the Bare server that it hands on; `accept-encoding` and `accept-language` always are. */
  forwardHeaders?: string[];
  passHeaders?: string[];
  passStatus?: number[];
}

export interface DecodedBareResponse {
  status: number;
  statusText: string;
  headers: HeaderPair[];
}

/** Where a request goes: `server` is the absolute URL of the Bare directory. */
export function v3RequestUrl(server: string, cacheKey?: string): string {
  const base = `${server.endsWith('/') ? server : `${server}/`}v3/`;
  return cacheKey === undefined ? base : `${base}?cache=${cacheKey}`;
}

/** The headers of the request to the Bare server. The fragment and the userinfo of the URL stay here. */
export function encodeBareRequest(
  remote: string | URL,
  headers: Iterable<readonly [string, string]>,
  options: EncodeBareRequestOptions = {},
): HeaderPair[] {
  const url = new URL(remote);
  url.hash = '';
  url.username = '';
  url.password = '';
  const encoded: HeaderPair[] = [
    ['X-Bare-URL', url.href],
    ...splitHeader('X-Bare-Headers', serializeBareHeaders(withHost(headers, url.host))),
  ];
  const { forwardHeaders = [], passHeaders = [], passStatus = [] } = options;
  if (forwardHeaders.length > 0) encoded.push(['X-Bare-Forward-Headers', serializeHeaderList(forwardHeaders)]);
  if (passHeaders.length > 0) encoded.push(['X-Bare-Pass-Headers', serializeHeaderList(passHeaders)]);
  if (passStatus.length > 0) encoded.push(['X-Bare-Pass-Status', serializeHeaderList(passStatus)]);
  return encoded;
}

/**
 * The remote's answer, or null when the headers do not carry one (an error of the Bare server, or no Bare server at all).
 *
 * @param get reads one header of the answer, as `Headers.prototype.get` and `XMLHttpRequest.prototype.getResponseHeader` do
 * @throws BareProtocolError INVALID_BARE_HEADER when they carry one that cannot be read
 */
export function decodeBareResponse(get: (name: string) => string | null): DecodedBareResponse | null {
  const status = Number(get('x-bare-status') ?? Number.NaN);
  if (!Number.isInteger(status) || status < 100 || status > 999) return null;
  const json = joinHeaders(readParts(get), 'x-bare-headers');
  return {
    status,
    statusText: get('x-bare-status-text') ?? '',
    headers: json === null ? [] : parseBareHeaders(json, 'response.headers.x-bare-headers'),
  };
}

function* readParts(get: (name: string) => string | null): Iterable<HeaderPair> {
  const whole = get('x-bare-headers');
  if (whole !== null) yield ['x-bare-headers', whole];
  for (let index = 0; ; index++) {
    const part = get(`x-bare-headers-${index}`);
    if (part === null) return;
    yield [`x-bare-headers-${index}`, part];
  }
}

/** HTTP/1.1 needs a Host, and browsers send it first. */
function withHost(headers: Iterable<readonly [string, string]>, host: string): Iterable<readonly [string, string]> {
  const pairs = [...headers];
  return pairs.some(([name]) => name.toLowerCase() === 'host') ? pairs : [['Host', host], ...pairs];
}
