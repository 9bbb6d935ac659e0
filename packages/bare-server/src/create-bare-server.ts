/**
 * @module
 * `createBareServer`: the routes below the directory, and what becomes of an error.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BareProtocolError, httpSocketEndpoint, serializeManifest } from '@culvert/bare-protocol';
import { sendError, sendJson, sendPreflight } from './bare/answer.js';
import { readBareRequest, type ReadRequestOptions } from './bare/bare-request.js';
import { handleClientError, refuseConnection } from './bare/client-error.js';
import { checkMethod, handleRequest } from './bare/exchange.js';
import { rulesFor } from './bare/header-lists.js';
import { createManifest } from './bare/manifest.js';
import { RawTunnelServer } from './bare/v1-v2/raw-tunnel.js';
import { SocketMeta, type MetaVersion } from './bare/v1-v2/socket-meta.js';
import { mountHttpSocket } from './bare/v3/http-socket.js';
import { V3WebSocketServer } from './bare/v3/web-socket.js';
import { Access } from './access/access.js';
import { ClientAddresses } from './access/client-address.js';
import { BareServerError } from './errors.js';
import { ClientLimits } from './limits/client-limits.js';
import { IdleWatch } from './limits/idle-watch.js';
import { Metrics } from './operation/metrics.js';
import { Reception } from './operation/reception.js';
import { StatusPages } from './operation/status-pages.js';
import { bareVersions, defaults, type BareServerOptions, type BareVersion } from './options.js';
import type { AddressJudge } from './remote/address-judge.js';
import { openConnection } from './remote/open-connection.js';
import { Upstream } from './remote/upstream.js';

export interface BareServer {
  /** Whether the request is for the Bare server. */
  shouldRoute(request: IncomingMessage): boolean;
  routeRequest(request: IncomingMessage, response: ServerResponse): void;
  routeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Listener for the HTTP server's `clientError`, so that refused requests get an answer with CORS headers. */
  handleClientError(error: Error, socket: Duplex): void;
  /** Judges where a connection may go; the same for everything that this server connects to. */
  readonly judge: AddressJudge;
  /** A connection for a CONNECT request, judged and pinned. Rejects with a BareProtocolError. */
  openConnection(host: string, port: number): Promise<Socket>;
  /** Whether a token is the server's `token`, for what is no Bare request (Proxy-Authorization). Any is where none is wanted. */
  isRightToken(token: string): boolean;
  /** The metrics of this process, as `metricsPath` gives them. */
  metrics(): string;
  /**
   * Refuses what comes from now on (503), waits for requests under way up to `drainTimeout` milliseconds (0), then ends WebSockets
   * and the connections to remotes. The HTTP server is the caller's to close: stop listening first.
   */
  close(options?: { drainTimeout?: number }): Promise<void>;
}

/** @throws BareServerError for options that cannot be right */
export function createBareServer(options: BareServerOptions = {}): BareServer {
  const directory = options.directory ?? defaults.directory;
  if (!directory.startsWith('/') || !directory.endsWith('/')) {
    throw new BareServerError(
      'BARE_SERVER_BAD_DIRECTORY',
      `Failed to mount the Bare server at ${JSON.stringify(directory)}: a directory begins and ends with a slash.`,
    );
  }
  checkLimits(options);
  const versions = readVersions(options.versions);
  const access = new Access(options);
  const clients = new ClientAddresses(options.trustProxy);
  const limits = new ClientLimits(options);
  const metrics = new Metrics(() => limits.size);
  const reception = new Reception({ access, clients, limits, metrics }, options.log);
  const statusPages = new StatusPages(options, metrics, clients);
  const idleWatch = new IdleWatch(options.idleTimeout ?? defaults.idleTimeout);
  const maxBodySize = options.maxBodySize ?? defaults.maxBodySize;
  const upstream = new Upstream(options.upstream ?? {});
  const webSockets = new V3WebSocketServer(upstream, options);
  const meta = new SocketMeta(options);
  const rawTunnels = new RawTunnelServer(upstream, meta, options);
  const httpSockets = versions.includes('v3')
    ? mountHttpSocket(`${directory}v3/${httpSocketEndpoint}`, webSockets, options)
    : null;

  const requestOptions = (version: BareVersion, protocols = httpProtocols): ReadRequestOptions => ({
    version,
    rules: rulesFor(version, options.forbiddenHeaders),
    isStrict: options.strict ?? false,
    protocols,
    maxBodySize,
    idleWatch,
  });

  /** @throws BareProtocolError */
  const findVersion = (pathname: string, path: string): { version: BareVersion; endpoint: string } => {
    const [, name, endpoint] = /^(v\d+)\/(.*)$/s.exec(path) ?? [];
    const version = versions.find((candidate) => candidate === name);
    if (version === undefined || endpoint === undefined) throw nothingServed(pathname);
    return { version, endpoint };
  };

  const route = (request: IncomingMessage, response: ServerResponse): void | Promise<void> => {
    const { pathname, search } = splitTarget(request.url ?? '/');
    if (!pathname.startsWith(directory) && statusPages.has(pathname)) {
      return statusPages.send(pathname, request, response, reception.isClosing);
    }
    const visit = reception.receiveRequest(request, response);
    if (request.method === 'OPTIONS' && !isBareRequest(request)) return sendPreflight(request, response);
    checkMethod(request.method);
    const path = access.takeToken(request, pathname.slice(directory.length));
    if (path === '') {
      // The browser tells a client by this entry's timing whether a body can be streamed to us.
      const headers = { 'Timing-Allow-Origin': '*' };
      return sendJson(response, 200, serializeManifest(createManifest(versions, options)), headers);
    }
    const { version, endpoint } = findVersion(pathname, path);
    visit.version = version;
    if (httpSockets && version === 'v3' && endpoint === httpSocketEndpoint) {
      // Without the token, which is none of its business.
      request.url = `${directory}${path}${search}`;
      return httpSockets.handle(request, response);
    }
    if (endpoint === '') return handleRequest(upstream, request, response, search, requestOptions(version));
    if (version === 'v3' || !metaEndpoints.has(endpoint)) throw nothingServed(pathname);
    if (request.method !== 'GET') {
      throw new BareProtocolError('IMPL_METHOD_NOT_ALLOWED', 'request', `${pathname} is there for GET.`);
    }
    return routeMeta(version, endpoint, request, response, search);
  };

  const routeMeta = (
    version: MetaVersion,
    endpoint: string,
    request: IncomingMessage,
    response: ServerResponse,
    search: string,
  ): Promise<void> => {
    if (endpoint === 'ws-meta') return meta.sendAnswer(version, request, response);
    // v1's ID stands for nothing yet: its WebSocket says everything itself.
    const wanted = version === 'v1' ? null : readBareRequest(request, search, requestOptions('v2', socketProtocols));
    return meta.sendNewId(version, wanted, response);
  };

  return {
    shouldRoute: (request) => {
      const url = request.url ?? '';
      if (url.startsWith(directory)) return true;
      const { pathname } = splitTarget(url);
      return pathname.startsWith(directory) || statusPages.has(pathname);
    },
    routeRequest(request, response) {
      upstream.judge.addListeningPort(request.socket.localPort);
      // A client that goes away is no error of ours; what has to be ended then is ended by `close` listeners.
      response.on('error', ignore);
      request.on('error', ignore);
      const fail = (error: unknown): void => {
        if (!(error instanceof BareProtocolError)) options.onInternalError?.(error);
        sendError(request, response, error instanceof BareProtocolError ? error : internalError());
      };
      try {
        route(request, response)?.catch(fail);
      } catch (error) {
        fail(error);
      }
    },
    routeUpgrade(request, socket, head) {
      upstream.judge.addListeningPort(request.socket.localPort);
      socket.on('error', ignore);
      try {
        const { pathname } = splitTarget(request.url ?? '/');
        const visit = reception.receiveUpgrade(request, socket);
        const path = access.takeToken(request, pathname.slice(directory.length));
        const { version, endpoint } = findVersion(pathname, path);
        visit.version = version;
        if (endpoint !== '') throw nothingServed(pathname);
        if (version === 'v3') webSockets.accept(request, socket, head);
        else rawTunnels.accept(version, request, socket, head);
      } catch (error) {
        if (!(error instanceof BareProtocolError)) options.onInternalError?.(error);
        refuseConnection(socket, error instanceof BareProtocolError ? error : internalError());
      }
    },
    handleClientError,
    judge: upstream.judge,
    openConnection: (host, port) => openConnection(upstream, host, port),
    isRightToken: (token) => access.isRightToken(token),
    metrics: () => metrics.toString(),
    async close({ drainTimeout = 0 } = {}) {
      reception.isClosing = true;
      if (drainTimeout > 0) {
        reception.logShutdown('The server takes no more requests and finishes those under way.');
        await reception.quiet(drainTimeout);
        webSockets.sayGoodbye();
        await new Promise((resolve) => setTimeout(resolve, metrics.webSocketsActive > 0 ? goodbyeTime : 0));
      }
      httpSockets?.close();
      webSockets.close();
      rawTunnels.close();
      idleWatch.close();
      upstream.close();
      if (drainTimeout > 0) reception.logShutdown('The server has closed.');
    },
  };
}

/** Milliseconds that clients have to answer our close frame. */
const goodbyeTime = 250;
const httpProtocols = ['http:', 'https:'];
/** The V2 page lists http: and https: for all endpoints, and has ws: in the example for this one. */
const socketProtocols = ['ws:', 'wss:', 'http:', 'https:'];
const metaEndpoints = new Set(['ws-new-meta', 'ws-meta']);

const numericOptions = [
  'metaLifetime',
  'maxMetaEntries',
  'connectMessageTimeout',
  'maxMessageSize',
  'maxConnectionsPerClient',
  'maxRequestsPerClient',
  'maxBodySize',
  'idleTimeout',
] as const;

/** @throws BareServerError */
function checkLimits(options: BareServerOptions): void {
  for (const name of numericOptions) {
    const value = options[name];
    if (value === undefined || (typeof value === 'number' && value > 0)) continue;
    throw new BareServerError(
      'BARE_SERVER_BAD_LIMIT',
      `Failed to set ${name} to ${JSON.stringify(value)}: it is a number above 0, or Infinity.`,
    );
  }
}

/** Oldest first. @throws BareServerError */
function readVersions(wanted: readonly BareVersion[] = bareVersions): BareVersion[] {
  const unknown = wanted.find((version) => !bareVersions.includes(version));
  if (unknown !== undefined || wanted.length === 0) {
    throw new BareServerError(
      'BARE_SERVER_BAD_VERSIONS',
      `Failed to serve ${unknown === undefined ? 'no version at all' : JSON.stringify(unknown)}: versions are ${bareVersions.join(', ')}.`,
    );
  }
  return bareVersions.filter((version) => wanted.includes(version));
}

/** A preflight has no Bare headers, as no request has that a browser makes by itself. */
function isBareRequest({ headers }: IncomingMessage): boolean {
  return 'x-bare-url' in headers || 'x-bare-host' in headers;
}

function nothingServed(pathname: string): BareProtocolError {
  return new BareProtocolError('IMPL_NOT_FOUND', 'request', `Nothing is served at ${pathname}.`);
}

function internalError(): BareProtocolError {
  return new BareProtocolError('UNKNOWN', 'error', 'The Bare server failed; its log says more.');
}

/** Origin-form and absolute-form targets (RFC 9112 section 3.2) alike. */
function splitTarget(target: string): { pathname: string; search: string } {
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const mark = path.indexOf('?');
  return mark < 0 ? { pathname: path, search: '' } : { pathname: path.slice(0, mark), search: path.slice(mark) };
}

function ignore(): void {
  // See the comments where this is used.
}
