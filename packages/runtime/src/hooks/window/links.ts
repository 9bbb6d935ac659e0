/**
 * @module Links. Their attributes keep the author's URLs; what a click does is done by a detached link to the route, so
 * that the engine decides about tabs, windows, downloads and fragments, and no request goes to the real URL.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, nativeMethod, nativeSetter, SafeSet, SafeWeakMap } from '../../natives.js';
import { originOf } from '../../realm/create-realm.js';
import { isHttpUrl, toNavigationUrl } from '../../global-scope/navigate.js';
import type { Realm } from '../../realm/realm.js';
import { afterDefaultAction, defaultActionFlush, expectDefault, expectDefaultIn } from './end-of-dispatch.js';
import { sendPings } from './hyperlink-auditing.js';
import { resolveTarget } from './navigation-target.js';

/** Inside a link, these may take the click for themselves, as each engine has it. */
const ownActivation = new SafeSet(['button', 'input', 'label', 'summary', 'select', 'textarea']);
const xlink = 'http://www.w3.org/1999/xlink';

export function interceptLinks(realm: Realm): void {
  const { global, natives } = realm;
  const event = global.Event.prototype as object;
  const mouse = global.MouseEvent.prototype as object;
  const composedPath = nativeMethod<EventTarget[]>(event, 'composedPath');
  const preventDefault = nativeMethod(event, 'preventDefault');
  const typeOf = nativeGetter<string>(event, 'type');
  const button = nativeGetter<number>(mouse, 'button');
  const dispatch = nativeMethod<boolean>(global.EventTarget.prototype as object, 'dispatchEvent');
  const localName = nativeGetter<string>(global.Element.prototype as object, 'localName');
  const getAttributeNS = nativeMethod<string | null>(global.Element.prototype as object, 'getAttributeNS');
  const isEditable = nativeGetter<boolean>(global.HTMLElement.prototype as object, 'isContentEditable');
  const nodeDocument = nativeGetter(global.Node.prototype as object, 'ownerDocument');
  const getRootNode = nativeMethod(global.Node.prototype as object, 'getRootNode');
  const setHref = nativeSetter<string>(global.HTMLAnchorElement.prototype as object, 'href');
  const MouseEvent = global.MouseEvent as typeof globalThis.MouseEvent;
  const modifiers = ['ctrlKey', 'shiftKey', 'altKey', 'metaKey', 'screenX', 'screenY', 'clientX', 'clientY'] as const;
  const readModifier = modifiers.map((name) => nativeGetter(mouse, name));
  const { isElement } = elementTest(realm);

  /** The link along this path, and whether the click surely activates it. */
  const linkIn = (path: EventTarget[]): { link: Element; certain: boolean } | null => {
    let certain = true;
    for (let index = 0; index < path.length; index++) {
      const node = path[index]!;
      if (!isElement(node)) continue;
      const name = localName(node);
      if (ownActivation.has(name)) certain = false;
      if ((name === 'a' || name === 'area') && writtenHref(node) !== null) return { link: node, certain };
    }
    return null;
  };
  const writtenHref = (link: Element): string | null =>
    natives.getAttribute(link, 'href') ?? getAttributeNS(link, xlink, 'href');

  const realUrl = (link: Element): string | null => {
    const url = realm.urls.resolve(writtenHref(link) ?? '');
    return url !== null && isHttpUrl(url) && realm.urls.fromBrowser(url) === url ? url : null;
  };

  const writtenTarget = (link: Element): string => {
    const own = natives.getAttribute(link, 'target');
    if (own !== null) return own;
    const base = natives.querySelectorAll(realm.document() as Document, 'base[target]')[0];
    return base ? (natives.getAttribute(base, 'target') ?? '') : '';
  };

  const follow = (link: Element, url: string, by: MouseEvent) => {
    sendPings(realm, link, url);
    const clone = natives.createElement(realm.document(), 'a') as HTMLAnchorElement;
    originals.set(clone, link);
    for (const name of ['rel', 'referrerpolicy', 'hreflang', 'type'] as const) {
      const value = natives.getAttribute(link, name);
      if (value !== null) natives.setAttribute(clone, name, value);
    }
    // A download is only honoured within the origin, which natively every route is.
    const download = natives.getAttribute(link, 'download');
    if (download !== null && originOf(url) === realm.urls.origin()) {
      downloadThrough(realm, url, download);
      return;
    }
    const target = resolveTarget(realm, writtenTarget(link));
    if (target.name) natives.setAttribute(clone, 'target', target.name);
    const staysHere = target.name === '' || target.name === '_self';
    setHref(clone, toNavigationUrl(staysHere ? realm : null, url, realm));
    const init: Record<string, unknown> = { bubbles: false, cancelable: true, view: global, button: button(by) };
    for (let index = 0; index < modifiers.length; index++) init[modifiers[index]!] = readModifier[index]!(by);
    dispatch(clone, new MouseEvent('click', init));
    target.release();
  };

  const expectFollow = (click: Event) => {
    if (!(click instanceof MouseEvent)) return null;
    const middle = typeOf(click) === 'auxclick';
    if (middle ? button(click) !== 1 : button(click) !== 0) return null;
    const found = linkIn(composedPath(click));
    if (!found || nodeDocument(found.link) !== realm.document()) return null;
    const { link, certain } = found;
    if (originals.has(link) || isHtmlEditable(link)) return null;
    const leaveToEngine = () => {
      const url = realUrl(link);
      if (url !== null) lendRoute(realm, link, url, resolveTarget(realm, writtenTarget(link)));
    };
    return {
      finish(defaultPrevented: boolean) {
        const url = defaultPrevented ? null : realUrl(link);
        if (url === null) return;
        if (!certain) {
          leaveToEngine();
          return;
        }
        preventDefault(click);
        follow(link, url, click);
      },
      stopped: leaveToEngine,
    };
  };
  const isHtmlEditable = (link: Element) => link instanceof global.HTMLElement && isEditable(link);

  expectDefault(realm, 'click', expectFollow);
  expectDefault(realm, 'auxclick', expectFollow);

  // The engine's menu takes the URL from the element ("open in a new tab"), so the element holds the route meanwhile.
  expectDefault(realm, 'contextmenu', (menu) => {
    const found = linkIn(composedPath(menu));
    if (!found) return null;
    const lend = () => {
      const url = realUrl(found.link);
      if (url !== null) lendRouteUntilInput(realm, found.link, url);
    };
    return { finish: (defaultPrevented) => defaultPrevented || lend(), stopped: lend };
  });

  // A click that a script makes is over, default action and all, when the call returns.
  const watchDetached = (target: unknown) => {
    if (!isElement(target)) return;
    const root = getRootNode(target) as object;
    if (root !== realm.document() && !watchedRoots.has(root)) {
      watchedRoots.set(root, true);
      expectDefaultIn(realm, root as EventTarget, 'click');
    }
  };
  const flushDefaultActions = defaultActionFlush(realm);
  const watchedRoots = new SafeWeakMap<object, boolean>();
  interceptMethod(
    realm,
    global.HTMLElement.prototype,
    'click',
    (native) =>
      ({
        click(this: unknown, ...args: unknown[]) {
          watchDetached(this);
          apply(native, this, args);
          flushDefaultActions();
        },
      }).click,
  );
  interceptMethod(
    realm,
    global.EventTarget.prototype,
    'dispatchEvent',
    (native) =>
      ({
        dispatchEvent(this: unknown, ...args: unknown[]) {
          if (args[0] instanceof MouseEvent) watchDetached(this);
          try {
            return apply(native, this, args) as unknown;
          } finally {
            flushDefaultActions();
          }
        },
      }).dispatchEvent,
  );
  if (global.NavigateEvent) {
    interceptAccessor(realm, global.NavigateEvent.prototype, 'sourceElement', {
      get: (native) =>
        function () {
          const source = native(this) as object | null;
          return (source && originals.get(source)) ?? source;
        },
    });
  }
}

/** Which link of the page's a detached link of ours stands for. */
const originals = new SafeWeakMap<object, Element>();

function elementTest(realm: Realm) {
  const nodeType = nativeGetter<number>(realm.global.Node.prototype as object, 'nodeType');
  const isNode = realm.global.Node as { new (): Node };
  return { isElement: (value: unknown): value is Element => value instanceof isNode && nodeType(value) === 1 };
}

/** Puts the route in the element itself until the default action is over. */
function lendRoute(realm: Realm, link: Element, url: string, target: { name: string; release(): void }): void {
  const restoreHref = lendAttribute(realm, link, 'href', toNavigationUrl(null, url, realm));
  const restoreTarget = target.name === '' ? null : lendAttribute(realm, link, 'target', target.name);
  afterDefaultAction(realm, () => {
    restoreHref();
    restoreTarget?.();
    target.release();
  });
}

export function lendAttribute(realm: Realm, element: Element, name: string, value: string): () => void {
  const { natives } = realm;
  const before = natives.getAttribute(element, name);
  if (before === value) return () => undefined;
  natives.setAttribute(element, name, value);
  return () => {
    // A page that wrote in the meantime has the last word.
    if (natives.getAttribute(element, name) !== value) return;
    if (before === null) natives.removeAttribute(element, name);
    else natives.setAttribute(element, name, before);
  };
}

function lendRouteUntilInput(realm: Realm, link: Element, url: string): void {
  const restore = lendAttribute(realm, link, 'href', toNavigationUrl(null, url, realm));
  for (const type of ['pointermove', 'pointerdown', 'keydown', 'focus', 'blur']) {
    realm.natives.addEventListener(realm.global as EventTarget, type, restore, { capture: true, once: true });
  }
}

/** Engines fetch downloads past the service worker, so it is asked for the bytes and they are saved from here. */
function downloadThrough(realm: Realm, url: string, fileName: string): void {
  const { global, natives } = realm;
  const createObjectURL = nativeMethod<string>(global.URL as object, 'createObjectURL');
  const dispatch = nativeMethod(global.EventTarget.prototype as object, 'dispatchEvent');
  void (async () => {
    const response = await natives.fetch(url, { credentials: 'include' });
    const clone = natives.createElement(realm.document(), 'a') as HTMLAnchorElement;
    originals.set(clone, clone);
    natives.setAttribute(clone, 'href', createObjectURL(global.URL, await response.blob()));
    natives.setAttribute(clone, 'download', fileName || lastSegment(url));
    dispatch(clone, new global.MouseEvent('click', { cancelable: true }));
  })();
}

function lastSegment(url: string): string {
  return decodeURIComponent(/([^/?#]*)(?:[?#].*)?$/.exec(url)?.[1] ?? '') || 'download';
}
