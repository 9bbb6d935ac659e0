/**
 * @module
 * `BareClient`: remote requests and WebSockets, with redirects, over a channel: Bare servers, or another transport.
 */
import type { BareManifest } from '@culvert/bare-protocol';
import { createBareResponse, type BareResponse } from './bare-response.js';
import { BareWebSocket, type BareWebSocketOptions } from './bare-web-socket.js';
import { BareError } from './errors.js';
import type { BareClientOptions, BareClientTarget, BareFetchInit, BareServerOption } from './options.js';
import { redirectLocation, redirectRequest } from './redirects.js';
import type { RemoteChannel, RequestSettings } from './remote-channel.js';
import { readRemoteRequest } from './remote-request.js';
import { locateServers } from './server-location.js';
import { BareServerChannel } from './servers/bare-server-channel.js';
import { fetchManifest } from './servers/manifest.js';
import { withoutFragment } from './without-fragment.js';

export class BareClient {
  readonly #target: BareClientTarget;
  readonly #channel: RemoteChannel;
  readonly #options: BareClientOptions;

  constructor(target: BareClientTarget, options: BareClientOptions = {}) {
    this.#target = target;
    this.#channel = isChannel(target) ? target : new BareServerChannel(target, options);
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
    const signal = init.signal ?? source?.signal ?? null;
    signal?.throwIfAborted();
    let request = await readRemoteRequest(input, source, init);
    const redirect = init.redirect ?? source?.redirect ?? 'follow';
    const settings: RequestSettings = {
      cache: init.cache ?? requestCache(source),
      signal,
      keepalive: init.keepalive ?? source?.keepalive,
      priority: init.priority,
      headersTimeout: init.headersTimeout ?? this.#options.headersTimeout ?? 0,
    };
    const limit = this.#options.maxRedirects ?? 20;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#channel.request(request, settings);
      const location = redirect === 'manual' ? null : redirectLocation(answer.status, answer.headers);
      if (location === null) {
        const url = withoutFragment(request.url);
        return createBareResponse(answer, { method: request.method, url, isRedirected: redirects > 0 });
      }
      // The redirect's own body is of no use, and its connection is.
      await answer.body?.cancel();
      if (redirect === 'error') throw redirectError('IMPL_REDIRECT_REFUSED', request.url, 'it redirects');
      if (redirects === limit) {
        throw redirectError('IMPL_TOO_MANY_REDIRECTS', request.url, `there were more than ${limit} redirects`);
      }
      request = redirectRequest(request, answer.status, location);
    }
  }

  /**
   * A WebSocket to the remote: the same events and members as the native class.
   *
   * @throws DOMException SyntaxError for arguments that the native constructor refuses
   */
  createWebSocket(url: string | URL, protocols?: string | string[], options: BareWebSocketOptions = {}): BareWebSocket {
    if (url === undefined) {
      throw new TypeError("Failed to construct 'WebSocket': 1 argument required, but only 0 present.");
    }
    const { connectTimeout, WebSocket } = this.#options;
    return new BareWebSocket(url, protocols, this.#channel, { connectTimeout, WebSocket, ...options });
  }

  /**
   * Asks the first server what it is. No request needs this; it is for a page of settings, say.
   *
   * @throws BareError, IMPL_INVALID_SERVER when the client runs over a transport, which has no manifest
   */
  async fetchManifest(signal?: AbortSignal): Promise<BareManifest> {
    const [server] = await locateServers(this.#target as BareServerOption, new URL('https://localhost/'));
    const { fetch, connectTimeout } = this.#options;
    return fetchManifest(server!, { signal, fetch, timeout: connectTimeout });
  }
}

export function createBareClient(target: BareClientTarget, options?: BareClientOptions): BareClient {
  return new BareClient(target, options);
}

function isChannel(target: BareClientTarget): target is RemoteChannel {
  return typeof target === 'object' && 'request' in target && 'connect' in target;
}

/** A Request says `default` when nobody asked for anything. */
function requestCache(source: Request | null): RequestCache | undefined {
  return source === null || source.cache === 'default' ? undefined : source.cache;
}

function redirectError(code: 'IMPL_REDIRECT_REFUSED' | 'IMPL_TOO_MANY_REDIRECTS', url: URL, reason: string): BareError {
  return new BareError({
    code,
    id: 'response',
    message: `Failed to fetch ${url.href}: ${reason}.`,
    remoteUrl: url.href,
  });
}
