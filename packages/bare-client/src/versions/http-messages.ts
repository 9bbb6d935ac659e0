/**
 * @module
 * A remote request as headers to a Bare server, and its answer back: pure translation, for `fetch` and for a synchronous
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
import type { BareVersion } from '../options.js';

export interface EncodeBareRequestOptions {
  /** v3 when it is left out. */
  version?: BareVersion;
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

/** What v2 and v3 forward by themselves. */
export const forwardedByDefault = ['accept-encoding', 'accept-language'];

/** Where a request of v3 goes: `server` is the absolute URL of the Bare directory. */
export function v3RequestUrl(server: string, cacheKey?: string): string {
  return requestUrl(server, 'v3', cacheKey);
}

export function requestUrl(server: string, version: BareVersion, cacheKey?: string): string {
  const base = `${server.endsWith('/') ? server : `${server}/`}${version}/`;
  return cacheKey === undefined ? base : `${base}?cache=${cacheKey}`;
}

/** The headers of the request to the Bare server. The fragment and the userinfo of the URL stay here. */
export function encodeBareRequest(
  remote: string | URL,
  headers: Iterable<readonly [string, string]>,
  options: EncodeBareRequestOptions = {},
): HeaderPair[] {
  const { version = 'v3', forwardHeaders = [], passHeaders = [], passStatus = [] } = options;
  const url = new URL(remote);
  // Each setter parses the URL anew.
  if (/[#@]/.test(url.href)) url.hash = url.username = url.password = '';
  const json = serializeBareHeaders(withHost(headers, url.host));
  const isV1 = version === 'v1';
  const encoded: HeaderPair[] = version === 'v3' ? [['X-Bare-URL', url.href]] : addressHeaders(url);
  // V1 knows no parts, and wants every name that is to be forwarded.
  if (isV1) encoded.push(['X-Bare-Headers', json]);
  else encoded.push(...splitHeader('X-Bare-Headers', json));
  const addList = (name: string, members: (string | number)[]): void => {
    if (members.length > 0) encoded.push([name, isV1 ? JSON.stringify(members) : serializeHeaderList(members)]);
  };
  addList('X-Bare-Forward-Headers', isV1 ? [...new Set([...forwardedByDefault, ...forwardHeaders])] : forwardHeaders);
  addList('X-Bare-Pass-Headers', passHeaders);
  addList('X-Bare-Pass-Status', passStatus);
  return encoded;
}

export interface RemoteAddress {
  host: string;
  port: string;
  protocol: string;
  path: string;
}

/** The four parts that v1 and v2 name a remote by. The path keeps an empty query's question mark. */
export function splitAddress(url: URL): RemoteAddress {
  const { protocol, hostname, href, origin } = url;
  const isSecure = protocol === 'https:' || protocol === 'wss:';
  const port = url.port === '' ? (isSecure ? '443' : '80') : url.port;
  return { host: hostname, port, protocol, path: href.slice(origin.length) };
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

/** Parts behind a hole are looked for so far, so that a hole is told from the end. */
const widestHole = 4;

function* readParts(get: (name: string) => string | null): Iterable<HeaderPair> {
  const whole = get('x-bare-headers');
  if (whole !== null) yield ['x-bare-headers', whole];
  for (let index = 0, end = widestHole; index < end; index++) {
    const name = `x-bare-headers-${index}`;
    const part = get(name);
    if (part === null) continue;
    end = index + widestHole;
    yield [name, part];
  }
}

function addressHeaders(url: URL): HeaderPair[] {
  const { host, port, protocol, path } = splitAddress(url);
  return [
    ['X-Bare-Host', host],
    ['X-Bare-Port', port],
    ['X-Bare-Protocol', protocol],
    ['X-Bare-Path', path],
  ];
}

/** HTTP/1.1 needs a Host, and browsers send it first. */
function withHost(headers: Iterable<readonly [string, string]>, host: string): Iterable<readonly [string, string]> {
  const pairs = [...headers];
  return pairs.some(([name]) => name.toLowerCase() === 'host') ? pairs : [['Host', host], ...pairs];
}
