/**
 * @module
 * Host names and the patterns of routes: `example.com`, `*.example.com` (any depth below it), `*`.
 */

/** As names are compared: lower case, without the root's dot. */
export function normalizeHost(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The patterns that a name can match, the closest first. */
export function patternsFor(name: string): string[] {
  const labels = normalizeHost(name).split('.');
  return [labels.join('.'), ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`), '*'];
}

export function matchesPattern(pattern: string, name: string | undefined): boolean {
  return pattern === '*' || (name !== undefined && patternsFor(name).includes(normalizeHost(pattern)));
}

/** A name that can be routed by, and that fits in a header. */
export function isHostPattern(pattern: string): boolean {
  return pattern.length <= 253 && /^(\*|(\*\.)?[^\s,*/]+)$/.test(pattern);
}
