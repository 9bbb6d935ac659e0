/**
 * @module The `ping` attribute of links that the runtime follows in the engine's place.
 * https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing
 */
import { isHttpUrl } from '../../global-scope/navigate.js';
import { regExpTest } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { originOf } from '../../realm/create-realm.js';

export function sendPings(realm: Realm, link: Element, target: string): void {
  const written = realm.natives.getAttribute(link, 'ping');
  if (written === null) return;
  const documentUrl = realm.urls.documentUrl();
  for (const item of written.split(/[\t\n\f\r ]+/)) {
    const url = item === '' ? null : realm.urls.resolve(item);
    if (url === null || !isHttpUrl(url)) continue;
    const isSameOrigin = originOf(url) === realm.urls.origin();
    const from = isSameOrigin || !documentUrl.startsWith('https:') ? { 'ping-from': documentUrl } : null;
    const request = realm.natives.fetch(url, {
      method: 'POST',
      // Of another origin, only a request without headers of its own needs nobody's leave.
      ...(isSameOrigin
        ? { headers: { ...from, 'ping-to': target, 'content-type': 'text/ping' } }
        : { mode: 'no-cors' as const }),
      body: 'PING',
      credentials: 'include',
      referrer: '',
      // Firefox sends such a request past the service worker.
      keepalive: !regExpTest(/Firefox\//, realm.global.navigator.userAgent as string),
    });
    // Nobody is told how it went.
    request.catch(() => undefined);
  }
}
