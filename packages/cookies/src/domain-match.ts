/**
 * @module
 * Hosts: their canonical form and the domain-match relation.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.2
 */

/** The canonical host of a URL. The URL parser has already lowercased it and turned labels into A-labels. */
export function canonicalizeHost(url: string): string {
  return new URL(url).hostname;
}

/** Is this the host of a URL that is an address and not a name? */
export function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

/** Section 5.1.3: `host` is `domain`, or a name below it. Both canonical. */
export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return domain !== '' && host.endsWith(`.${domain}`) && !isIpAddress(host);
}

/** The host and each name above it, nearest first: where a cookie for this host may lie. */
export function enclosingDomains(host: string): string[] {
  const domains = [host];
  if (isIpAddress(host)) return domains;
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const domain = host.slice(dot + 1);
    if (domain !== '') domains.push(domain);
  }
  return domains;
}
