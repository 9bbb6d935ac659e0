/**
 * @module What the names in the storage that all proxied sites share begin with: the runtime adds it, the service worker clears by it.
 */

/** What all names of a site begin with; the service worker clears by it. */
export function storagePrefix(origin: string, topLevelSite: string): string {
  return `cv|${partitionKey(origin, topLevelSite)}|`;
}

/** `https://a.example`, and `https://a.example^https://top.example` where the top-level site is another one. */
export function partitionKey(origin: string, topLevelSite: string): string {
  if (!topLevelSite || origin === 'null') return origin;
  const [scheme, host = ''] = splitOrigin(origin);
  const [siteScheme, siteHost = ''] = splitOrigin(topLevelSite);
  const sameSite = scheme === siteScheme && (host === siteHost || host.endsWith(`.${siteHost}`));
  return sameSite ? origin : `${origin}^${topLevelSite}`;
}

function splitOrigin(origin: string): [scheme: string, host?: string] {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]*\]|[^:/]*)/.exec(origin);
  return match ? [match[1]!, match[2]!] : [origin];
}
