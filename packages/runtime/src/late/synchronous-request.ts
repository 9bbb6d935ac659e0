/**
 * @module One synchronous request to the Bare server. Engines send a document's synchronous requests past the service
 * worker, so this is the worker's pipeline in small: cookies (those that scripts see), Origin and Referer, redirects, CORS.
 */
import { decodeBareResponse, encodeBareRequest, type HeaderPair } from '@culvert/bare-client';
import {
  corsCheck,
  exposure,
  isSafelistedMethod,
  judgePreflight,
  unsafeHeaderNames,
  type CorsRequest,
} from '../cors-rules.js';

export interface SynchronousRequest {
  method: string;
  url: string;
  headers: HeaderPair[];
  body: unknown;
  withCredentials: boolean;
}

export interface SynchronousResponse {
  url: string;
  status: number;
  statusText: string;
  /** Those that the page may read. */
  headers: HeaderPair[];
  body: Uint8Array<ArrayBuffer>;
}

/** The page that asks, as the part that boots knows it. */
export interface RequestingPage {
  readonly origin: string;
  readonly documentUrl: string;
  readonly userAgent: string;
  /** The `Cookie` header for a URL, as far as scripts may know it. */
  cookieHeader(url: string): string;
  storeCookies(url: string, lines: string[]): void;
  /** One request to the Bare server, by the engine's own functions; throws where it cannot be reached. */
  send(method: string, headers: HeaderPair[], body: unknown): BareAnswer;
}

interface BareAnswer {
  header(name: string): string | null;
  /** One character a byte, those from 0x80 on in the private use area. */
  text(): string;
}

const maxRedirects = 20;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** @returns null as the result is a network error */
export function sendSynchronously(request: SynchronousRequest, page: RequestingPage): SynchronousResponse | null {
  let { method, url, body } = request;
  const cors: CorsRequest = {
    origin: page.origin,
    credentials: request.withCredentials ? 'include' : 'same-origin',
  };
  let isCrossOrigin = new URL(url).origin !== page.origin;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const sendsCookies = !isCrossOrigin || request.withCredentials;
    const headers = requestHeaders(page, { ...request, method, url }, sendsCookies, isCrossOrigin);
    let response;
    try {
      if (isCrossOrigin && !isAllowed(page, { ...request, method, url }, cors)) return null;
      response = sendOnce(page, method, url, headers, body);
    } catch {
      // The Bare server can't be reached: to the page that is a network error like any other.
      return null;
    }
    if (!response) return null;
    const setCookies = valuesOf(response.headers, 'set-cookie');
    if (setCookies.length > 0 && sendsCookies) page.storeCookies(url, setCookies);
    if (isCrossOrigin && corsCheck(response.headers, cors) !== null) return null;
    const location = valuesOf(response.headers, 'location')[0];
    if (!redirectStatuses.has(response.status) || location === undefined) {
      const isExposed = isCrossOrigin ? exposure(response.headers, cors.credentials) : () => true;
      const visible = response.headers.filter(
        ([name]) => isExposed(name.toLowerCase()) && !/^set-cookie2?$/i.test(name),
      );
      return { url, status: response.status, statusText: response.statusText, headers: visible, body: response.body };
    }
    const next = parse(location, url);
    if (!next || !/^https?:$/.test(next.protocol)) return null;
    if (next.origin !== page.origin) isCrossOrigin = true;
    next.hash = '';
    url = next.href;
    const becomesGet =
      (response.status === 303 && method !== 'GET' && method !== 'HEAD') ||
      (response.status <= 302 && method === 'POST');
    if (becomesGet) [method, body] = ['GET', null];
  }
  return null;
}

/** Asks the server if it must be asked. Each time: what it allowed is remembered by the worker alone. */
function isAllowed(page: RequestingPage, request: SynchronousRequest, cors: CorsRequest): boolean {
  const { method, url } = request;
  const unsafeNames = unsafeHeaderNames(request.headers);
  if (isSafelistedMethod(method) && unsafeNames.length === 0) return true;
  const asked: HeaderPair[] = [['Access-Control-Request-Method', method]];
  if (unsafeNames.length > 0) asked.push(['Access-Control-Request-Headers', unsafeNames.join(',')]);
  const question = { ...request, method: 'OPTIONS', headers: asked, body: null };
  const answer = sendOnce(page, 'OPTIONS', url, requestHeaders(page, question, false, true), null);
  return answer !== null && judgePreflight(answer, { ...cors, method, unsafeNames }).problem === null;
}

function sendOnce(page: RequestingPage, method: string, url: string, headers: HeaderPair[], body: unknown) {
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  // The engine knows the type of what it serializes (a form's boundary), so the server takes it from there.
  const options = hasType || body === null || body === undefined ? {} : { forwardHeaders: ['content-type'] };
  const answer = page.send(method, encodeBareRequest(url, headers, options), body);
  const response = decodeBareResponse((name) => answer.header(name));
  return response && { ...response, body: toBytes(answer.text()) };
}

function requestHeaders(
  page: RequestingPage,
  request: SynchronousRequest,
  sendsCookies: boolean,
  isCrossOrigin: boolean,
): HeaderPair[] {
  const url = new URL(request.url);
  const headers: HeaderPair[] = [['Host', url.host]];
  headers.push(['User-Agent', page.userAgent]);
  if (!request.headers.some(([name]) => name.toLowerCase() === 'accept')) headers.push(['Accept', '*/*']);
  headers.push(...request.headers);
  const { origin } = page;
  const sendsOrigin = isCrossOrigin || (request.method !== 'GET' && request.method !== 'HEAD');
  if (sendsOrigin) headers.push(['Origin', origin]);
  const documentUrl = page.documentUrl.replace(/#.*$/s, '');
  // The default policy, strict-origin-when-cross-origin.
  const isDowngrade = documentUrl.startsWith('https:') && url.protocol === 'http:';
  if (/^https?:/.test(documentUrl) && !isDowngrade) {
    headers.push(['Referer', url.origin === origin ? documentUrl : `${origin}/`]);
  }
  const cookie = sendsCookies ? page.cookieHeader(request.url) : '';
  if (cookie !== '') headers.push(['Cookie', cookie]);
  // Of another origin it takes the public suffix list to tell a site from another.
  const isSecure = /^(?:https:|http:\/\/(?:localhost|[^/:]+\.localhost|127\.[\d.]+|\[::1\])[:/])/.test(request.url);
  if (isSecure && !isCrossOrigin) {
    headers.push(['Sec-Fetch-Site', 'same-origin'], ['Sec-Fetch-Mode', 'cors'], ['Sec-Fetch-Dest', 'empty']);
  }
  return headers;
}

function valuesOf(headers: HeaderPair[], wanted: string): string[] {
  return headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index) & 0xff;
  return bytes;
}

function parse(url: string, base: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    // A Location that does not parse makes the request fail.
    return null;
  }
}
