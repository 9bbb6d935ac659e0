/**
 * @module
 * A connection to a remote that it has agreed to switch to another protocol: the handshake is HTTP, what follows are bytes that
 * nobody here looks at.
 */
import http, { type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { BareProtocolError, HeaderPair } from '@culvert/bare-protocol';
import { connect } from './connect.js';
import { RemoteTimeoutError, toRemoteError } from './remote-errors.js';
import { requestTarget } from './remote-request.js';
import type { Upstream } from './upstream.js';

export interface RemoteTunnelRequest {
  /** ws:, wss:, http: or https:. */
  url: URL;
  /** All of them: nothing is added. */
  headers: HeaderPair[];
}

export interface RemoteTunnelHandlers {
  /** @param head what the remote sent together with its 101 */
  open(answer: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The remote answered with something else than 101. */
  refused(answer: IncomingMessage): void;
  error(error: BareProtocolError): void;
}

/** Exactly one handler is called, once; none after `abort`. */
export function openRemoteTunnel(
  upstream: Upstream,
  { url, headers }: RemoteTunnelRequest,
  handlers: RemoteTunnelHandlers,
): { abort(): void } {
  let isSettled = false;
  let connection: Socket | null = null;
  let timer: NodeJS.Timeout | undefined;
  const settle = (then: () => void): void => {
    clearTimeout(timer);
    if (isSettled) return;
    isSettled = true;
    then();
  };
  const fail = (error: unknown): void => {
    connection?.destroy();
    settle(() => handlers.error(toRemoteError(error, url)));
  };
  const startTimer = (stage: 'connect' | 'headers', milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => fail(new RemoteTimeoutError(stage, milliseconds)), milliseconds);
  };
  const isSecure = url.protocol === 'wss:' || url.protocol === 'https:';
  try {
    const target = upstream.target(url);
    connection = connect(target, isSecure, () => startTimer('headers', upstream.headersTimeout));
  } catch (error) {
    process.nextTick(fail, error);
    return { abort: () => settle(() => undefined) };
  }
  startTimer('connect', upstream.connectTimeout);
  const request = http.request({
    createConnection: () => connection!,
    path: requestTarget(url),
    headers: headers.flat(),
    setHost: false,
    insecureHTTPParser: true,
  });
  request.on('error', fail);
  request.once('upgrade', (answer, socket, head) => {
    // Whoever takes the connection over listens too; until then nothing may crash the process.
    socket.on('error', () => undefined);
    settle(() => handlers.open(answer, socket, head));
  });
  request.once('response', (answer) => {
    connection?.destroy();
    settle(() => handlers.refused(answer));
  });
  request.end();
  return {
    abort() {
      settle(() => undefined);
      connection?.destroy();
    },
  };
}
