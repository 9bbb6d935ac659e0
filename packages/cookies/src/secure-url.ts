/**
 * @module
 * Which URLs count as secure for cookies.
 */

/**
 * Encrypted schemes, and hosts that are the machine itself: like Chrome and Firefox, a plain `http://localhost` may set
 * and gets `Secure` cookies (RFC 6265bis leaves the notion of a secure protocol to the user agent).
 */
export function isSecureUrl(url: URL): boolean {
  if (url.protocol === 'https:' || url.protocol === 'wss:') return true;
  const host = url.hostname;
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
