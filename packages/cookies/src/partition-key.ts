/**
 * @module
 * The partition of a cookie. A browser keeps apart by scheme what third parties set (CHIPS), and never what a site sets for itself: what
 * http://example.com has set goes to https://example.com. Here both are in one partition, so that its scheme does not count.
 */

/** @param site such as `https://example.com`, or an opaque origin */
export function partitionKey(site: string): string {
  return site.replace(/^http:/, 'https:');
}
