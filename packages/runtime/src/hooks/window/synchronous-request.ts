/**
 * @module One synchronous request to the Bare server. Engines send a document's synchronous requests past the service
 * worker, so this is the worker's pipeline in small: cookies (those that scripts see), Origin and Referer, redirects, CORS.
 */
import { decodeBareResponse, encodeBareRequest, v3RequestUrl, type HeaderPair } from '@culvert/bare-client';
import { nativeMethod, nativeGetter } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { serviceWorkerChannel } from '../universal/service-worker-channel.js';
import { visibleCookies } from './visible-cookies.js';

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

const maxRedirects = 20;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const safelistedResponseHeaders =
  'cache-control content-language content-length content-type expires last-modified pragma'.split(' ');

export type SendSynchronously = (request: SynchronousRequest) => SynchronousResponse | null;

/** Made at boot, from natives; null as the result is a network error. */
export function synchronousSender(realm: Realm): SendSynchronously {
  const { XMLHttpRequest } = realm.natives;
  const { prototype } = XMLHttpRequest;
  const open = nativeMethod<void>(prototype, 'open');
  const setRequestHeader = nativeMethod<void>(prototype, 'setRequestHeader');
  const overrideMimeType = nativeMethod<void>(prototype, 'overrideMimeType');
  const send = nativeMethod<void>(prototype, 'send');
  const getResponseHeader = nativeMethod<string | null>(prototype, 'getResponseHeader');
  const responseText = nativeGetter<string>(prototype, 'responseText');
  const channel = serviceWorkerChannel(realm);

  const sendOnce = (method: string, url: string, headers: HeaderPair[], body: unknown) => {
    const xhr = new XMLHttpRequest();
    open(xhr, method, v3RequestUrl(realm.data.bareServer), false);
    const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
    // The engine knows the type of what it serializes (a form's boundary), so the server takes it from there.
    const options = hasType || body === null || body === undefined ? {} : { forwardHeaders: ['content-type'] };
    for (const [name, value] of encodeBareRequest(url, headers, options)) setRequestHeader(xhr, name, value);
    // One character a byte: a synchronous request has no other response type.
    overrideMimeType(xhr, 'text/plain; charset=x-user-defined');
    send(xhr, body);
    const response = decodeBareResponse((name) => getResponseHeader(xhr, name));
    return response && { ...response, body: toBytes(responseText(xhr)) };
  };

  return (request) => {
    let { method, url, body } = request;
    let isCrossOrigin = new URL(url).origin !== realm.urls.origin();
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const sendsCookies = !isCrossOrigin || request.withCredentials;
      const headers = requestHeaders(realm, { ...request, method, url }, sendsCookies, isCrossOrigin);
      let response;
      try {
        response = sendOnce(method, url, headers, body);
      } catch {
        // The Bare server can't be reached: to the page that is a network error like any other.
        return null;
      }
      if (!response) return null;
      const setCookies = valuesOf(response.headers, 'set-cookie');
      if (setCookies.length > 0 && sendsCookies) {
        channel.tell({ culvert: 'socket-cookies', url, cookies: setCookies });
        for (const line of setCookies) visibleCookies(realm).receive(line, url);
      }
      if (isCrossOrigin && !passesCors(response.headers, realm.urls.origin(), request.withCredentials)) return null;
      const location = valuesOf(response.headers, 'location')[0];
      if (!redirectStatuses.has(response.status) || location === undefined) {
        const shown = isCrossOrigin ? exposed(response.headers, request.withCredentials) : response.headers;
        const visible = shown.filter(([name]) => !/^set-cookie2?$/i.test(name));
        return { url, status: response.status, statusText: response.statusText, headers: visible, body: response.body };
      }
      const next = parse(location, url);
      if (!next || !/^https?:$/.test(next.protocol)) return null;
      if (next.origin !== realm.urls.origin()) isCrossOrigin = true;
      url = next.href;
      const becomesGet =
        (response.status === 303 && method !== 'GET' && method !== 'HEAD') ||
        (response.status <= 302 && method === 'POST');
      if (becomesGet) [method, body] = ['GET', null];
    }
    return null;
  };
}

function requestHeaders(
  realm: Realm,
  request: SynchronousRequest,
  sendsCookies: boolean,
  isCrossOrigin: boolean,
): HeaderPair[] {
  const url = new URL(request.url);
  const headers: HeaderPair[] = [['Host', url.host]];
  headers.push(['User-Agent', realm.global.navigator.userAgent as string]);
  if (!request.headers.some(([name]) => name.toLowerCase() === 'accept')) headers.push(['Accept', '*/*']);
  headers.push(...request.headers);
  const origin = realm.urls.origin();
  const sendsOrigin = isCrossOrigin || (request.method !== 'GET' && request.method !== 'HEAD');
  if (sendsOrigin) headers.push(['Origin', origin]);
  const documentUrl = realm.urls.documentUrl().replace(/#.*$/s, '');
  // The default policy, strict-origin-when-cross-origin.
  const isDowngrade = documentUrl.startsWith('https:') && url.protocol === 'http:';
  if (/^https?:/.test(documentUrl) && !isDowngrade) {
    headers.push(['Referer', url.origin === origin ? documentUrl : `${origin}/`]);
  }
  const cookie = sendsCookies ? visibleCookies(realm).header(request.url) : '';
  if (cookie !== '') headers.push(['Cookie', cookie]);
  return headers;
}

function passesCors(headers: HeaderPair[], origin: string, withCredentials: boolean): boolean {
  const allowed = valuesOf(headers, 'access-control-allow-origin').join(', ');
  if (!withCredentials && allowed === '*') return true;
  if (allowed !== origin) return false;
  return !withCredentials || valuesOf(headers, 'access-control-allow-credentials').join() === 'true';
}

function exposed(headers: HeaderPair[], withCredentials: boolean): HeaderPair[] {
  const names = valuesOf(headers, 'access-control-expose-headers')
    .join(',')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  if (names.includes('*') && !withCredentials) return headers;
  const visible = new Set([...names, ...safelistedResponseHeaders]);
  return headers.filter(([name]) => visible.has(name.toLowerCase()));
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
