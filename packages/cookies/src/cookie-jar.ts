/**
 * @module
 * The cookie store: which lines are accepted, which cookies a URL gets, and what goes when there are too many.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7
 */
import {
  defaultLimits,
  type Cookie,
  type CookieLimits,
  type ParsedSetCookie,
  type ReadCookieContext,
  type SetCookieContext,
} from './cookie.js';
import { compareCookies, serializeCookies } from './cookie-header.js';
import { hasRequiredPrefixAttributes } from './cookie-prefix.js';
import { domainMatches, enclosingDomains, isIpAddress } from './domain-match.js';
import { defaultPath, pathMatches } from './path-match.js';
import { allowsCreation, allowsSending } from './same-site.js';
import { partitionKey } from './partition-key.js';
import { isSecureUrl } from './secure-url.js';
import { parseSetCookie } from './set-cookie-parser.js';

export interface CookieJarOptions {
  /** May names be registered directly below this one (`com`, `co.uk`, `github.io`)? */
  isPublicSuffix(domain: string): boolean;
  cookies?: Cookie[];
  limits?: Partial<CookieLimits>;
  /**
   * `all` (the default): every cookie belongs to the partition it was set in and is seen there alone. `attribute`: only a
   * cookie with the `Partitioned` attribute does, and the others are seen in all partitions.
   */
  partitioning?: 'all' | 'attribute';
}

export interface CookiesForContext extends ReadCookieContext {
  /** `false` for scripts, which never see HttpOnly cookies. */
  http: boolean;
}

/** Cookies of one domain, by the identity of section 5.7 step 23 (name, host-only flag, path) and the partition. */
type DomainCookies = Map<string, Cookie>;

export class CookieJar {
  readonly #isPublicSuffix: (domain: string) => boolean;
  readonly #limits: CookieLimits;
  readonly #partitioning: 'all' | 'attribute';
  readonly #domains = new Map<string, DomainCookies>();
  #size = 0;
  /** Cookies of one millisecond must still have an order of creation. */
  #lastCreated = 0;

  constructor(options: CookieJarOptions) {
    this.#isPublicSuffix = (domain) => options.isPublicSuffix(domain);
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#partitioning = options.partitioning ?? 'all';
    for (const cookie of options.cookies ?? []) this.#insert({ ...cookie });
  }

  /** How many cookies there are, expired ones that nobody has asked for yet included. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes one `Set-Cookie` line (or one assignment to `document.cookie`).
   *
   * @returns the cookie as stored, the cookie that was removed (its `expires` lies in the past) if the line removes one,
   *   or `null` if the line was refused.
   */
  setCookie(header: string, url: string, context: SetCookieContext): Cookie | null {
    const now = context.now ?? Date.now();
    const parsed = parseSetCookie(header, now);
    return parsed && this.#store(parsed, new URL(url), context, now);
  }

  /** The value of the `Cookie` header; empty where there is to be none. */
  getCookieHeader(url: string, context: ReadCookieContext): string {
    return serializeCookies(this.cookiesFor(url, { ...context, http: true }));
  }

  /** What `document.cookie` reads. */
  getDocumentCookie(url: string, context: ReadCookieContext): string {
    return serializeCookies(this.cookiesFor(url, { ...context, http: false }));
  }

  /** Section 5.8.3: the cookies a URL gets, in the order on the wire. */
  cookiesFor(url: string, context: CookiesForContext): Cookie[] {
    const now = context.now ?? Date.now();
    const { hostname, pathname, isSecure } = describe(new URL(url));
    const cookies: Cookie[] = [];
    for (const domain of enclosingDomains(hostname)) {
      for (const cookie of [...(this.#domains.get(domain)?.values() ?? [])]) {
        if (isExpired(cookie, now)) {
          this.#remove(cookie);
          continue;
        }
        if (cookie.hostOnly && cookie.domain !== hostname) continue;
        if (!pathMatches(pathname, cookie.path)) continue;
        if (cookie.secure && !isSecure) continue;
        if (cookie.httpOnly && !context.http) continue;
        if (!allowsSending(cookie, context.sameSite, now)) continue;
        if (!this.#isInPartition(cookie, context.partition)) continue;
        cookie.accessed = now;
        cookies.push(cookie);
      }
    }
    return cookies.sort(compareCookies).map((cookie) => ({ ...cookie }));
  }

  /** Removes the cookies that the predicate holds for; returns how many. */
  clear(predicate: (cookie: Cookie) => boolean = () => true): number {
    let removed = 0;
    for (const cookie of this.#all()) {
      if (!predicate({ ...cookie })) continue;
      this.#remove(cookie);
      removed++;
    }
    return removed;
  }

  /** All cookies, for persistence: `new CookieJar({ …, cookies })` gives the same jar. */
  toJSON(): Cookie[] {
    return this.#all().map((cookie) => ({ ...cookie }));
  }

  /** Section 5.7, from step 7 on; the parser has done those before. */
  #store(parsed: ParsedSetCookie, url: URL, context: SetCookieContext, now: number): Cookie | null {
    const { hostname, pathname, isSecure } = describe(url);

    // Steps 8 to 10: the domain.
    let domain = parsed.domain;

    if (/[^\x00-\x7f]/.test(domain)) return null;
    if (domain !== '' && this.#isPublicSuffix(domain)) {
      if (domain !== hostname) return null;
      domain = '';
    }
    if (domain !== '' && !domainMatches(hostname, domain)) return null;
    const hostOnly = domain === '' || isIpAddress(domain);

    // Steps 12 to 15: Secure and HttpOnly against where the line came from.
    if (parsed.secure && !isSecure) return null;
    if (parsed.httpOnly && !context.http) return null;

    const cookie: Cookie = {
      name: parsed.name,
      value: parsed.value,
      domain: domain === '' ? hostname : domain,
      path: parsed.path ?? defaultPath(pathname),
      hostOnly,
      secure: parsed.secure,
      httpOnly: parsed.httpOnly,
      sameSite: parsed.sameSite,
      expires: parsed.expires,
      created: this.#creationTime(now),
      accessed: now,
      ...this.#partitionFor(parsed, context.partition),
    };

    // Step 16: an insecure origin must not overlay a Secure cookie.
    if (!cookie.secure && !isSecure && this.#shadowsSecureCookie(cookie)) return null;
    // Steps 17 and 18: SameSite.
    if (!allowsCreation(cookie.sameSite, context.sameSite ?? 'strict')) return null;
    if (cookie.sameSite === 'none' && !cookie.secure) return null;
    // Steps 19 to 21: prefixes. `Partitioned` has the same demand as SameSite=None.
    if (!hasRequiredPrefixAttributes(parsed, hostOnly)) return null;
    if (parsed.partitioned && !cookie.secure) return null;

    // Step 23: a cookie of the same identity gives its place, unless a script would overwrite an HttpOnly one.
    const previous = this.#find(cookie);
    if (previous) {
      if (previous.httpOnly && !context.http) return null;
      cookie.created = previous.created;
      this.#remove(previous);
    }
    if (!isExpired(cookie, now)) {
      this.#insert(cookie);
      this.#evict(cookie.domain, now);
    }
    return { ...cookie };
  }

  #partitionFor(parsed: ParsedSetCookie, partition: string | undefined): { partition?: string } {
    const isPartitioned = partition !== undefined && (this.#partitioning === 'all' || parsed.partitioned);
    return isPartitioned ? { partition: partitionKey(partition) } : {};
  }

  #isInPartition(cookie: Cookie, partition: string | undefined): boolean {
    if (cookie.partition === undefined) return this.#partitioning === 'attribute' || partition === undefined;
    return cookie.partition === (partition === undefined ? undefined : partitionKey(partition));
  }

  #creationTime(now: number): number {
    // A fraction of a millisecond keeps the order and cannot be told from the time itself.
    this.#lastCreated = now > this.#lastCreated || now < this.#lastCreated - 1 ? now : this.#lastCreated + 2 ** -10;
    return this.#lastCreated;
  }

  /** "Leave Secure cookies alone" (step 16): same name, domains that match either way, a path at or below the other's. */
  #shadowsSecureCookie(cookie: Cookie): boolean {
    return this.#all().some(
      (other) =>
        other.secure &&
        other.name === cookie.name &&
        other.partition === cookie.partition &&
        (domainMatches(other.domain, cookie.domain) || domainMatches(cookie.domain, other.domain)) &&
        pathMatches(cookie.path, other.path),
    );
  }

  /** Step 24 and section 6.1: expired ones first, then the domain's, then the whole jar's, least recently used first. */
  #evict(domain: string, now: number): void {
    const cookies = this.#domains.get(domain);
    if (cookies && cookies.size > this.#limits.perDomain) {
      this.#removeExcess([...cookies.values()], this.#limits.perDomain, now);
    }
    if (this.#size > this.#limits.total) this.#removeExcess(this.#all(), this.#limits.total, now);
  }

  #removeExcess(cookies: Cookie[], limit: number, now: number): void {
    let excess = cookies.length - limit;
    const priority = (cookie: Cookie) => (isExpired(cookie, now) ? 0 : cookie.secure ? 2 : 1);
    const byPriority = cookies.sort(
      (a, b) => priority(a) - priority(b) || a.accessed - b.accessed || a.created - b.created,
    );
    for (const cookie of byPriority) {
      if (excess-- <= 0) break;
      this.#remove(cookie);
    }
  }

  #all(): Cookie[] {
    return [...this.#domains.values()].flatMap((cookies) => [...cookies.values()]);
  }

  #find(cookie: Cookie): Cookie | undefined {
    return this.#domains.get(cookie.domain)?.get(identity(cookie));
  }

  #insert(cookie: Cookie): void {
    let cookies = this.#domains.get(cookie.domain);
    if (!cookies) this.#domains.set(cookie.domain, (cookies = new Map()));
    const key = identity(cookie);
    if (!cookies.has(key)) this.#size++;
    cookies.set(key, cookie);
  }

  #remove(cookie: Cookie): void {
    const cookies = this.#domains.get(cookie.domain);
    if (!cookies?.delete(identity(cookie))) return;
    this.#size--;
    if (cookies.size === 0) this.#domains.delete(cookie.domain);
  }
}

function identity(cookie: Cookie): string {
  // No part can hold a line feed: the parser refuses control characters.
  return [cookie.name, cookie.path, cookie.hostOnly, cookie.partition ?? ''].join('\n');
}

function isExpired(cookie: Cookie, now: number): boolean {
  return cookie.expires !== null && cookie.expires <= now;
}

function describe(url: URL): { hostname: string; pathname: string; isSecure: boolean } {
  return { hostname: url.hostname, pathname: url.pathname, isSecure: isSecureUrl(url) };
}
