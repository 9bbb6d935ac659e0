/**
 * @module Whether scripts of one realm may reach into another: the same origin, or the same `document.domain` where both
 * have set it. https://html.spec.whatwg.org/multipage/browsers.html#same-origin-domain
 */
import { nativeGetter, NativeURL } from '../natives.js';
import type { Realm } from './realm.js';

/** What about:blank and srcdoc documents share with their creator: setting the domain in one sets it in all. */
export interface OriginKey {
  /** What `document.domain` was set to; null while it is the host. */
  domain: string | null;
}

const protocolOf = nativeGetter<string>(NativeURL.prototype, 'protocol');

export function isSameOriginDomain(one: Realm, other: Realm): boolean {
  if (one === other || one.originKey === other.originKey) return true;
  const origin = one.urls.origin();
  const otherOrigin = other.urls.origin();
  const { domain } = one.originKey;
  const otherDomain = other.originKey.domain;
  if (origin === 'null' || otherOrigin === 'null' || domain !== otherDomain) return false;
  if (domain === null) return origin === otherOrigin;
  return protocolOf(new NativeURL(origin)) === protocolOf(new NativeURL(otherOrigin));
}
