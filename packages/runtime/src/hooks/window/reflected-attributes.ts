/**
 * @module IDL properties that reflect a ruled attribute: setting one is setting the attribute, reading one gives what the
 * page wrote, resolved where the property is a URL.
 */
import { companionName, isScoped } from '@culvert/rewriter';
import { authoredAttributes } from '../../dom/authored-attributes.js';
import { domNatives } from '../../dom/dom-natives.js';
import { mayHoldRewrites } from '../../dom/rewritten-text.js';
import { interceptAccessor } from '../../interception/index.js';
import { inEncodingOf } from '../../realm/encoding-parse.js';
import type { Realm } from '../../realm/realm.js';

type Reflection = 'url' | 'text';

/** Interface, IDL name, content attribute where its name differs. */
const reflections: readonly (readonly [
  interfaceName: string,
  property: string,
  kind: Reflection,
  attribute?: string,
])[] = [
  ['HTMLIFrameElement', 'src', 'url'],
  ['HTMLIFrameElement', 'srcdoc', 'text'],
  ['HTMLIFrameElement', 'csp', 'text'],
  ['HTMLFrameElement', 'src', 'url'],
  ['HTMLObjectElement', 'data', 'url'],
  ['HTMLEmbedElement', 'src', 'url'],
  ['HTMLScriptElement', 'src', 'url'],
  ['HTMLScriptElement', 'type', 'text'],
  ['HTMLScriptElement', 'integrity', 'text'],
  ['HTMLLinkElement', 'href', 'url'],
  ['HTMLLinkElement', 'rel', 'text'],
  ['HTMLLinkElement', 'as', 'text'],
  ['HTMLLinkElement', 'integrity', 'text'],
  ['HTMLLinkElement', 'imageSrcset', 'text', 'imagesrcset'],
  ['HTMLAnchorElement', 'href', 'url'],
  ['HTMLAnchorElement', 'ping', 'text'],
  ['HTMLAreaElement', 'href', 'url'],
  ['HTMLAreaElement', 'ping', 'text'],
  ['HTMLFormElement', 'action', 'url'],
  ['HTMLButtonElement', 'formAction', 'url', 'formaction'],
  ['HTMLInputElement', 'formAction', 'url', 'formaction'],
  ['HTMLBaseElement', 'href', 'url'],
  ['HTMLMetaElement', 'content', 'text'],
  ['HTMLMetaElement', 'httpEquiv', 'text', 'http-equiv'],
  ['HTMLTrackElement', 'src', 'url'],
];

/** Those of rows that act only where images and media are scoped; too hot to hook for nothing. */
const passiveReflections: typeof reflections = [
  ['HTMLImageElement', 'src', 'url'],
  ['HTMLImageElement', 'srcset', 'text'],
  ['HTMLInputElement', 'src', 'url'],
  ['HTMLSourceElement', 'src', 'url'],
  ['HTMLSourceElement', 'srcset', 'text'],
  ['HTMLMediaElement', 'src', 'url'],
  ['HTMLVideoElement', 'poster', 'url'],
  ['HTMLBodyElement', 'background', 'text'],
];

export function interceptReflectedAttributes(realm: Realm): void {
  const global = realm.global as Record<string, { prototype: object } | undefined>;
  const dom = domNatives(realm);
  const attributes = authoredAttributes(realm);

  const { settings } = realm.data;
  const isPassiveScoped = isScoped('image', settings) || isScoped('media', settings);
  const active = isPassiveScoped ? [...reflections, ...passiveReflections] : reflections;

  for (const [interfaceName, property, kind, attribute = property] of active) {
    const prototype = global[interfaceName]?.prototype;
    if (!prototype) continue;
    const companion = companionName(attribute);
    const isAction = attribute.endsWith('action');
    interceptAccessor(realm, prototype, property, {
      get: (native) =>
        function (this: Element) {
          const value = native(this) as string;
          const written = dom.getAttribute(this, companion);
          if (written === null) {
            // Where a form has no action, that is the document's URL.
            if (isAction) return realm.urls.fromBrowser(value);
            return value.startsWith('javascript:') ? unrewritten(this, attribute, value) : value;
          }
          return kind === 'url' ? resolve(this, written) : written;
        },
      set: () =>
        function (this: Element, value: unknown) {
          // `[LegacyNullToEmptyString]` is on none of these.
          attributes.set(this, attribute, value);
        },
    });
  }

  /** The URL parser has made escapes of the markers, so the URL is parsed anew from the text. */
  function unrewritten(element: Element, attribute: string, value: string): string {
    const text = dom.getAttribute(element, attribute) ?? '';
    return mayHoldRewrites(text) ? resolve(element, attributes.get(element, attribute) ?? '') : value;
  }

  /** https://html.spec.whatwg.org/multipage/urls-and-fetching.html#fallback-base-url */
  function fallbackBase(): string {
    const url = realm.urls.documentUrl();
    return /^https?:/.test(url) ? url : realm.data.url;
  }

  function resolve(element: Element, written: string): string {
    if (dom.localName(element) === 'base') return resolveAgainst(written, fallbackBase());
    return resolveAgainst(inEncodingOf(realm, written), dom.baseURI(element));
  }
}

function resolveAgainst(written: string, base: string): string {
  try {
    return new URL(written, base).href;
  } catch {
    // What does not parse is shown as it stands.
    return written;
  }
}
