/**
 * @module
 * Reads the realm of a proxied frame with the natives of this page, so that no code of the framed page (or of the
 * runtime in it) runs or notices: a getter of one realm works on a same-origin object of another.
 */

function getter<Value>(holder: object, name: string): ((this: unknown) => Value) | undefined {
  return Object.getOwnPropertyDescriptor(holder, name)?.get;
}

const getTitle = getter<string>(Document.prototype, 'title');
const getReadyState = getter<DocumentReadyState>(Document.prototype, 'readyState');
const getHead = getter<HTMLHeadElement | null>(Document.prototype, 'head');
const getDocumentElement = getter<Element | null>(Document.prototype, 'documentElement');
const getBaseUri = getter<string>(Node.prototype, 'baseURI');
const getContainer = getter<ServiceWorkerContainer>(Navigator.prototype, 'serviceWorker');
const getController = globalThis.ServiceWorkerContainer
  ? getter<ServiceWorker | null>(ServiceWorkerContainer.prototype, 'controller')
  : undefined;
// Attributes of Window are own properties of the global object. Not every engine has a Navigation API.
const getNavigation = getter<Navigation>(window, 'navigation');
const getNavigator = getter<Navigator>(window, 'navigator');
const { querySelectorAll } = Document.prototype;
const { getAttribute } = Element.prototype;
const { stop } = window;

export type FrameWindow = Window & typeof globalThis;

export const frameRealm = {
  title: (document: Document): string => getTitle?.call(document) ?? '',
  readyState: (document: Document): DocumentReadyState => getReadyState?.call(document) ?? 'complete',
  head: (document: Document): HTMLHeadElement | null => getHead?.call(document) ?? null,
  baseUrl: (document: Document): string => getBaseUri?.call(document) ?? 'about:blank',
  /** `location` is unforgeable: this is the native one, at the proxy's own URL. */
  proxyUrl: (frame: Window): string => frame.location.href,
  navigation: (frame: Window): Navigation | undefined => getNavigation?.call(frame),
  stop: (frame: Window): void => stop.call(frame),
  isControlled: (frame: Window): boolean => {
    const navigator = getNavigator?.call(frame);
    const container = navigator && getContainer?.call(navigator);
    return Boolean(container && getController?.call(container));
  },
  elements: (document: Document, selector: string): Element[] => [...querySelectorAll.call(document, selector)],
  attribute: (element: Element, name: string): string | null => getAttribute.call(element, name),
  /** The attribute with which the bootstrap page tells its stage; null for any other document. */
  bootstrapStage: (document: Document): string | null => {
    const root = getDocumentElement?.call(document);
    return root ? getAttribute.call(root, 'data-culvert-bootstrap') : null;
  },
};
