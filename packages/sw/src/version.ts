/**
 * @module
 * The version of Culvert that this file was built from. Page, worker and runtime are three files that a host or a cache may
 * mix up: each carries it, and each looks at the others'.
 */
export const version = '0.1.0';

/** What a page asks an active worker, with a port for the answer. */
export interface VersionQuestion {
  culvert: 'version';
}

/** A worker that does not give this answer is another tool's, or older than the question. */
export interface VersionAnswer {
  culvert: 'version';
  version: string;
}
