/**
 * @module Boots the runtime in the frames whose documents the service worker does not serve (about:blank, blob:,
 * javascript:), at the moment when a script can first reach them.
 */
import type { BootData } from '../boot-data.js';
import {
  apply,
  nativeFunctionToString,
  nativeGetter,
  nativeJsonStringify,
  SafeWeakMap,
  SafeWeakSet,
} from '../natives.js';
import type { Realm } from './realm.js';
import { linkName } from './realm-link.js';
import { addContexts } from './shared-state.js';

/** What a creator adds to the boot data of a realm that it boots itself. */
export interface ChildBootData extends BootData {
  creator: Realm;
}

const booting = new SafeWeakSet<object>();

/**
 * A mistake in an uncontrolled realm must be a blocked load and not a request from the user's address: nothing may be
 * loaded but from our own origin and from blobs.
 */
const guardPolicy =
  "default-src 'self' blob: data: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' blob: data:; form-action 'self'; base-uri *";

/** To be called with any value that may be a window the page is about to get; does nothing if all is well already. */
export function enterWindow(realm: Realm, value: unknown): void {
  if (value === null || value === undefined || value === realm.global || !realm.tree.isWindow(value)) return;
  const window = value as any;
  const known = realm.tree.realmOf(window);
  if (known) {
    meet(realm, known);
    return;
  }
  if (booting.has(window)) return;
  const document = reachableDocument(window);
  if (!document || !isBootable(window)) return;
  booting.add(window);
  try {
    bootChild(realm, window, document);
  } catch {
    // Neither script nor eval may run there, so nothing of the page's will either; and the guard stands. The page that
    // only asked for the window must not see an error of ours.
  } finally {
    booting.delete(window);
  }
}

/** The same for a frame element. */
export function enterFrame(realm: Realm, frame: object): void {
  enterWindow(realm, frameWindow(realm, frame));
}

export function frameWindow(realm: Realm, frame: any): any {
  const { HTMLFrameElement, HTMLObjectElement } = realm.global;
  if (HTMLFrameElement && frame instanceof HTMLFrameElement) return readers(realm).frame(frame);
  if (HTMLObjectElement && frame instanceof HTMLObjectElement) return readers(realm).object(frame);
  return readers(realm).iframe(frame);
}

/**
 * After anything may have been inserted. A frame's window can be reached at once by `frames[0]` or by its name, which
 * no source edit and no hook sees.
 *
 * @param sure frames were inserted, even if there are no more than before
 */
export type EnterNewFrames = (sure: boolean) => void;

const frameWatches = new SafeWeakMap<Realm, EnterNewFrames>();

/** One for each realm; it costs a comparison where there is no new frame. */
export function newFrames(realm: Realm): EnterNewFrames {
  let enter = frameWatches.get(realm);
  if (enter) return enter;
  const { global } = realm;
  const countFrames = nativeGetter<number>(global, 'length');
  let last = 0;
  enter = (sure) => {
    const now = countFrames(global);
    if (now === last && !sure) return;
    last = now;
    for (let index = 0; index < now; index++) enterWindow(realm, global[index]);
  };
  frameWatches.set(realm, enter);
  return enter;
}

interface ContentWindowReaders {
  iframe: (element: any) => any;
  frame: (element: any) => any;
  object: (element: any) => any;
}
const contentWindowReaders = new SafeWeakMap<Realm, ContentWindowReaders>();

/** Captured at boot, before the hooks stand in the getters' place. */
export function captureContentWindow(realm: Realm): void {
  const getter = (name: string) => {
    const holder = realm.global[name]?.prototype as object | undefined;
    return holder ? nativeGetter(holder, 'contentWindow') : () => null;
  };
  contentWindowReaders.set(realm, {
    iframe: getter('HTMLIFrameElement'),
    frame: getter('HTMLFrameElement'),
    object: getter('HTMLObjectElement'),
  });
}

function readers(realm: Realm): ContentWindowReaders {
  return contentWindowReaders.get(realm)!;
}

/** Realms of different origins of a page may hold each other's windows: each learns of the other's. */
function meet(realm: Realm, other: Realm): void {
  if (realm.shared === other.shared) return;
  for (const [from, to] of [
    [realm, other],
    [other, realm],
  ] as const) {
    to.shared.multi = true;
    addContexts(to.shared, from);
  }
}

function reachableDocument(window: any): any {
  try {
    return window.document;
  } catch {
    // The browser's own same-origin check: nothing of ours.
    return null;
  }
}

/** Only documents that the worker did not serve; one that it serves boots itself, or is still being fetched. */
function isBootable(window: any): boolean {
  const href = window.location.href as string;
  return !/^https?:/.test(href);
}

function bootChild(realm: Realm, window: any, document: any): void {
  const data: ChildBootData = {
    ...realm.data,
    kind: 'document',
    // Its own URL is read from the window; this one stands for the origin that it inherits.
    url: realm.data.url,
    referrer: realm.urls.documentUrl(),
    creator: realm,
  };
  const href = window.location.href as string;
  const text = `(${apply(nativeFunctionToString, realm.source, []) as string})`;
  const parent = document.head ?? document.documentElement;
  if (parent && !/^about:srcdoc/.test(href)) guard(document, parent);
  if (parent) runScript(realm, window, document, parent, text, data);
  // A document without an element yet, or a policy that knows no nonce.
  if (!realm.tree.realmOf(window)) (window.eval as (text: string) => (data: BootData) => void)(text)(data);
}

/** A script with our nonce: the site's policy, which such a document inherits, may forbid eval. */
function runScript(realm: Realm, window: any, document: any, parent: any, text: string, data: ChildBootData): void {
  const script = document.createElement('script');
  script.nonce = realm.scriptNonce;
  script.textContent = `${text}(self.${linkName})`;
  // The data hold objects of this realm; the boot puts the link itself in their place.
  window[linkName] = data;
  parent.appendChild(script);
  script.remove();
}

/** The policy outlives its element, so nothing of it stays for the page to find. */
function guard(document: any, parent: any): void {
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = guardPolicy;
  parent.appendChild(meta);
  meta.remove();
}

/**
 * The first thing in the markup of a blob: document: the policy, which holds also where no script runs, and the boot by who has opened it,
 * before its own scripts run.
 */
export function blobBootHtml(realm: Realm): string {
  const build = nativeJsonStringify(realm.data.build).replace(/</g, '\\u003c');
  const nonce = realm.scriptNonce.replace(/[^\w+/=-]/g, '');
  return `<meta http-equiv=content-security-policy content="${guardPolicy}"><script nonce="${nonce}">{const s=document.currentScript;s.previousSibling.remove();s.remove();(parent===self?opener:parent)?.${linkName}?.(${build})?.enter(self)}</script>`;
}
