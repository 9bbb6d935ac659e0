/** @module What one row of the escape tables is. */

/**
 * The body of an async function that runs as the page's own script and returns what it got hold of. `frame()` gives a new blank
 * frame's window, `worker(code)` what a worker posts.
 */
export interface EscapeAttempt {
  readonly name: string;
  readonly code: string;
}
