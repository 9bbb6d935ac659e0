/**
 * @module
 * The headers of a WebSocket handshake, for the runtime: it opens the socket, the worker knows the cookies.
 *
 * @see https://websockets.spec.whatwg.org/#websocket-opening-handshake
 */
import { acceptLanguage, type BrowserIdentity } from './client-hints.js';
import { encodeHeaderText } from './header-list.js';

export interface SocketDescription {
  /** ws: or wss:. */
  remoteUrl: string;
  origin: string;
  /** Empty for none. */
  cookie: string;
}

/** `Sec-WebSocket-*` belong to whoever makes the connection: the Bare server. */
export function socketHeaders(socket: SocketDescription, browser: BrowserIdentity): Record<string, string | string[]> {
  return {
    Host: new URL(socket.remoteUrl).host,
    Connection: 'Upgrade',
    Pragma: 'no-cache',
    'Cache-Control': 'no-cache',
    'User-Agent': browser.userAgent,
    Upgrade: 'websocket',
    Origin: socket.origin,
    'Accept-Encoding': 'gzip, deflate, br, zstd',
    ...(browser.languages.length > 0 && { 'Accept-Language': acceptLanguage(browser.languages) }),
    ...(socket.cookie !== '' && { Cookie: encodeHeaderText(socket.cookie) }),
  };
}
