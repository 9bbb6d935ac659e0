/**
 * @module
 * To the outside, where `tunnels: 'forward'` says so: a CONNECT as a connection to its target, a request in absolute form as a request to
 * its origin. Both take the way of Bare requests (remote/upstream.ts): the same resolution, the same address policy, the same limits.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BareProtocolError } from '@culvert/bare-protocol';
import { sendError } from '../bare/answer.js';
import { toPairs } from '../bare/remote-answer.js';
import { connect } from '../remote/connect.js';
import { RemoteTimeoutError, toRemoteError } from '../remote/remote-errors.js';
import { sendRemoteRequest } from '../remote/remote-request.js';
import type { Upstream } from '../remote/upstream.js';
import type { OpenTunnel } from './port-handlers.js';

export function forwardTunnel(upstream: Upstream, target: URL, tunnel: OpenTunnel): void {
  let isSettled = false;
  const settle = (then: () => void): void => {
    clearTimeout(timer);
    if (isSettled) return;
    isSettled = true;
    then();
  };
  const fail = (error: unknown): void => settle(() => tunnel.refuse(toRemoteError(error, target)));
  const timer = setTimeout(() => {
    fail(new RemoteTimeoutError('connect', upstream.connectTimeout));
    remote?.destroy();
  }, upstream.connectTimeout);
  let remote: Duplex | null = null;
  try {
    const socket = connect(upstream.target(target), false, () => settle(() => join(tunnel.accept(), socket)));
    remote = socket;
    socket.on('error', fail);
    tunnel.onAbandoned(() => settle(() => socket.destroy()));
  } catch (error) {
    fail(error);
  }
}

/** Relays bytes until both have said all. When one breaks off, so does the other. */
function join(client: Duplex, remote: Duplex): void {
  for (const [from, to] of [
    [client, remote],
    [remote, client],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
    });
    from.pipe(to);
  }
  if (client.destroyed) remote.destroy();
}

/** Between us and one neighbour (RFC 9110 section 7.6.1), and what is for a proxy alone. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function forwardRequest(upstream: Upstream, request: IncomingMessage, response: ServerResponse, url: URL): void {
  if (request.method === 'TRACE') {
    const message = 'TRACE is not forwarded.';
    return sendError(request, response, new BareProtocolError('IMPL_METHOD_NOT_ALLOWED', 'request', message));
  }
  const headers = endToEnd(request).filter(([name]) => name.toLowerCase() !== 'host');
  headers.unshift(['Host', url.host]);
  const isChunked = 'transfer-encoding' in request.headers;
  const hasBody = isChunked || (request.headers['content-length'] ?? '0') !== '0';
  if (isChunked) headers.push(['Transfer-Encoding', 'chunked']);
  const remote = sendRemoteRequest(
    upstream,
    { url, method: request.method ?? 'GET', headers, body: hasBody ? request : null },
    {
      response(answer) {
        response.writeHead(answer.statusCode ?? 502, groupNames(endToEnd(answer)));
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      },
      error: (error) => sendError(request, response, error),
    },
  );
  response.once('close', () => {
    if (!response.writableFinished) remote.abort();
  });
  request.once('error', () => remote.abort());
}

function endToEnd(message: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): [string, string][] {
  const named = new Set((message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return toPairs(message.rawHeaders).filter(([name]) => {
    return !hopByHop.has(name.toLowerCase()) && !named.has(name.toLowerCase());
  });
}

function groupNames(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const grouped = new Map<string, [string, string[]]>();
  for (const [name, value] of pairs) {
    const known = grouped.get(name.toLowerCase());
    if (known) known[1].push(value);
    else grouped.set(name.toLowerCase(), [name, [value]]);
  }
  return Object.fromEntries(
    [...grouped.values()].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}
