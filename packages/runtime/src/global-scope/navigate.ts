/**
 * @module Every navigation that the runtime starts itself: from a real URL to the URL that the browser is given.
 */
import { localScripts } from '../hooks/universal/local-script.js';
import { rewriteJavascriptUrl } from './javascript-url.js';
import { regExpTest, stringIndexOf, stringSlice } from '../natives.js';
import type { Realm } from '../realm/realm.js';

const httpUrl = /^https?:/i;
const javascriptUrl =
  /^[\0-\x20]*j[\t\n\r]*a[\t\n\r]*v[\t\n\r]*a[\t\n\r]*s[\t\n\r]*c[\t\n\r]*r[\t\n\r]*i[\t\n\r]*p[\t\n\r]*t[\t\n\r]*:/i;

export const isHttpUrl = (url: string) => regExpTest(httpUrl, url);
export const isJavascriptUrl = (url: string) => regExpTest(javascriptUrl, url);

/**
 * The URL to navigate `target` to for an absolute real URL. A URL that differs from the target's own in its fragment
 * alone gives the very same route, so that the browser makes it a same-document navigation.
 */
export function toNavigationUrl(target: Realm | null, realUrl: string, realm: Realm): string {
  if (isJavascriptUrl(realUrl)) return rewriteJavascriptUrl(realUrl);
  if (!isHttpUrl(realUrl)) return localScripts(realm).document(realUrl);
  const hash = stringIndexOf(realUrl, '#');
  if (target && hash >= 0) {
    const current = target.urls.documentUrl();
    if (withoutFragment(current) === stringSlice(realUrl, 0, hash)) {
      return withoutFragment(target.natives.locationHref()) + stringSlice(realUrl, hash);
    }
  }
  return realm.urls.toBrowser(realUrl, 'document');
}

export function withoutFragment(url: string): string {
  const hash = stringIndexOf(url, '#');
  return hash < 0 ? url : stringSlice(url, 0, hash);
}

/** `location.href = url`, `assign` and `replace` for the window of `target`, the URL resolved as `caller` would. */
export function navigateLocation(target: Realm, caller: Realm, url: string, how: 'href' | 'assign' | 'replace'): void {
  const resolved = caller.urls.resolve(url);
  // What does not parse goes to the native as it is, whose SyntaxError is the one the page expects.
  const next = resolved === null ? url : toNavigationUrl(target, resolved, caller);
  caller.navigate(target.natives.location, next, how);
}
