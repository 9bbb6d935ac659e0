/**
 * @module
 * The way to remotes as the client sees it: one request or one WebSocket, no redirects. There are two: Bare servers, and a
 * transport made for something else (`fromTransport`).
 */
import type { HeaderPair } from '@culvert/bare-protocol';
import type { RequestBody } from './request-body.js';
import type { BareSocket, BareSocketHandlers } from './socket/bare-socket.js';

export interface RemoteRequest {
  /** http: or https:, without userinfo. */
  url: URL;
  method: string;
  headers: HeaderPair[];
  body: RequestBody;
}

export interface RequestSettings {
  cache: RequestCache | undefined;
  signal: AbortSignal | null;
  keepalive: boolean | undefined;
  priority: RequestPriority | undefined;
  headersTimeout: number;
}

export interface RemoteAnswer {
  status: number;
  statusText: string;
  headers: HeaderPair[];
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

export interface RemoteSocketRequest {
  /** ws: or wss:. */
  url: URL;
  protocols: string[];
  headers: Record<string, string | string[]>;
  WebSocket?: typeof WebSocket | undefined;
}

export interface RemoteChannel {
  /** @throws BareError, or the signal's reason */
  request(request: RemoteRequest, settings: RequestSettings): Promise<RemoteAnswer>;
  connect(request: RemoteSocketRequest, handlers: BareSocketHandlers): BareSocket;
}
