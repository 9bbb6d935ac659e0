/**
 * @module
 * A URL as it goes over the network.
 */

export function withoutFragment(url: URL): string {
  const copy = new URL(url);
  copy.hash = '';
  return copy.href;
}
