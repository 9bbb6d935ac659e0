/**
 * @module
 * Who answers what comes through a port: the same handlers for every protocol, in the shape that `node:http` has.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestTarget, TargetForm } from './absolute-url.js';
import type { Connection } from './connection.js';

export interface RequestDetails {
  /** The absolute URL that is asked for. `request.url` is its path and query as they came. */
  url: URL;
  /** `absolute`: the client takes us for its proxy. */
  form: TargetForm;
  connection: Connection;
}

export interface PortHandlers {
  request(request: IncomingMessage, response: ServerResponse, details: RequestDetails): void;
  /** A WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, details: RequestDetails): void;
  /** A tunnel to the outside, for `tunnels: 'forward'`. @param open says to the client that the tunnel stands, and gives its end of it */
  forward(target: URL, tunnel: OpenTunnel, details: { connection: Connection }): void;
}

export interface OpenTunnel {
  accept(): Duplex;
  refuse(error: Error): void;
  /** Calls back when the client has gone before its answer. */
  onAbandoned(callback: () => void): void;
}

/** Handlers find their way by the path, which a proxy request has behind the origin. */
export function withPath(request: IncomingMessage, { path }: RequestTarget): IncomingMessage {
  request.url = path;
  return request;
}
