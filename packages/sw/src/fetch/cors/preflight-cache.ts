/**
 * @module
 * What servers have allowed, for as long as they said.
 *
 * @see https://fetch.spec.whatwg.org/#concept-cache
 */

export interface PreflightKey {
  /** The partition: the top-level site. */
  topLevelSite: string;
  origin: string;
  url: string;
  withCredentials: boolean;
}

interface Permissions {
  /** When each ends. */
  methods: Map<string, number>;
  headers: Map<string, number>;
}

const maximumEntries = 500;

/** In memory alone: a worker that starts anew asks anew. */
export class PreflightCache {
  readonly #entries = new Map<string, Permissions>();

  allowsMethod(key: PreflightKey, method: string, now = Date.now()): boolean {
    return this.#find(key, (permissions) => isAllowed(permissions.methods, method, now));
  }

  allowsHeader(key: PreflightKey, name: string, now = Date.now()): boolean {
    return this.#find(
      key,
      // `*` does not stand for Authorization.
      ({ headers }) =>
        headers.has(name) ? isAllowed(headers, name, now) : name !== 'authorization' && isAllowed(headers, '*', now),
    );
  }

  /** @param lifetime in seconds */
  store(
    key: PreflightKey,
    allowed: { methods: string[]; headers: string[] },
    lifetime: number,
    now = Date.now(),
  ): void {
    const id = serialize(key);
    const permissions = this.#entries.get(id) ?? { methods: new Map(), headers: new Map() };
    this.#entries.delete(id);
    this.#entries.set(id, permissions);
    const expires = now + lifetime * 1000;
    for (const method of allowed.methods) permissions.methods.set(method, expires);
    for (const name of allowed.headers) permissions.headers.set(name, expires);
    if (this.#entries.size > maximumEntries) this.#entries.delete(this.#entries.keys().next().value!);
  }

  /** After an answer that broke the rules: nothing is taken for granted of it any more. */
  clear({ origin, url, topLevelSite }: Omit<PreflightKey, 'withCredentials'>): void {
    for (const withCredentials of [true, false]) {
      this.#entries.delete(serialize({ topLevelSite, origin, url, withCredentials }));
    }
  }

  /** What was allowed with credentials is allowed without them. */
  #find(key: PreflightKey, allows: (permissions: Permissions) => boolean): boolean {
    const keys = key.withCredentials ? [key] : [key, { ...key, withCredentials: true }];
    return keys.some((candidate) => {
      const permissions = this.#entries.get(serialize(candidate));
      return permissions !== undefined && allows(permissions);
    });
  }
}

function isAllowed(permissions: Map<string, number>, name: string, now: number): boolean {
  const expires = permissions.get(name) ?? permissions.get('*');
  return expires !== undefined && expires > now;
}

function serialize({ topLevelSite, origin, url, withCredentials }: PreflightKey): string {
  return [topLevelSite, origin, url, withCredentials].join(' ');
}
