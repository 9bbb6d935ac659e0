/**
 * @module
 * One request or WebSocket, from admission to end: what will be logged and counted about it. Noted where it becomes known, by the
 * object that everyone on the way has in hand: the response, or the client's socket.
 */

export interface Visit {
  client: string;
  version: string | null;
  remote: string | null;
  error: string | null;
  /** performance.now() */
  start: number;
}

const visits = new WeakMap<object, Visit>();

export function beginVisit(key: object, client: string): Visit {
  const visit: Visit = { client, version: null, remote: null, error: null, start: performance.now() };
  visits.set(key, visit);
  return visit;
}

export function noteRemote(key: object, { protocol, host }: URL): void {
  const visit = visits.get(key);
  if (visit !== undefined) visit.remote = `${protocol}//${host}`;
}

export function noteError(key: object, code: string): void {
  const visit = visits.get(key);
  if (visit !== undefined) visit.error = code;
}
