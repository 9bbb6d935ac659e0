/**
 * @module
 * Which route answers a request.
 */
import type { FetchEventLike } from '../fetch/fetch-context.js';
import type { Route } from './route.js';

/**
 * Routes are asked in order and the first that matches answers. If none does, the request is the browser's own (that is so for
 * schemes other than http: and https: alone). A route that throws is answered for with a network error.
 */
export class Router {
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
  }

  /** @returns the answer, or `null` if the browser is to go on by itself. */
  route(event: FetchEventLike): Promise<Response> | null {
    const route = this.#routes.find((candidate) => candidate.matches(event.request));
    if (!route) return null;
    return route.handle(event).catch((error: unknown) => {
      console.error('culvert: Failed to answer', event.request.url, error);
      return Response.error();
    });
  }
}
