/**
 * @module
 * The way to remotes through Bare servers: for each request the server and the version, and what to do when they fail.
 */
import type { HeaderPair } from '@culvert/bare-protocol';
import { cacheKey } from '../cache-key.js';
import { BareError } from '../errors.js';
import { fetchWithin } from '../fetch-within.js';
import { hasHeader } from '../header-pairs.js';
import type { BareClientOptions, BareServerOption, BareVersion } from '../options.js';
import { collectBody } from '../request-body.js';
import type {
  RemoteAnswer,
  RemoteChannel,
  RemoteRequest,
  RemoteSocketRequest,
  RequestSettings,
} from '../remote-channel.js';
import { isBeforeRemote, isServerFault, isVersionMissing, readServerError, unreadable } from '../server-errors.js';
import type { BareSocket, BareSocketHandlers } from '../socket/bare-socket.js';
import { connectThroughServers } from '../socket/server-choice.js';
import {
  decodeBareResponse,
  encodeBareRequest,
  requestUrl,
  type DecodedBareResponse,
} from '../versions/http-messages.js';
import { withoutFragment } from '../without-fragment.js';
import type { BareServer } from './bare-server.js';
import { ServerPool } from './server-pool.js';
import { canStreamUploads } from './upload-streaming.js';

/** Headers that the realm sends by itself and that a remote misses when the caller did not think of them. */
const ownHeaders = ['accept', 'user-agent'];
/** RFC 9110 section 9.2.1: asking for them twice does no harm. */
const safeMethod = /^(?:GET|HEAD|OPTIONS)$/;

export class BareServerChannel implements RemoteChannel {
  readonly #pool: ServerPool;
  readonly #options: BareClientOptions;

  constructor(server: BareServerOption, options: BareClientOptions) {
    this.#pool = new ServerPool(server, options);
    this.#options = options;
  }

  async request(request: RemoteRequest, settings: RequestSettings): Promise<RemoteAnswer> {
    let lastError: unknown;
    for await (const server of this.#pool.candidates(request.url)) {
      let isSent = false;
      try {
        const versions = await server.versions('request', settings.signal);
        if (!request.body.isReplayable && !canStreamUploads(server.url)) await collectBody(request.body);
        isSent = true;
        const answer = await this.#requestFrom(server, versions, request, settings);
        server.reportSuccess();
        return answer;
      } catch (error) {
        lastError = error;
        // A manifest that cannot be used is the server's fault as well.
        if (isSent ? !isServerFault(error) : !(error instanceof BareError)) throw error;
        server.reportFailure();
        const isHarmless = safeMethod.test(request.method) || isBeforeRemote(error as BareError);
        if (isSent && !(isHarmless && request.body.isReplayable)) throw error;
      }
    }
    throw lastError;
  }

  connect(request: RemoteSocketRequest, handlers: BareSocketHandlers): BareSocket {
    const { fetch, WebSocket, sockets } = this.#options;
    const realm = { fetch, WebSocket: request.WebSocket ?? WebSocket, sockets };
    return connectThroughServers(this.#pool.candidates(request.url), request, realm, handlers);
  }

  /** With one version after the other, as long as they turn out not to be served. */
  async #requestFrom(
    server: BareServer,
    versions: BareVersion[],
    request: RemoteRequest,
    settings: RequestSettings,
  ): Promise<RemoteAnswer> {
    for (let index = 0; ; index++) {
      const version = versions[index]!;
      try {
        return await this.#send(server.url, version, request, settings);
      } catch (error) {
        if (!(error instanceof BareError) || !isVersionMissing(error.status)) throw error;
        server.reportBroken('request', version);
        if (index + 1 === versions.length || !request.body.isReplayable) throw error;
      }
    }
  }

  async #send(
    server: string,
    version: BareVersion,
    request: RemoteRequest,
    settings: RequestSettings,
  ): Promise<RemoteAnswer> {
    const { method, url, headers, body } = request;
    const remoteUrl = withoutFragment(url);
    const forwardHeaders = ownHeaders.filter((name) => !hasHeader(headers, name));
    const encoded = encodeBareRequest(url, headers, { version, forwardHeaders });
    const { cache = 'no-store', ...sent } = settings;
    const isCacheable = cache !== 'no-store' && version !== 'v1' && (method === 'GET' || method === 'HEAD');
    const key = isCacheable ? await cacheKey(method, encoded) : undefined;
    // Engines do not let a script ask their cache alone, but for its own origin. That there is nothing is always a right answer.
    if (cache === 'only-if-cached') throw notCached(remoteUrl);
    const init: RequestInit & { duplex: 'half' | undefined } = {
      method,
      headers: encoded,
      body: body.value,
      ...sent,
      cache: key ? cache : 'no-store',
      duplex: body.isReplayable ? undefined : 'half',
    };
    return fetchWithin(requestUrl(server, version, key), init, {
      server,
      remoteUrl,
      timeout: settings.headersTimeout,
      fetch: this.#options.fetch,
      read: async (native) => ({ ...(await decodeAnswer(native, server, remoteUrl)), body: native.body }),
    });
  }
}

async function decodeAnswer(native: Response, server: string, remoteUrl: string): Promise<DecodedBareResponse> {
  let decoded: DecodedBareResponse | null;
  try {
    decoded = decodeBareResponse((name) => native.headers.get(name));
  } catch (cause) {
    await native.body?.cancel();
    throw unreadable(
      cause,
      `Failed to fetch ${remoteUrl}: the answer of the Bare server ${server} cannot be read`,
      remoteUrl,
    );
  }
  if (decoded !== null) return decoded;
  // A 304 without X-Bare headers is the remote's, passed on to the browser's cache (X-Bare-Pass-Status).
  if (native.status === 304) {
    return { status: 304, statusText: native.statusText, headers: [...native.headers] as HeaderPair[] };
  }
  throw await readServerError(native, server, remoteUrl);
}

function notCached(remoteUrl: string): BareError {
  const message = `Failed to fetch ${remoteUrl}: it is not cached; use another cache mode.`;
  return new BareError({ code: 'IMPL_NOT_CACHED', id: 'response', message, remoteUrl });
}
