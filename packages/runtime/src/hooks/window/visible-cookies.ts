/**
 * @module The cookies that scripts of this document may see: a copy of part of the worker's jar, shared by all realms that
 * reach each other synchronously, so that a frame reads at once what its parent has written.
 */
import { CookieJar, type Cookie } from '@culvert/cookies';
import type { FromServiceWorker } from '../../messages.js';
import { nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { SharedState } from '../../realm/shared-state.js';
import { serviceWorkerChannel, type ServiceWorkerChannel } from '../universal/service-worker-channel.js';
import { partitionKey } from '../universal/storage-partition.js';

export interface CookieChange {
  changed: Cookie[];
  deleted: Cookie[];
}

/** The copy of one top-level site, replaced as a whole when the worker sends a list. */
interface JarHolder {
  jar: CookieJar;
  listeners: Set<() => void>;
}

/** One script is evaluated for each realm, so each counts what it sets by itself. */
const by = Math.random();
let lastIndex = 0;

interface SharedJars extends SharedState {
  cookieJars?: Map<string, JarHolder>;
}

export class VisibleCookies {
  readonly #realm: Realm;
  readonly #channel: ServiceWorkerChannel;
  #lastSeen: Cookie[];

  constructor(realm: Realm) {
    this.#realm = realm;
    this.#channel = serviceWorkerChannel(realm);
    this.#lastSeen = [];
    this.takeBootData();
    // The window of an initial about:blank has become another document's.
    realm.onReboot.push(() => this.takeBootData());
  }

  takeBootData(): void {
    // Most documents have none, and then there is nothing to make at their start.
    const { shared, data } = this.#realm;
    if (data.cookies.length === 0 && !(shared as SharedJars).cookieJars?.has(data.topLevelSite)) {
      this.#lastSeen = [];
      return;
    }
    // A blank window has the data of its creator, whose copy it shares: that is newer than the data.
    if (this.url() !== null && !('creator' in data)) this.replace(data.cookies);
    this.#lastSeen = this.list();
  }

  /** One jar for each top-level site: a window of another one may be an opener or an opened one. */
  get #holder(): JarHolder {
    const { shared, data } = this.#realm;
    const jars = ((shared as SharedJars).cookieJars ??= new Map<string, JarHolder>());
    let holder = jars.get(data.topLevelSite);
    if (!holder) jars.set(data.topLevelSite, (holder = { jar: createJar([]), listeners: new Set() }));
    return holder;
  }

  /** The URL whose cookies these are: the document's own, or its creator's; null for an opaque origin. */
  url(): string | null {
    const { urls } = this.#realm;
    const origin = urls.origin();
    if (origin === 'null') return null;
    for (const url of [urls.documentUrl(), urls.baseUrl()]) if (url.startsWith(`${origin}/`)) return url;
    return `${origin}/`;
  }

  text(): string {
    const url = this.url();
    return url === null ? '' : this.#holder.jar.getDocumentCookie(url, { sameSite: this.#sameSite() });
  }

  list(): Cookie[] {
    const url = this.url();
    return url === null ? [] : this.#holder.jar.cookiesFor(url, { http: false, sameSite: this.#sameSite() });
  }

  /** Takes one cookie line as `document.cookie = line` does; null if it is refused, else settled when the worker has it. */
  write(line: string): Promise<unknown> | null {
    const url = this.url();
    if (url === null) return null;
    const stored = this.#holder.jar.setCookie(line, url, { http: false, sameSite: this.#sameSite() });
    if (!stored) return null;
    const told = this.#channel.tellFirst({ culvert: 'set-cookie', url, cookie: line, by, index: ++lastIndex });
    this.#notify();
    return told;
  }

  /** Takes a line of an HTTP response that the worker does not see; HttpOnly ones are the worker's alone. */
  receive(line: string, url: string): void {
    if (this.#holder.jar.setCookie(line, url, { http: false, sameSite: this.#sameSite() })) this.#notify();
  }

  /** The `Cookie` header for a URL, as far as scripts may know it. */
  header(url: string): string {
    return this.#holder.jar.getDocumentCookie(url, { sameSite: this.#sameSite() });
  }

  /** Puts the worker's list in the place of what this document can see. */
  replace(cookies: Cookie[]): void {
    const visible = new Set(this.list().map(identity));
    const others = this.#holder.jar.toJSON().filter((cookie) => !visible.has(identity(cookie)));
    this.#holder.jar = createJar([...others, ...cookies.map(({ partition: _partition, ...cookie }) => cookie)]);
    this.#notify();
  }

  /** Follows the worker's messages, and acknowledges each. */
  follow(): void {
    const container = (this.#realm.global as Window).navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (!container) return;
    this.#realm.natives.addEventListener(container, 'message', (event: MessageEvent) => {
      const message = event.data as FromServiceWorker | null;
      if (message?.culvert !== 'cookies') return;
      event.stopImmediatePropagation();
      this.replace(message.cookies);
      this.#channel.tell({ culvert: 'cookies-seen', id: message.id });
    });
    // Messages wait for DOMContentLoaded otherwise, and the worker for its acknowledgement.
    nativeMethod(container, 'startMessages')(container);
  }

  onChange(listener: (change: CookieChange) => void): void {
    this.#holder.listeners.add(() => {
      const before = new Map(this.#lastSeen.map((cookie) => [identity(cookie), cookie]));
      const after = this.list();
      this.#lastSeen = after;
      const changed = after.filter((cookie) => before.get(identity(cookie))?.value !== cookie.value);
      for (const cookie of after) before.delete(identity(cookie));
      if (changed.length > 0 || before.size > 0) listener({ changed, deleted: [...before.values()] });
    });
  }

  #notify(): void {
    const { listeners } = this.#holder;
    for (const listener of listeners) {
      try {
        listener();
      } catch {
        // Its window shows the browser's own error page by now, which nobody can look into.
        listeners.delete(listener);
      }
    }
  }

  #sameSite(): 'strict' | 'cross' {
    const origin = this.#realm.urls.origin();
    return partitionKey(origin, this.#realm.data.topLevelSite) === origin ? 'strict' : 'cross';
  }
}

const ownCookies = new WeakMap<object, VisibleCookies>();

export function visibleCookies(realm: Realm): VisibleCookies {
  let cookies = ownCookies.get(realm);
  if (!cookies) ownCookies.set(realm, (cookies = new VisibleCookies(realm)));
  return cookies;
}

/** The page has no public suffix list; the worker refuses what slips through, and says so by its next list. */
function createJar(cookies: Cookie[]): CookieJar {
  return new CookieJar({ isPublicSuffix: (domain) => !domain.includes('.'), cookies });
}

function identity(cookie: Cookie): string {
  return [cookie.name, cookie.domain, cookie.path, cookie.hostOnly].join('\n');
}
