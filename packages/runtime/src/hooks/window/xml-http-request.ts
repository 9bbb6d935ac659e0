/**
 * @module Synchronous `XMLHttpRequest` in documents. The request is `synchronous-request.ts`'s; its body is then loaded by
 * the page's own object from a blob, so that state, events and decoding are the engine's, and the rest is shown over it.
 * Asynchronous requests are untouched: the service worker sees them.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { synchronousSender, type SynchronousRequest, type SynchronousResponse } from './synchronous-request.js';

interface SynchronousState {
  request: SynchronousRequest;
  response: SynchronousResponse | null;
}

export function interceptXmlHttpRequest(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const { Blob, URL } = global;
  const prototype = global.XMLHttpRequest.prototype;
  const nativeOpen = nativeMethod<void>(prototype, 'open');
  const nativeSend = nativeMethod<void>(prototype, 'send');
  const withCredentials = nativeGetter<boolean>(prototype, 'withCredentials');
  const readyState = nativeGetter<number>(prototype, 'readyState');
  const createObjectURL = URL.createObjectURL.bind(URL);
  const revokeObjectURL = URL.revokeObjectURL.bind(URL);
  const send = synchronousSender(realm);
  const states = new WeakMap<object, SynchronousState>();

  interceptMethod(
    realm,
    prototype,
    'open',
    (native) =>
      function (this: XMLHttpRequest, ...args: unknown[]) {
        // The native method first: it checks the method, the URL and the response type.
        apply(native, this, args);
        states.delete(this);
        if (args.length < 3 || args[2]) return;
        const url = realm.urls.resolve(`${args[1] as string}`);
        if (url === null || !/^https?:/.test(url)) return;
        const method = `${args[0] as string}`;
        const request: SynchronousRequest = {
          method: /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method,
          url: url.replace(/#.*$/s, ''),
          headers: [],
          body: null,
          withCredentials: false,
        };
        states.set(this, { request, response: null });
      },
  );

  interceptMethod(
    realm,
    prototype,
    'setRequestHeader',
    (native) =>
      function (this: XMLHttpRequest, ...args: unknown[]) {
        apply(native, this, args);
        const headers = states.get(this)?.request.headers;
        if (!headers || args.length < 2) return;
        const name = `${args[0] as string}`;
        const value = `${args[1] as string}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
        if (isForbiddenHeader(name)) return;
        const before = headers.find((header) => header[0].toLowerCase() === name.toLowerCase());
        if (before) before[1] += `, ${value}`;
        else headers.push([name, value]);
      },
  );

  interceptMethod(
    realm,
    prototype,
    'send',
    (native) =>
      function (this: XMLHttpRequest, ...args: unknown[]) {
        const state = states.get(this);
        if (!state || state.response || readyState(this) !== 1) return apply(native, this, args) as unknown;
        const { request } = state;
        const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
        request.body = hasBody ? (args[0] ?? null) : null;
        request.withCredentials = withCredentials(this);
        const response = send(request);
        if (!response) return failNatively(this, request.url);
        state.response = response;
        const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
        const blobUrl = createObjectURL(new Blob([response.body], { type }));
        try {
          nativeOpen(this, 'GET', blobUrl, false);
          nativeSend(this);
        } finally {
          revokeObjectURL(blobUrl);
        }
        return undefined;
      },
  );

  /** The engine's own failure, with its events, and our wording of where it happened. */
  function failNatively(xhr: XMLHttpRequest, url: string): never {
    const blobUrl = createObjectURL(new Blob([]));
    revokeObjectURL(blobUrl);
    nativeOpen(xhr, 'GET', blobUrl, false);
    try {
      nativeSend(xhr);
    } catch {
      // Expected: this is the failure whose message names the blob.
    }
    const message = `Failed to execute 'send' on 'XMLHttpRequest': Failed to load '${url}'.`;
    throw new realm.natives.DOMException(message, 'NetworkError');
  }

  const answered = (xhr: object): SynchronousResponse | null => states.get(xhr)?.response ?? null;
  const shown: Record<string, (response: SynchronousResponse) => unknown> = {
    status: (response) => response.status,
    statusText: (response) => response.statusText,
    responseURL: (response) => response.url,
  };
  for (const [name, read] of Object.entries(shown)) {
    interceptAccessor(realm, prototype, name, {
      get: (native) =>
        function (this: XMLHttpRequest) {
          const value = native(this) as unknown;
          const response = answered(this);
          return response ? read(response) : value;
        },
    });
  }
  interceptMethod(
    realm,
    prototype,
    'getResponseHeader',
    (native) =>
      function (this: XMLHttpRequest, ...args: unknown[]) {
        const response = answered(this);
        if (!response || args.length === 0) return apply(native, this, args) as unknown;
        const wanted = `${args[0] as string}`.toLowerCase();
        const values = response.headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
        return values.length > 0 ? values.join(', ') : null;
      },
  );
  interceptMethod(
    realm,
    prototype,
    'getAllResponseHeaders',
    (native) =>
      function (this: XMLHttpRequest, ...args: unknown[]) {
        const response = answered(this);
        return response ? serializeHeaders(response) : (apply(native, this, args) as unknown);
      },
  );
}

/** Lowercase, sorted, one line a name: https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method */
function serializeHeaders(response: SynchronousResponse): string {
  const lines = new Map<string, string>();
  for (const [name, value] of response.headers) {
    const key = name.toLowerCase();
    const before = lines.get(key);
    lines.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return [...lines.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

/** https://fetch.spec.whatwg.org/#forbidden-request-header */
function isForbiddenHeader(name: string): boolean {
  return /^(?:accept-charset|accept-encoding|access-control-request-(?:headers|method|private-network)|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i.test(
    name,
  );
}
