/**
 * @module
 * The end of a fetch that failed: a page that says why, or for a subresource what a browser gives for it.
 */
import { errorPage } from './error-page.js';

export function respondToFailure(error: unknown, request: Request): Response {
  if (request.mode === 'navigate') return errorPage(error, request.url);
  // Nobody is to be told of what the page itself gave up.
  if (!request.signal.aborted) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`culvert: ${request.method} ${request.url}: ${reason}`);
  }
  return Response.error();
}
