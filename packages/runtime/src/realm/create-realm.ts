/**
 * @module Makes the Realm object of the global that the bundle runs in.
 */
import { fromBrowser, toBrowser } from '@culvert/rewriter';
import { unforgeables } from '../global-scope/window-stand-in.js';
import type { BootData } from '../boot-data.js';
import { captureNatives, nativeGetter, NativeURL } from '../natives.js';
import type { Realm, RealmUrls } from './realm.js';
import { enterWindow } from './child-frame.js';
import { inEncodingOf } from './encoding-parse.js';
import { createSharedState, type SharedState } from './shared-state.js';
import { sandboxReader } from './sandbox.js';
import { createWindowTree, type WindowTree } from './window-tree.js';

const urlHref = nativeGetter<string>(NativeURL.prototype, 'href');
const urlOrigin = nativeGetter<string>(NativeURL.prototype, 'origin');

export function createRealm(
  global: any,
  data: BootData,
  source: Realm['source'],
  shared: SharedState | null,
  creator: Realm | null,
): Realm {
  const kind = data.kind === 'document' ? 'window' : 'worker';
  const readDocument = kind === 'window' ? nativeGetter(global, 'document') : () => null;
  const onDocumentOpen: (() => void)[] = [];
  const realm: Realm = {
    global,
    kind,
    data,
    natives: captureNatives(global),
    urls: null as never,
    shared: shared ?? createSharedState(),
    sandbox: null,
    readSandbox: kind === 'window' ? sandboxReader(global) : () => null,
    originKey: creator ? creator.originKey : { domain: null },
    source,
    scriptNonce: creator?.scriptNonce ?? '',
    takeLateParts({ rewriters, serviceWorkers }) {
      realm.shared.rewriters = { source: rewriters, rewriters: rewriters() };
      realm.shared.serviceWorkersSource = serviceWorkers;
    },
    navigate(location, url, how) {
      if (how === 'href') location.href = url;
      else location[how](url);
    },
    enter: (window) => enterWindow(realm, window),
    // A srcdoc frame has its creator's worker; about:blank, blob: and javascript: frames have none.
    controlled: creator === null || (global.location.href as string) === 'about:srcdoc',
    networkRealm: null as never,
    document: () => readDocument(global),
    tree: null as never,
    location: () => unforgeables(realm).own,
    onReboot: [],
    onDocumentOpen,
    afterDocumentOpen() {
      for (let index = 0; index < onDocumentOpen.length; index++) onDocumentOpen[index]!();
    },
  };
  realm.networkRealm = creator && !realm.controlled ? creator.networkRealm : realm;
  const late = realm as { urls: RealmUrls; tree: WindowTree };
  late.urls = createUrls(realm);
  if (kind === 'window') late.tree = createWindowTree(realm);
  realm.sandbox = realm.readSandbox(realm);
  if (realm.sandbox !== null) realm.originKey = { domain: null };
  return realm;
}

function createUrls(realm: Realm): RealmUrls {
  // Decoding a route costs microseconds and pages read their URL in loops.
  let knownHref = '';
  let knownUrl = '';
  let knownDataUrl = '';
  let knownOrigin = '';
  const urls: RealmUrls = {
    toBrowser: (realUrl, urlClass) => toBrowser(realUrl, urlClass, realm.data.settings),
    fromBrowser: (url) => fromBrowser(url, realm.data.settings),
    documentUrl() {
      if (realm.kind === 'worker') return realm.data.url;
      const href = realm.natives.locationHref();
      if (href !== knownHref) {
        knownHref = href;
        knownUrl = urls.fromBrowser(href);
      }
      return knownUrl;
    },
    baseUrl: () => (realm.kind === 'worker' ? realm.data.url : realm.natives.baseUri(realm.document())),
    resolve(url) {
      try {
        return urlHref(new NativeURL(inEncodingOf(realm, url), urls.baseUrl()));
      } catch {
        // The URL parser reports failure by throwing only; each caller has its own error for it.
        return null;
      }
    },
    origin() {
      if (realm.sandbox !== null) return 'null';
      if (realm.data.url !== knownDataUrl) {
        knownDataUrl = realm.data.url;
        knownOrigin = originOf(realm.data.url);
      }
      return knownOrigin;
    },
  };
  return urls;
}

/** The origin of an absolute URL, serialized; `null` for opaque ones and for what does not parse. */
export function originOf(url: string): string {
  try {
    return urlOrigin(new NativeURL(url));
  } catch {
    // Not a URL: no origin.
    return 'null';
  }
}
