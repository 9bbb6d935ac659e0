/**
 * @module
 * A route: what it answers, and how.
 */
import type { FetchEventLike } from '../fetch/fetch-context.js';

export interface Route {
  /** Decided at once, by the request alone: a fetch event does not wait. */
  matches(request: Request): boolean;
  /** Must not reject: the browser would show its own error. */
  handle(event: FetchEventLike): Promise<Response>;
}
