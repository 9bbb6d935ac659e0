/**
 * @module
 * One request or WebSocket, from admission to end: what will be logged and counted about it. Noted where it becomes known, by the
 * object that everyone on the way has in hand: the response, or the client's socket.
 */

export interface Visit {
  client: string;
  version: string | null;
  remote: URL | null;
  error: string | null;
  /** performance.now() */
  start: number;
}

/** A property and not a WeakMap: an entry of that for each request was a sixth of its CPU time, all in the garbage collector. */
const visitOf = Symbol('visit');

type Carrier = object & { [visitOf]?: Visit };

export function beginVisit(carrier: Carrier, client: string): Visit {
  const visit: Visit = { client, version: null, remote: null, error: null, start: performance.now() };
  carrier[visitOf] = visit;
  return visit;
}

export function noteRemote(carrier: Carrier, remote: URL): void {
  const visit = carrier[visitOf];
  if (visit !== undefined) visit.remote = remote;
}

export function noteError(carrier: Carrier, code: string): void {
  const visit = carrier[visitOf];
  if (visit !== undefined) visit.error = code;
}
