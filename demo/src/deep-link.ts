/**
 * @module
 * The demo's own address: `/#https://example.com/` opens that page. The URL may be percent-encoded as a whole.
 */

/** @returns what the fragment asks for, or null if it asks for nothing */
export function readDeepLink(hash: string): string | null {
  const text = hash.replace(/^#/, '');
  if (text === '') return null;
  // As it stands: what is percent-encoded in it belongs to the URL.
  if (/^[a-z][a-z\d+.-]*:(?!\d)/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded as a whole: a "%" of its own.
    return text;
  }
}

/** A serialized URL can stand in a fragment as it is, its own fragment included. */
export function deepLinkTo(remoteUrl: string): string {
  return `/#${remoteUrl}`;
}
