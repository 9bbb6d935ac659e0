/**
 * @module
 * `BareClient`: remote requests, with redirects, through the Bare server that is chosen for each of them.
 */
import { BareProtocolError, parseManifest, type BareManifest, type HeaderPair } from '@culvert/bare-protocol';
import { createBareResponse, type BareResponse } from './bare-response.js';
import { BareWebSocket, type BareWebSocketOptions } from './bare-web-socket.js';
import { cacheKey } from './cache-key.js';
import { BareError } from './errors.js';
import { hasHeader, readHeaderPairs } from './header-pairs.js';
import type { BareClientOptions, BareFetchInit, BareServerOption } from './options.js';
import { redirectLocation, redirectRequest, type RemoteRequest } from './redirects.js';
import { noBody, readRequestBody } from './request-body.js';
import { readServerError, unreachable } from './server-errors.js';
import { locateServers } from './server-location.js';
import { decodeBareResponse, encodeBareRequest, v3RequestUrl, type DecodedBareResponse } from './v3/http-messages.js';

/** Headers that the realm sends by itself and that a remote misses when the caller did not think of them. */
const ownHeaders = ['accept', 'user-agent'];

interface Answer {
  native: Response;
  decoded: DecodedBareResponse;
}

export class BareClient {
  readonly #server: BareServerOption;
  readonly #options: BareClientOptions;

  constructor(server: BareServerOption, options: BareClientOptions = {}) {
    this.#server = server;
    this.#options = options;
  }

  /**
   * Fetches a remote URL. A remote's 4xx or 5xx is an answer like any other.
   *
   * @throws BareError when there is no answer of the remote; its `code` says why
   * @throws the signal's reason when it is aborted
   * @example
   * const client = new BareClient('/bare/');
   * const response = await client.fetch('https://example.com/', { headers: [['Accept', 'text/html']] });
   */
  async fetch(input: string | URL | Request, init: BareFetchInit = {}): Promise<BareResponse> {
    const source = typeof input === 'string' || !('method' in input) ? null : input;
    let request = await readRequest(input, source, init);
    const redirect = init.redirect ?? source?.redirect ?? 'follow';
    const signal = init.signal ?? source?.signal ?? null;
    const settings = { cache: init.cache, signal, keepalive: init.keepalive ?? source?.keepalive ?? false };
    const limit = this.#options.maxRedirects ?? 20;
    for (let redirects = 0; ; redirects++) {
      const { native, decoded } = await this.#send(request, settings);
      const location = redirect === 'manual' ? null : redirectLocation(decoded.status, decoded.headers);
      if (location === null) {
        const url = withoutFragment(request.url);
        return createBareResponse(decoded, native, { method: request.method, url, isRedirected: redirects > 0 });
      }
      // The redirect's own body is of no use, and its connection is.
      await native.body?.cancel();
      if (redirect === 'error') throw redirectError('IMPL_REDIRECT_REFUSED', request.url, 'it redirects');
      if (redirects === limit) {
        throw redirectError('IMPL_TOO_MANY_REDIRECTS', request.url, `there were more than ${limit} redirects`);
      }
      request = redirectRequest(request, decoded.status, location);
    }
  }

  /** A WebSocket to the remote: the same events and members as the native class. */
  createWebSocket(
    url: string | URL,
    protocols: string | string[] = [],
    options: BareWebSocketOptions = {},
  ): BareWebSocket {
    const locate = async (remote: URL) => (await locateServers(this.#server, remote))[0]!;
    return new BareWebSocket(url, protocols, locate, { WebSocket: this.#options.WebSocket, ...options });
  }

  /** Asks the first server what it is. No request needs this; it is for a page of settings, say. */
  async fetchManifest(signal?: AbortSignal): Promise<BareManifest> {
    const [server] = await locateServers(this.#server, new URL('https://localhost/'));
    const answer = await this.#nativeFetch(server!, { signal: signal ?? null, credentials: 'omit' }, server!, '');
    if (!answer.ok) throw await readServerError(answer, server!, server!);
    try {
      return parseManifest(await answer.text());
    } catch (cause) {
      throw toBareError(cause, server!);
    }
  }

  async #send(
    request: RemoteRequest,
    settings: { cache: RequestCache | undefined; signal: AbortSignal | null; keepalive: boolean },
  ): Promise<Answer> {
    const remoteUrl = withoutFragment(request.url);
    const servers = await locateServers(this.#server, request.url);
    const forwardHeaders = ownHeaders.filter((name) => !hasHeader(request.headers, name));
    const encoded = encodeBareRequest(request.url, request.headers, { forwardHeaders });
    const cache = nativeCacheMode(settings.cache);
    const key = cache === 'no-store' ? undefined : cacheKey(encoded);
    const init: RequestInit & { duplex?: 'half' } = {
      method: request.method,
      headers: encoded,
      body: request.body.value,
      signal: settings.signal,
      cache,
      keepalive: settings.keepalive,
      credentials: 'omit',
      mode: 'cors',
      referrerPolicy: 'no-referrer',
    };
    if (!request.body.isReplayable) init.duplex = 'half';
    // Another server may be asked only if it does no harm when the first one has acted on the request.
    const canTryNext = request.method === 'GET' || request.method === 'HEAD';
    for (let index = 0; ; index++) {
      const server = servers[index]!;
      try {
        const native = await this.#nativeFetch(v3RequestUrl(server, key), init, server, remoteUrl);
        return { native, decoded: await decodeAnswer(native, server, remoteUrl) };
      } catch (error) {
        const isOut = error instanceof BareError && serverFaults.has(error.code);
        if (!isOut || !canTryNext || index + 1 === servers.length) throw error;
      }
    }
  }

  async #nativeFetch(url: string, init: RequestInit, server: string, remoteUrl: string): Promise<Response> {
    const nativeFetch = this.#options.fetch ?? globalThis.fetch;
    try {
      return await nativeFetch(url, init);
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw unreachable(server, remoteUrl, cause);
    }
  }
}

export function createBareClient(server: BareServerOption, options?: BareClientOptions): BareClient {
  return new BareClient(server, options);
}

const serverFaults = new Set<string>(['IMPL_SERVER_UNREACHABLE', 'IMPL_NOT_A_BARE_SERVER']);

async function decodeAnswer(native: Response, server: string, remoteUrl: string): Promise<DecodedBareResponse> {
  let decoded: DecodedBareResponse | null;
  try {
    decoded = decodeBareResponse((name) => native.headers.get(name));
  } catch (cause) {
    await native.body?.cancel();
    throw toBareError(cause, remoteUrl);
  }
  if (decoded !== null) return decoded;
  // A 304 without X-Bare headers is the remote's, passed on to the browser's cache (X-Bare-Pass-Status).
  if (native.status === 304) {
    return { status: 304, statusText: native.statusText, headers: [...native.headers] as HeaderPair[] };
  }
  throw await readServerError(native, server, remoteUrl);
}

async function readRequest(
  input: string | URL | Request,
  source: Request | null,
  init: BareFetchInit,
): Promise<RemoteRequest> {
  const href = source === null ? String(input) : source.url;
  const url = URL.canParse(href) ? new URL(href) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new BareError({
      code: 'IMPL_INVALID_URL',
      id: 'request.headers.x-bare-url',
      message: `Failed to fetch ${JSON.stringify(href)}: it is not an absolute http: or https: URL.`,
      remoteUrl: href,
    });
  }
  const method = normalizeMethod(init.method ?? source?.method ?? 'GET');
  let headers = readHeaderPairs(init.headers ?? source?.headers);
  if (url.username !== '' || url.password !== '') {
    if (!hasHeader(headers, 'authorization')) headers = [...headers, ['Authorization', basicAuthorization(url)]];
    url.username = '';
    url.password = '';
  }
  const canHaveBody = method !== 'GET' && method !== 'HEAD';
  const bodyInit =
    init.body !== undefined ? init.body : source !== null && canHaveBody ? await source.arrayBuffer() : null;
  const isEmpty =
    bodyInit === null || (source !== null && init.body === undefined && (bodyInit as ArrayBuffer).byteLength === 0);
  if (isEmpty) return { url, method, headers, body: noBody };
  if (!canHaveBody) throw new TypeError(`A ${method} request cannot have a body.`);
  const body = await readRequestBody(bodyInit, init.duplex === 'half');
  if (body.contentType !== null && !hasHeader(headers, 'content-type')) {
    headers = [...headers, ['Content-Type', body.contentType]];
  }
  return { url, method, headers, body };
}

/** Fetch standard, "normalize a method". */
function normalizeMethod(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}

function basicAuthorization(url: URL): string {
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(credentials)))}`;
}

/** `only-if-cached` needs mode same-origin, which a Bare server on another origin does not have. */
function nativeCacheMode(cache: RequestCache | undefined): RequestCache {
  return cache === 'only-if-cached' ? 'force-cache' : (cache ?? 'no-store');
}

function withoutFragment(url: URL): string {
  const copy = new URL(url);
  copy.hash = '';
  return copy.href;
}

function redirectError(code: 'IMPL_REDIRECT_REFUSED' | 'IMPL_TOO_MANY_REDIRECTS', url: URL, reason: string): BareError {
  return new BareError({
    code,
    id: 'response',
    message: `Failed to fetch ${url.href}: ${reason}.`,
    remoteUrl: url.href,
  });
}

function toBareError(error: unknown, remoteUrl: string): unknown {
  if (!(error instanceof BareProtocolError)) return error;
  const { code, id, message } = error;
  return new BareError({ code, id, message, remoteUrl }, { cause: error });
}
