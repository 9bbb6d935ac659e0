/**
 * @module
 * One HTTP request to a remote, header bytes as given: from the connection to the head of the answer. Bodies are piped by Node, so
 * that a slow reader holds back a fast writer in both directions.
 */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { BareProtocolError, groupHeaders, type HeaderPair } from '@culvert/bare-protocol';
import { openHttp2Request, RefusedStreamError } from './http2-request.js';
import type { Http2Sessions } from './http2-sessions.js';
import { connectMended } from './mended-connection.js';
import { RemoteTimeoutError, toRemoteError } from './remote-errors.js';
import type { Upstream } from './upstream.js';

export interface RemoteRequest {
  url: URL;
  method: string;
  /** All of them, framing included: nothing but `Connection` is added. */
  headers: HeaderPair[];
  /** A stream can be sent once; bytes can be sent again over another connection. */
  body: Readable | Buffer | null;
}

/** An answer: Node's IncomingMessage, or a stream of HTTP/2 with the same facts. */
export type RemoteResponse = Readable &
  Pick<IncomingMessage, 'statusCode' | 'statusMessage' | 'rawHeaders' | 'headers'> & { socket?: object };

export interface RemoteRequestHandlers {
  response(response: RemoteResponse): void;
  /** Called once, and only when `response` was not. */
  error(error: BareProtocolError): void;
}

export interface RemoteRequestHandle {
  /** Gives up; closes the connection to the remote. No handler is called any more. */
  abort(): void;
  /** Bytes that its connection has carried, both ways. */
  bytes(): number;
}

/** A response's headers travel on inside headers, so there is no use in more than a browser takes. */
const maxHeaderSize = 256 * 1024;
/** Of these Node frames no body by itself. */
const unframedMethods = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
/** CANCEL (RFC 9113 section 7). */
const cancel = 8;
/** A pool may hold several connections that the remote has closed at the same time. */
const maxRetries = 3;

export function sendRemoteRequest(
  upstream: Upstream,
  remote: RemoteRequest,
  handlers: RemoteRequestHandlers,
): RemoteRequestHandle {
  if (upstream.http2Sessions === null || remote.url.protocol !== 'https:') {
    return sendHttp1Request(upstream, remote, handlers);
  }
  return sendByAlpn(upstream, upstream.http2Sessions, remote, handlers);
}

/** Over HTTP/2 where it is offered. */
function sendByAlpn(
  upstream: Upstream,
  sessions: Http2Sessions,
  remote: RemoteRequest,
  handlers: RemoteRequestHandlers,
): RemoteRequestHandle {
  let isGone = false;
  let current: RemoteRequestHandle | null = null;
  const fail = (error: unknown): void => {
    if (!isGone) handlers.error(toRemoteError(error, remote.url));
  };
  const attempt = async (retries: number): Promise<void> => {
    const session = await sessions.find(remote.url);
    if (isGone) return;
    if (session === null) {
      current = sendHttp1Request(upstream, remote, handlers);
      return;
    }
    if (session.destroyed || session.closed) {
      sessions.forget(remote.url);
      if (retries < maxRetries) return attempt(retries + 1);
      throw Object.assign(new Error('The session was closed'), { code: 'ECONNRESET' });
    }
    const stream = openHttp2Request(session, remote, upstream.headersTimeout, (error, response) => {
      if (isGone) return;
      if (response) handlers.response(response);
      else if (error instanceof RefusedStreamError && isReplayable(remote) && retries < maxRetries) {
        attempt(retries + 1).catch(fail);
      } else fail(error);
    });
    current = {
      abort: () => stream.close(cancel),
      bytes: () => (session.destroyed ? 0 : session.socket.bytesRead + session.socket.bytesWritten),
    };
  };
  attempt(0).catch(fail);
  return {
    abort() {
      isGone = true;
      current?.abort();
    },
    bytes: () => current?.bytes() ?? 0,
  };
}

function sendHttp1Request(
  upstream: Upstream,
  remote: RemoteRequest,
  handlers: RemoteRequestHandlers,
): RemoteRequestHandle {
  let options: RequestOptions;
  try {
    options = requestOptions(upstream, remote);
  } catch (error) {
    process.nextTick(() => handlers.error(toRemoteError(error, remote.url)));
    return { abort: () => undefined, bytes: () => 0 };
  }
  let current: ClientRequest;
  let isSettled = false;
  let retries = 0;
  /** Why the second, mended try is made. */
  let refusal: unknown = null;

  const attempt = (): void => {
    current = openRequest(upstream, remote, options, (error, response) => {
      if (isSettled) return;
      if (response) {
        isSettled = true;
        handlers.response(response);
      } else if (isStaleConnection(current, error) && isReplayable(remote) && retries++ < maxRetries) {
        attempt();
      } else if (refusal === null && isAnswerRefused(current, error) && isRepeatable(remote)) {
        refusal = error;
        const alone: RequestOptions = { ...options, createConnection: () => connectMended(upstream, remote.url) };
        // No pool has such a connection.
        delete alone.agent;
        options = alone;
        attempt();
      } else {
        isSettled = true;
        handlers.error(toRemoteError(refusal ?? error, remote.url));
      }
    });
  };
  attempt();
  return {
    abort() {
      isSettled = true;
      current.destroy();
    },
    bytes: () => (current.socket?.bytesRead ?? 0) + (current.socket?.bytesWritten ?? 0),
  };
}

function openRequest(
  upstream: Upstream,
  { url, headers, body }: RemoteRequest,
  options: RequestOptions,
  done: (error: unknown, response: IncomingMessage | null) => void,
): ClientRequest {
  const isSecure = url.protocol === 'https:';
  const request = createRequest(isSecure ? https : http, options, headers, body === null);
  let isAnswered = false;
  let timer: NodeJS.Timeout | undefined;
  let isConnected = false;
  let isSent = body === null;
  const awaitHeaders = (): void => {
    clearTimeout(timer);
    // A large upload takes its time: the wait for the answer begins when it is over.
    if (isConnected && isSent && !isAnswered) timer = startTimer(request, 'headers', upstream.headersTimeout);
  };
  const connected = (): void => {
    isConnected = true;
    awaitHeaders();
  };
  request.once('socket', (socket) => {
    if (request.reusedSocket) {
      connected();
      return;
    }
    timer = startTimer(request, 'connect', upstream.connectTimeout);
    socket.once(isSecure ? 'secureConnect' : 'connect', connected);
  });
  if (body !== null) {
    request.once('finish', () => {
      isSent = true;
      if (isConnected) awaitHeaders();
    });
  }
  request.once('response', (response) => {
    isAnswered = true;
    clearTimeout(timer);
    done(null, response);
  });
  request.once('upgrade', (_response, socket) => {
    isAnswered = true;
    clearTimeout(timer);
    socket.destroy();
    done(
      new BareProtocolError('IMPL_INVALID_RESPONSE', 'response', `${url.host} switched protocols without being asked.`),
      null,
    );
  });
  // Stays for the request's life: a remote may answer, then reset the connection that the upload still runs over.
  request.on('error', (error) => {
    clearTimeout(timer);
    if (!isAnswered) done(error, null);
  });
  request.once('close', () => clearTimeout(timer));
  if (body === null) request.end();
  else if (Buffer.isBuffer(body)) request.end(body);
  else body.pipe(request);
  return request;
}

function requestOptions(upstream: Upstream, remote: RemoteRequest): RequestOptions {
  const { url, method, headers } = remote;
  // A flat array is written as it is: order, case and repeats.
  const flat: string[] = [];
  for (const [name, value] of headers) flat.push(name, value);
  const options: RequestOptions = upstream.target(url);
  options.protocol = url.protocol;
  options.agent = url.protocol === 'https:' ? upstream.httpsAgent : upstream.httpAgent;
  options.method = method;
  options.path = requestTarget(url);
  options.headers = flat;
  options.setHost = false;
  options.maxHeaderSize = maxHeaderSize;
  // Browsers accept what a strict parser does not; a remote can only confuse its own connections.
  options.insecureHTTPParser = true;
  return options;
}

/**
 * Node frames an empty body of any method but these as chunked. It can be told not to, but only before the head is made, which a flat
 * array is at once.
 */
function createRequest(
  protocol: typeof http | typeof https,
  options: RequestOptions,
  headers: HeaderPair[],
  isEmpty: boolean,
): ClientRequest {
  const isFramed = (): boolean => headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (!isEmpty || unframedMethods.has(options.method!) || isFramed()) return protocol.request(options);
  const request = protocol.request({ ...options, headers: {} });
  request.useChunkedEncodingByDefault = false;
  for (const [name, value] of groupHeaders(headers)) request.setHeader(name, value);
  return request;
}

/** Path and query as written, of a URL of a special scheme: `search` would be empty for one that ends in a bare `?`. */
export function requestTarget({ href }: URL): string {
  // The authority has neither of these two (URL standard, userinfo and host are percent-encoded).
  const start = href.indexOf('/', href.indexOf('://') + 3);
  const end = href.indexOf('#', start);
  return end < 0 ? href.slice(start) : href.slice(start, end);
}

function isReplayable({ body }: RemoteRequest): boolean {
  return body === null || Buffer.isBuffer(body);
}

/**
 * The remote closed an idle connection at the moment we took it. Like browsers we try again whatever the method: no byte of an
 * answer has come over a connection that had been answering.
 */
function isStaleConnection(request: ClientRequest, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** Something came, and Node's parser would not have it. */
function isAnswerRefused(request: ClientRequest, error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  // The second: it does not begin with HTTP/, which nothing mends.
  if (code === 'HPE_HEADER_OVERFLOW' || code === 'HPE_INVALID_CONSTANT') return false;
  return (
    code.startsWith('HPE_') || (code === 'ECONNRESET' && (request.socket?.bytesRead ?? 0) > 0 && !request.reusedSocket)
  );
}

/** RFC 9110 section 9.2.1: it asks for nothing to be done. */
function isRepeatable({ method, body }: RemoteRequest): boolean {
  return body === null && (method === 'GET' || method === 'HEAD');
}

function startTimer(request: ClientRequest, stage: 'connect' | 'headers', milliseconds: number): NodeJS.Timeout {
  return setTimeout(() => request.destroy(new RemoteTimeoutError(stage, milliseconds)), milliseconds);
}
