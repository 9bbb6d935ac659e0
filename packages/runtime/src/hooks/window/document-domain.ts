/**
 * @module `document.domain` and `originAgentCluster`. https://html.spec.whatwg.org/multipage/browsers.html#relaxing-the-same-origin-restriction
 *
 * The engine keeps secure origins apart by agent cluster, where setting the domain changes nothing. Natively every document
 * is the proxy's, so both follow the real URL here.
 */
import { interceptAccessor } from '../../interception/index.js';
import { nativeGetter, NativeURL, nativeSetter, regExpTest, stringIndexOf, stringSlice } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

const hostname = nativeGetter<string>(NativeURL.prototype, 'hostname');
const setHostname = nativeSetter<string>(NativeURL.prototype, 'hostname');
const sandboxDirective = /(?:^|; )sandbox/;
type PolicyText = NonNullable<Realm['data']['policies']>[number];
const address = /^(?:\[|[\d.]+$)/;

export function interceptDocumentDomain(realm: Realm): void {
  const prototype = realm.global.Document.prototype as object;
  const defaultView = nativeGetter<object | null>(prototype, 'defaultView');
  // Documents without a window of their own (a parser's, a request's) are of the realm that made them.
  const realmOf = (document: unknown) => {
    const window = defaultView(document);
    return (window && realm.tree.realmOf(window)) ?? realm;
  };
  const frameElement = nativeGetter<Element | null>(realm.global as object, 'frameElement');
  /** By its frame or a policy, whatever they allow. */
  const isSandboxed = ({ global, data, natives }: Realm) => {
    const frame = frameElement(global);
    const isBySandbox = ({ enforced, isReportOnly }: PolicyText) =>
      !isReportOnly && regExpTest(sandboxDirective, enforced);
    return (frame !== null && natives.hasAttribute(frame, 'sandbox')) || !!data.policies?.some(isBySandbox);
  };
  interceptAccessor(realm, prototype, 'domain', {
    get: (native) =>
      function () {
        native(this);
        return currentDomain(realmOf(this));
      },
    set: (native) =>
      function (value) {
        if (defaultView(this) === null) return native(this, value);
        const target = realmOf(this);
        const refused = (why: string) =>
          new realm.natives.DOMException(`Failed to set the 'domain' property on 'Document': ${why}`, 'SecurityError');
        const written = `${value as string}`;
        const current = currentDomain(target);
        if (current === '' || isSandboxed(target)) throw refused('Assignment is forbidden for sandboxed iframes.');
        const domain = parseHost(written);
        if (written === '') throw refused("'' is an empty domain.");
        if (domain === null || !isSuffix(domain, current)) {
          throw refused(`'${written}' is not a suffix of '${current}'.`);
        }
        if (domain !== current && stringIndexOf(domain, '.') < 0) throw refused(`'${written}' is a top-level domain.`);
        if (!isOriginKeyed(target)) target.originKey.domain = domain;
      },
  });
  interceptAccessor(realm, realm.global as object, 'originAgentCluster', {
    get: (native) =>
      function () {
        return (native(this) as boolean) && isOriginKeyed(realm);
      },
  });
}

function currentDomain(realm: Realm): string {
  if (realm.originKey.domain !== null) return realm.originKey.domain;
  const origin = realm.urls.origin();
  return origin === 'null' ? '' : hostname(new NativeURL(origin));
}

/** Chromium keys every secure origin's agents by the origin. */
function isOriginKeyed(realm: Realm): boolean {
  return stringSlice(realm.urls.origin(), 0, 6) === 'https:';
}

/** As the URL parser has it; null for what is no host. */
function parseHost(text: string): string | null {
  if (text === '') return null;
  const url = new NativeURL('http://unset/');
  setHostname(url, text);
  const host = hostname(url);
  return host === 'unset' && text !== 'unset' ? null : host;
}

function isSuffix(domain: string, host: string): boolean {
  if (domain === host) return true;
  return !regExpTest(address, host) && stringSlice(host, -domain.length - 1) === `.${domain}`;
}
