/**
 * @module
 * What cases assert often.
 */
import assert from 'node:assert/strict';

/** The fetch gave an answer, and its body came whole. */
export function succeeds({ error }) {
  if (error) assert.fail(`it failed: ${error.name} ${error.code ?? ''} ${error.message} ${error.cause ?? ''}`);
}

/** A header's values as the remote sent them. */
export function valuesOf({ rawHeaders }, wanted) {
  return rawHeaders.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

/** A header of a request that reached the remote. */
export function sentHeader(seen, wanted) {
  return seen?.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
