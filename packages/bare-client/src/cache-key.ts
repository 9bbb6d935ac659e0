/**
 * @module
 * The `cache` parameter: it makes requests for different things different URLs to the browser's HTTP cache.
 */
import type { HeaderPair } from '@culvert/bare-protocol';

/**
 * A digest of all that the answer may depend on: method, URL and every header of the caller, so that what one user was answered
 * (by cookie, by authorization, by a header of the site's own) is never found by another. It has to be a cryptographic one: a site
 * that could make two requests collide could give its visitor another one's answer. Undefined where there is none to be had, which is
 * in pages without TLS; nothing must be cached there.
 *
 * @param encodedHeaders those of the request to the Bare server, which name the URL and hold the caller's headers
 */
export async function cacheKey(method: string, encodedHeaders: HeaderPair[]): Promise<string | undefined> {
  const { subtle } = (globalThis as { crypto?: { subtle?: SubtleCrypto } }).crypto ?? {};
  if (!subtle) return undefined;
  const text = JSON.stringify([method, encodedHeaders]);
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
