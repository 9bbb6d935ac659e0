/**
 * @module
 * What a script tag can say is told to the worker in the query of the worker's own URL: it is part of the registration, so
 * it is still there when the browser starts the worker again. Shared by the page, which writes it, and the worker.
 */

export interface WorkerQuery {
  /** One Bare server or several, relative to the worker's URL. */
  bareServer?: string[];
  /** A script that sets `self.culvertConfig`, relative to the worker's URL. */
  config?: string;
}

export function readWorkerQuery(search: string): WorkerQuery {
  const query = new URLSearchParams(search);
  const bareServer = query.getAll('bare');
  const config = query.get('config');
  return { ...(bareServer.length > 0 && { bareServer }), ...(config !== null && { config }) };
}

/** @returns with its question mark, or empty where there is nothing to say */
export function writeWorkerQuery({ bareServer = [], config }: WorkerQuery): string {
  const query = new URLSearchParams(bareServer.map((server) => ['bare', server]));
  if (config !== undefined) query.set('config', config);
  return query.size > 0 ? `?${query}` : '';
}
