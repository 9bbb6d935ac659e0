/**
 * @module The Navigation API: real URLs in what it shows, and the net under everything that navigates: a navigation
 * that is about to leave the proxy is cancelled and started again towards its route.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, nativeMethod, stringSlice } from '../../natives.js';
import { originOf } from '../../realm/create-realm.js';
import { updateBaseElement } from '../../realm/base-element.js';
import { isHttpUrl, toNavigationUrl } from '../../global-scope/navigate.js';
import type { Realm } from '../../realm/realm.js';

export function interceptNavigationApi(realm: Realm): void {
  const { global, natives } = realm;
  if (!global.Navigation || !global.navigation) return;
  catchEscapes(realm);
  natives.addEventListener(global.navigation as EventTarget, 'currententrychange', () => updateBaseElement(realm));

  interceptMethod(
    realm,
    global.Navigation.prototype,
    'navigate',
    (native) =>
      function (...args) {
        const resolved = args.length > 0 ? realm.urls.resolve(`${args[0]}`) : null;
        if (resolved !== null) args[0] = toNavigationUrl(realm, resolved, realm);
        return apply(native, this, args) as unknown;
      },
  );

  // Natively all proxied sites are one origin, so the list must end where the (real) origin changes.
  const entryUrl = nativeGetter<string | null>(global.NavigationHistoryEntry.prototype as object, 'url');
  const nativeIndex = nativeGetter<number>(global.NavigationHistoryEntry.prototype as object, 'index');
  const nativeEntries = nativeMethod<object[]>(global.Navigation.prototype as object, 'entries');
  const currentEntry = nativeGetter<object | null>(global.Navigation.prototype as object, 'currentEntry');
  const isOwn = (entry: object | undefined) => {
    const url = entry && entryUrl(entry);
    return !!url && originOf(realm.urls.fromBrowser(url)) === originOf(realm.urls.documentUrl());
  };
  const ownRange = (all: object[]) => {
    const current = currentEntry(global.navigation);
    let start = current ? nativeIndex(current) : 0;
    let end = start + 1;
    while (start > 0 && isOwn(all[start - 1])) start--;
    while (end < all.length && isOwn(all[end])) end++;
    return { start, end };
  };
  interceptMethod(
    realm,
    global.Navigation.prototype,
    'entries',
    (native) =>
      function (...args) {
        const all = apply(native, this, args) as object[];
        if (all.length === 0) return all;
        const { start, end } = ownRange(all);
        const own: object[] = [];
        for (let index = start; index < end; index++) own[index - start] = all[index]!;
        return own;
      },
  );
  interceptAccessor(realm, global.NavigationHistoryEntry.prototype, 'index', {
    get: (native) =>
      function () {
        const index = native(this) as number;
        if (index < 0) return index;
        const { start, end } = ownRange(nativeEntries(global.navigation));
        return index < start || index >= end ? -1 : index - start;
      },
  });
  interceptAccessor(realm, global.NavigateEvent.prototype, 'canIntercept', {
    get: (native) => {
      const destination = nativeGetter(global.NavigateEvent.prototype as object, 'destination');
      const destinationUrl = nativeGetter<string>(global.NavigationDestination.prototype as object, 'url');
      return function () {
        const url = realm.urls.fromBrowser(destinationUrl(destination(this)));
        return (native(this) as boolean) && originOf(url) === originOf(realm.urls.documentUrl());
      };
    },
  });
}

function catchEscapes(realm: Realm): void {
  const { global, natives } = realm;
  const event = global.NavigateEvent.prototype as object;
  const destination = nativeGetter(event, 'destination');
  const navigationType = nativeGetter<string>(event, 'navigationType');
  const destinationUrl = nativeGetter<string>(global.NavigationDestination.prototype as object, 'url');
  const preventDefault = nativeMethod(global.Event.prototype as object, 'preventDefault');
  const stop = nativeMethod(global.Event.prototype as object, 'stopImmediatePropagation');

  const formData = nativeGetter<FormData | null>(event, 'formData');

  natives.addEventListener(global.navigation as EventTarget, 'navigate', (navigate: object) => {
    const url = destinationUrl(destination(navigate));
    const real = escapedUrl(realm, url);
    if (real === null) return;
    preventDefault(navigate);
    stop(navigate);
    const route = toNavigationUrl(realm, real, realm);
    const posted = formData(navigate);
    // A navigation may not be started while one is being cancelled.
    natives.queueMicrotask(() => {
      if (posted) post(realm, route, posted);
      else if (navigationType(navigate) === 'replace') natives.location.replace(route);
      else natives.location.assign(route);
    });
  });
}

/** Sends the entries of a form that nothing of ours has seen (in a closed shadow tree of the parser's making, say). */
function post(realm: Realm, route: string, entries: FormData): void {
  const { global, natives } = realm;
  const document = realm.document() as Document;
  const form = natives.createElement(document, 'form') as HTMLFormElement;
  let hasFile = false;
  // A fresh copy is made at submission; this is where entries that no control has may be put in it.
  natives.addEventListener(form, 'formdata', (event: FormDataEvent) => {
    entries.forEach((value, name) => event.formData.append(name, value));
    event.stopPropagation();
  });
  entries.forEach((value) => (hasFile ||= typeof value !== 'string'));
  natives.setAttribute(form, 'method', 'post');
  natives.setAttribute(form, 'action', route);
  if (hasFile) natives.setAttribute(form, 'enctype', 'multipart/form-data');
  natives.appendChild(natives.documentElement(document), form);
  nativeMethod(global.HTMLFormElement.prototype as object, 'submit')(form);
  natives.remove(form);
}

/** The real URL of a navigation that would not go to a route; null for one that does, or that loads nothing. */
function escapedUrl(realm: Realm, url: string): string | null {
  if (!isHttpUrl(url) || realm.urls.fromBrowser(url) !== url) return null;
  const { origin } = realm.data.settings;
  if (originOf(url) !== origin) return url;
  // A path of ours outside the scope: something resolved against the native URL instead of the base.
  const base = realm.urls.documentUrl();
  return isHttpUrl(base) ? originOf(base) + stringSlice(url, origin.length) : null;
}
