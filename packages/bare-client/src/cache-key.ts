/**
 * @module
 * The `cache` parameter: it makes requests for different things different URLs to the browser's HTTP cache.
 */
import type { HeaderPair } from '@culvert/bare-protocol';

/**
 * A checksum of all that the answer may depend on, the caller's headers included, so that one user's page is never taken for
 * another's. A collision costs a cache miss and no more: the server's Vary names the same things.
 */
export function cacheKey(encodedHeaders: HeaderPair[]): string {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (const [name, value] of encodedHeaders) {
    const text = `${name}\n${value}\n`;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      // FNV-1a, twice with different bases, the second one walking backwards through the bits.
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ (unit << 7), 0x01000193);
    }
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}
