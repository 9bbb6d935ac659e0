/**
 * @module Subresource Integrity of what is rewritten: checked by the worker, on the bytes of the site.
 */

/** Stands before the name of a hash function, so that the browser does not know it and lets the changed bytes pass. */
export const foreignHashPrefix = 'culvert-';
