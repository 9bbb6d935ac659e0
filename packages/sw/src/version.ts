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

/** What the build writes at the beginning of each file that is used as it is. */
const banner = /^\/\*! culvert(?:\.[\w-]+)?\.js (\S+) \*\//;

/** @returns null for a file that is none of the build's, or older than the banner */
export function versionOfFile(text: string): string | null {
  return banner.exec(text)?.[1] ?? null;
}
