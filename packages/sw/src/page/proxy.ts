/**
 * @module
 * The entry of the page side: one object that knows the scope and the worker's script. Registration is `register.ts`'s
 * business, frames are `proxy-frame.ts`'s.
 */
import { decodeRoute, toBrowser, type UrlClass, type UrlCodecName, type UrlSettings } from '@culvert/rewriter';
import { ProxyError } from './errors.js';
import { ProxyFrame } from './proxy-frame.js';
import { setTransport as tellWorker } from './set-transport.js';
import { PageListeners } from './page-listeners.js';
import type { InterceptionListener, InterceptionType } from '../interception/interception-events.js';
import { registerServiceWorker } from './register.js';

export interface ProxyOptions {
  /** The path below which proxied documents stand. Default: "/service/". */
  scope?: string;
  /** The script of the service worker. Default: "/culvert.sw.js". */
  serviceWorker?: string;
  /** How long `register` waits for the worker to become active, in milliseconds. Default: 15000. */
  registrationTimeout?: number;
  /** How remote URLs are written in routes; must be the worker's. Default: "component", `encodeURIComponent`. */
  codec?: UrlCodecName;
}

export interface Proxy {
  /**
   * Registers the service worker and waits until it is active.
   *
   * @throws ProxyError which says what is in the way: an insecure context, no service workers, a missing script, …
   */
  register(): Promise<void>;
  /**
   * @param urlClass what the URL is loaded as; a document unless said otherwise
   * @returns the absolute URL at which the proxy shows `remoteUrl`
   * @throws ProxyError INVALID_URL, UNSUPPORTED_SCHEME
   */
  encodeUrl(remoteUrl: string | URL, urlClass?: UrlClass): string;
  /** @returns the remote URL behind one of the proxy's own, or null if it is not one */
  decodeUrl(proxyUrl: string | URL): string | null;
  /**
   * Has the worker take another way to the sites from the next request on, and after its restarts.
   *
   * @param name one of the option `transports` of the worker, or "bare" for the Bare servers
   * @param options data for the function of that name
   * @throws ProxyError TRANSPORT_FAILED, and all stays as it was
   */
  setTransport(name: string, options?: unknown): Promise<void>;
  /**
   * Listens to what proxied pages ask for: `request` and `response` may answer in the place of the site, by `event.respondWith`.
   * It holds for all proxied pages of this origin, while this page is open, over restarts of the worker.
   *
   * @returns a function that takes the listener away again; its promise, and that of `listening`, tell when the worker knows
   * @example
   * proxy.on('request', (event) => {
   *   if (event.url === 'https://example.com/config.json') event.respondWith(Response.json({ dark: true }));
   * });
   */
  on<Type extends InterceptionType>(type: Type, listener: InterceptionListener<Type>): () => Promise<void>;
  /**
   * Fulfilled when the worker knows of all listeners. `register` waits for it.
   *
   * @throws ProxyError SUBSCRIPTION_FAILED
   */
  listening(): Promise<void>;
  /** Takes over an iframe of this page. It must not be sandboxed. */
  createFrame(iframe: HTMLIFrameElement): ProxyFrame;
}

/**
 * @example
 * const proxy = createProxy();
 * await proxy.register();
 * const frame = proxy.createFrame(document.querySelector('iframe')!);
 * frame.on('navigate', ({ url }) => (addressField.value = url));
 * frame.go('https://example.com/');
 */
export function createProxy(options: ProxyOptions = {}): Proxy {
  const { scope = '/service/', serviceWorker = '/culvert.sw.js', registrationTimeout = 15_000, codec } = options;
  const settings: UrlSettings = { origin: location.origin, scope, urls: 'real', ...(codec && { codec }) };

  const listeners = new PageListeners(scope);

  const proxy: Proxy = {
    async register() {
      await registerServiceWorker({ script: serviceWorker, scope, timeout: registrationTimeout });
      await listeners.announced();
    },

    encodeUrl(remoteUrl, urlClass = 'document') {
      if (!URL.canParse(String(remoteUrl))) {
        throw new ProxyError('INVALID_URL', `Failed to encode "${remoteUrl}": it is not an absolute URL.`);
      }
      const { protocol, href } = new URL(remoteUrl);
      if (protocol !== 'http:' && protocol !== 'https:') {
        throw new ProxyError(
          'UNSUPPORTED_SCHEME',
          `Failed to encode "${href}": only http: and https: can be opened, not ${protocol}`,
        );
      }
      return toBrowser(href, urlClass, settings);
    },

    decodeUrl(proxyUrl) {
      const url = String(proxyUrl);
      if (!URL.canParse(url, settings.origin)) return null;
      return decodeRoute(new URL(url, settings.origin).href, settings)?.remoteUrl ?? null;
    },

    setTransport: (name, transportOptions) => tellWorker(scope, name, transportOptions),

    on: (type, listener) => listeners.on(type, listener),
    listening: () => listeners.announced(),

    createFrame: (iframe) => new ProxyFrame(iframe, { proxy, scope }),
  };
  return proxy;
}
