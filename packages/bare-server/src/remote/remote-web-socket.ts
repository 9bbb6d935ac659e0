/**
 * @module
 * A WebSocket to a remote, with the handshake headers of a page's.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { BareProtocolError, type HeaderPair } from '@culvert/bare-protocol';
import { WebSocket } from 'ws';
import { connect } from './connect.js';
import { RemoteTimeoutError, toRemoteError } from './remote-errors.js';
import { requestTarget } from './remote-request.js';
import type { Upstream } from './upstream.js';

export interface RemoteSocketRequest {
  url: URL;
  protocols: string[];
  headers: HeaderPair[];
  maxMessageSize: number;
}

export interface RemoteSocketHandlers {
  open(handshake: { protocol: string; setCookies: string[] }): void;
  /** Called once, and only when `open` was not. */
  error(error: BareProtocolError): void;
}

/** What the handshake itself says; the caller's headers only say where it stands and in which case. */
const handshakeNames = [
  'Connection',
  'Upgrade',
  'Sec-WebSocket-Version',
  'Sec-WebSocket-Key',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Protocol',
];
const notOfHandshake = new Set(['content-length', 'transfer-encoding', 'keep-alive', 'trailer', 'expect']);

/**
 * Listeners for messages have to be added to the result at once: what the remote sends together with its 101 is emitted right
 * after `open`, in the same turn.
 *
 * @throws BareProtocolError
 */
export function openRemoteWebSocket(
  upstream: Upstream,
  request: RemoteSocketRequest,
  handlers: RemoteSocketHandlers,
): WebSocket {
  const url = new URL(request.url);
  url.hash = '';
  url.username = '';
  url.password = '';
  let setCookies: string[] = [];
  let isSettled = false;
  let timer: NodeJS.Timeout;
  const fail = (error: unknown): void => {
    clearTimeout(timer);
    if (isSettled) return;
    isSettled = true;
    handlers.error(toSocketError(error, url));
  };
  const startTimer = (stage: 'connect' | 'headers', milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      fail(new RemoteTimeoutError(stage, milliseconds));
      socket.terminate();
    }, milliseconds);
  };

  let socket: WebSocket;
  try {
    const target = upstream.target(url);
    socket = new WebSocket(url, request.protocols, {
      createConnection: () =>
        connect(target, url.protocol === 'wss:', () => startTimer('headers', upstream.headersTimeout)),
      perMessageDeflate: true,
      maxPayload: request.maxMessageSize,
      finishRequest(handshake) {
        writeHandshakeHeaders(handshake, request.headers, url.host, request.protocols);
        handshake.path = requestTarget(url);
        handshake.end();
      },
    });
  } catch (error) {
    throw toSocketError(error, url);
  }
  startTimer('connect', upstream.connectTimeout);
  socket.on('upgrade', (response: IncomingMessage) => {
    setCookies = valuesOf(response.rawHeaders, 'set-cookie');
  });
  socket.on('unexpected-response', (_handshake: ClientRequest, response: IncomingMessage) => {
    const status = `${response.statusCode} ${response.statusMessage ?? ''}`.trim();
    fail(
      new BareProtocolError('IMPL_SOCKET_REFUSED', 'response', `${url.host} answered the handshake with ${status}.`),
    );
    socket.terminate();
  });
  socket.on('open', () => {
    clearTimeout(timer);
    if (isSettled) return;
    isSettled = true;
    handlers.open({ protocol: socket.protocol, setCookies });
  });
  // An error after `open` is followed by `close`, which says what there is to say.
  socket.on('error', fail);
  socket.on('close', () => clearTimeout(timer));
  return socket;
}

function writeHandshakeHeaders(
  handshake: ClientRequest,
  headers: HeaderPair[],
  host: string,
  protocols: string[],
): void {
  const own = new Map<string, [name: string, value: string]>();
  for (const name of handshakeNames) {
    // A browser writes a space after the comma; `ws` does not.
    const value = name === 'Sec-WebSocket-Protocol' ? protocols.join(', ') : String(handshake.getHeader(name) ?? '');
    if (value !== '') own.set(name.toLowerCase(), [name, value]);
  }
  for (const name of handshake.getHeaderNames()) handshake.removeHeader(name);

  if (!headers.some(([name]) => name.toLowerCase() === 'host')) handshake.setHeader('Host', host);
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (notOfHandshake.has(lower)) continue;
    if (!handshakeNames.some((candidate) => candidate.toLowerCase() === lower)) {
      handshake.appendHeader(name, value);
    } else if (own.has(lower)) {
      handshake.setHeader(name, own.get(lower)![1]);
      own.delete(lower);
    }
  }
  for (const [name, value] of own.values()) handshake.setHeader(name, value);
}

/** `ws` reports a handshake that it does not accept as an error without code. */
function toSocketError(error: unknown, url: URL): BareProtocolError {
  if (error instanceof SyntaxError) {
    return new BareProtocolError('IMPL_INVALID_SOCKET_MESSAGE', 'request.body', `${error.message}.`, { cause: error });
  }
  const isHandshakeFault =
    error instanceof Error && error.constructor === Error && (error as NodeJS.ErrnoException).code === undefined;
  if (!isHandshakeFault) return toRemoteError(error, url);
  return new BareProtocolError(
    'IMPL_SOCKET_REFUSED',
    'response',
    `The WebSocket handshake with ${url.host} failed: ${error.message}.`,
    { cause: error },
  );
}

function valuesOf(rawHeaders: readonly string[], wanted: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === wanted) values.push(rawHeaders[index + 1]!);
  }
  return values;
}
