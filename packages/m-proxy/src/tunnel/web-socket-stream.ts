/**
 * @module
 * A WebSocket as a Duplex of bytes. Frames have no meaning in the tunnel: messages may be spread over them at will.
 */
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket } from 'ws';

export function webSocketStream(socket: WebSocket): Duplex {
  return createWebSocketStream(socket, { highWaterMark: 256 * 1024 });
}

export function isWebSocket(value: unknown): value is WebSocket {
  return typeof (value as { terminate?: unknown }).terminate === 'function' && 'readyState' in (value as object);
}
