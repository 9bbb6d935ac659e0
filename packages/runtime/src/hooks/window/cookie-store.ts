/**
 * @module `cookieStore`, where the engine has it: the asynchronous view of what `document.cookie` shows.
 * https://cookiestore.spec.whatwg.org/
 */
import { serializeSetCookie, type Cookie } from '@culvert/cookies';
import type { CookieInit } from '../../late/cookie-problem.js';
import { rewriters } from '../../late/rewriters-loader.js';
import { interceptMethod } from '../../interception/index.js';
import { apply, findDescriptor, nativeGetter, nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { visibleCookies } from './visible-cookies.js';

const plain = /^[^=;\0-\x1f\x7f]+=[^;\0-\x1f\x7f]*$/;

export function interceptCookieStore(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis & { cookieStore?: EventTarget };
  const { CookieStore, CookieChangeEvent, EventTarget, TypeError } = global as typeof global & {
    CookieStore?: { prototype: object };
    CookieChangeEvent?: new (type: string, init: object) => Event;
  };
  if (!findDescriptor(global, 'cookieStore')?.get || !CookieStore || !CookieChangeEvent) return;
  // The engine makes the store when it is first read, and few pages do.
  const ownStore = nativeGetter<EventTarget>(global, 'cookieStore');
  const cookies = visibleCookies(realm);
  const dispatchEvent = nativeMethod(EventTarget.prototype, 'dispatchEvent');

  /** Runs the body for this realm's store; a foreign receiver gets the native rejection. */
  const intercept = (name: string, run: (args: unknown[]) => unknown) =>
    interceptMethod(
      realm,
      CookieStore.prototype,
      name,
      (native) =>
        async function (this: object, ...args: unknown[]) {
          return this === ownStore(global) ? run(args) : (apply(native, this, args) as unknown);
        },
    );

  const fail = (method: string, reason: string) =>
    new TypeError(`Failed to execute '${method}' on 'CookieStore': ${reason}`);

  const find = (query: unknown): Cookie[] => {
    if (query === undefined) return cookies.list();
    const isOptions = typeof query === 'object' && query !== null;
    const options = (isOptions ? query : { name: `${query as string}` }) as { name?: string; url?: string };
    if (options.url !== undefined) {
      const withoutFragment = (url: string | null) => url?.replace(/#.*$/, '');
      if (withoutFragment(realm.urls.resolve(`${options.url}`)) !== withoutFragment(realm.urls.documentUrl())) {
        throw fail('get', 'URL must match the document URL');
      }
    }
    const all = cookies.list();
    return options.name === undefined ? all : all.filter((cookie) => cookie.name === `${options.name}`);
  };

  intercept('get', ([query]) => {
    const isEmpty = typeof query === 'object' && query !== null && !('name' in query) && !('url' in query);
    if (query === undefined || isEmpty) throw fail('get', 'CookieStoreGetOptions must not be empty');
    const [cookie] = find(query);
    return cookie ? toItem(cookie) : null;
  });
  intercept('getAll', ([query]) => find(query).map(toItem));
  intercept('set', ([first, value]) => {
    const init: CookieInit =
      typeof first === 'object' && first !== null
        ? (first as CookieInit)
        : { name: `${first as string}`, value: `${value as string}` };
    return write(init, init.expires === undefined || init.expires === null ? null : Number(init.expires));
  });
  intercept('delete', ([first]) => {
    const init = (typeof first === 'object' && first !== null ? first : { name: `${first as string}` }) as CookieInit;
    return write({ ...init, value: '' }, 0);
  });

  async function write(init: CookieInit, expires: number | null): Promise<void> {
    // What is wrong with the rest is for the late part to say.
    const isPlain = plain.test(`${init.name}=${init.value ?? ''}`) && !init.domain && (init.path ?? '/') === '/';
    const problem = isPlain ? null : rewriters().cookieProblem(init);
    if (problem !== null) throw fail('set', problem);
    const [name, value] = [`${init.name}`, `${init.value ?? ''}`];
    const url = new URL(cookies.url() ?? realm.urls.documentUrl());
    const line = serializeSetCookie({
      name,
      value,
      domain: init.domain ? `${init.domain}` : url.hostname,
      hostOnly: !init.domain,
      path: init.path ? `${init.path}` : '/',
      // Step 13 of "set a cookie": each is Secure.
      secure: true,
      httpOnly: false,
      sameSite: init.sameSite ?? 'strict',
      expires,
      created: 0,
      accessed: 0,
    });
    const told = cookies.write(line);
    if (!told) throw fail('set', 'An unknown error occurred while writing the cookie.');
    await told;
  }

  cookies.onChange(({ changed, deleted }) => {
    const event = new CookieChangeEvent('change', {
      changed: changed.map(toItem),
      deleted: deleted.map((cookie) => ({ ...toItem(cookie), value: undefined })),
    });
    realm.natives.queueMicrotask(() => void dispatchEvent(ownStore(global), event));
  });
}

/** The members in the engine's order. */
function toItem(cookie: Cookie): Record<string, unknown> {
  return {
    domain: cookie.hostOnly ? null : cookie.domain,
    expires: cookie.expires,
    name: cookie.name,
    partitioned: false,
    path: cookie.path,
    sameSite: cookie.sameSite === 'default' ? 'lax' : cookie.sameSite,
    secure: cookie.secure,
    value: cookie.value,
  };
}
