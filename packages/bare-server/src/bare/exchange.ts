/**
 * @module
 * A request of any version: one exchange with the remote, streamed both ways. When either side goes away, so does the other.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BareProtocolError } from '@culvert/bare-protocol';
import { sendRemoteRequest, type RemoteRequestHandle, type RemoteResponse } from '../remote/remote-request.js';
import type { Watched } from '../limits/idle-watch.js';
import type { Upstream } from '../remote/upstream.js';
import { noteRemote } from '../operation/visit.js';
import { sendError } from './answer.js';
import { sendBulkBody } from './bulk-body.js';
import { createBareAnswer, type AnswerOptions } from './remote-answer.js';
import { forwardHeaders, frameRemoteHeaders, type Framing } from './remote-headers.js';
import { readBareRequest, type ReadRequestOptions } from './bare-request.js';

/** A body of up to this size is read before it is sent, so that it can be sent again (see remote-request). */
const replayableLength = 64 * 1024;

/** @throws BareProtocolError when the request is not one we can serve */
export function handleRequest(
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  options: ReadRequestOptions,
): void {
  const method = request.method ?? 'GET';
  const bare = readBareRequest(request, search, options);
  noteRemote(response, bare.url);
  const framing = bodyFraming(request, method);
  if (framing.kind === 'length' && Number(framing.length) > options.maxBodySize)
    throw bodyTooLarge(options.maxBodySize);
  const pairs = forwardHeaders(bare.headers, request.rawHeaders, bare.forwardHeaders, {
    rules: options.rules.forward,
    hasCache: bare.hasCache,
  });
  const headers = frameRemoteHeaders(pairs, bare.url.host, framing);
  const answer: AnswerOptions = {
    method,
    rules: options.rules,
    hasCache: bare.hasCache,
    passHeaders: bare.passHeaders,
    passStatus: bare.passStatus,
    isConditional: bare.isConditional,
    bareHeaderNames: bare.bareHeaderNames,
  };

  let remote: RemoteRequestHandle | null = null;
  let isGone = false;
  const fail = (error: BareProtocolError): void => {
    if (isGone) return;
    sendError(request, response, error);
  };
  const watched: Watched = {
    // Where a stalled side is the client, its unread bytes stand in the socket and the counters stand still as well.
    progress: () => request.socket.bytesRead + request.socket.bytesWritten + (remote?.bytes() ?? 0),
    expire() {
      remote?.abort();
      fail(new BareProtocolError('CONNECTION_TIMEOUT', 'response', 'Nothing has moved for too long (idleTimeout).'));
    },
  };
  options.idleWatch.watch(watched);
  const send = (body: IncomingMessage | Buffer | null): void => {
    if (isGone) return;
    remote = sendRemoteRequest(
      upstream,
      { url: bare.url, method, headers, body },
      {
        response: (remoteResponse) => sendRemoteAnswer(remoteResponse, response, answer),
        error: fail,
      },
    );
  };
  response.once('close', () => {
    isGone = true;
    options.idleWatch.forget(watched);
    // After a complete answer the connection to the remote goes back to the pool by itself.
    if (!response.writableFinished) remote?.abort();
  });
  // The client's connection broke inside the upload; `close` of the response follows.
  request.once('error', () => remote?.abort());

  if (framing.kind === 'none') {
    // A GET may have a body, which the protocol says to ignore.
    if (bare.hasBody) request.resume();
    send(null);
  } else if (framing.kind === 'length' && Number(framing.length) <= replayableLength) {
    collect(request, send);
  } else {
    if (framing.kind === 'chunked') {
      limitBody(request, options.maxBodySize, () => {
        remote?.abort();
        fail(bodyTooLarge(options.maxBodySize));
      });
    }
    send(request);
  }
}

/** A body whose length nobody has told is counted as it comes. */
function limitBody(request: IncomingMessage, most: number, exceeded: () => void): void {
  let length = 0;
  request.on('data', function count(chunk: Buffer) {
    length += chunk.length;
    if (length <= most) return;
    request.off('data', count);
    exceeded();
  });
}

function bodyTooLarge(most: number): BareProtocolError {
  return new BareProtocolError(
    'IMPL_BODY_TOO_LARGE',
    'request.body',
    `The body has more than ${most} bytes (maxBodySize).`,
  );
}

function sendRemoteAnswer(remote: RemoteResponse, response: ServerResponse, options: AnswerOptions): void {
  const { status, headers, hasBody } = createBareAnswer(remote, options);
  response.writeHead(status, headers);
  if (!hasBody) {
    // Nothing can be said about it any more: the answer is complete.
    remote.on('error', () => undefined);
    remote.resume();
    response.end();
    return;
  }
  if (sendBulkBody(remote, response)) return;
  // A remote that breaks off must not look like a complete answer. (Neither `pipeline`, whose abort signal alone costs a tenth of a
  // small request, nor `pipe`, which adds and removes nine listeners.)
  remote.on('error', () => response.destroy());
  let hasBegun = false;
  const resume = (): unknown => remote.resume();
  remote.on('data', (chunk: Buffer) => {
    hasBegun = true;
    if (response.write(chunk)) return;
    remote.pause();
    response.once('drain', resume);
  });
  remote.on('end', () => response.end());
  // Head and first bytes go out together where they can. An event stream may have nothing to say for minutes, and its reader
  // waits for the head.
  setImmediate(() => {
    if (!hasBegun && !response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}

function bodyFraming(request: IncomingMessage, method: string): Framing {
  if (method === 'GET' || method === 'HEAD') return { kind: 'none' };
  if ('transfer-encoding' in request.headers) return { kind: 'chunked' };
  const length = request.headers['content-length'];
  if (length !== undefined) return { kind: 'length', length };
  // RFC 9110 section 8.6: where a body is usual, its absence is said; by browsers for these two (Fetch, HTTP-network-or-cache fetch).
  const isBodyUsual = method === 'POST' || method === 'PUT';
  return isBodyUsual ? { kind: 'length', length: '0' } : { kind: 'none' };
}

function collect(request: IncomingMessage, done: (body: Buffer | null) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(chunks.length === 0 ? null : Buffer.concat(chunks)));
}

/** Methods that would have a proxy do something else than fetch (RFC 9110 sections 9.3.6 and 9.3.8). */
export function checkMethod(method: string | undefined): void {
  if (method === 'TRACE' || method === 'CONNECT' || method === 'TRACK') {
    throw new BareProtocolError('IMPL_METHOD_NOT_ALLOWED', 'request', `The method ${method} is not allowed.`);
  }
}
