/**
 * @module
 * The drop-in: `<script src="culvert.js" data-bare="https://bare.example/"></script>` on any static site. It registers the
 * worker beside it and leaves one global, `culvert`.
 */
import { checkBareServer } from '../check-bare-server.js';
import type { InterceptionListener, InterceptionType } from '../../interception/interception-events.js';
import { ProxyError } from '../errors.js';
import type { ProxyFrame } from '../proxy-frame.js';
import { examine, type Finding } from '../doctor/index.js';
import { createProxy, type Proxy, type ProxyOptions } from '../proxy.js';
import { readTag, type TagOptions } from './attributes.js';
import { proxyMarkedLinks } from './links.js';
import { showProblem } from './show-problem.js';

export { ProxyError };

const tag = readTag(...ownElement());
let current: Proxy | undefined;

/** Fulfilled when pages can be opened; rejected with a ProxyError, which is in the console and on the page as well. */
export const ready: Promise<void> = start(tag);

ready.catch((error: unknown) => {
  console.error(error);
  if (error instanceof ProxyError) showProblem(document, error);
});
proxyMarkedLinks(document, { ready, encodeUrl: (url) => encodeUrl(url) });

/**
 * Opens a remote URL through the proxy, when it is ready.
 *
 * @param target as for `window.open`; this tab by default
 * @throws ProxyError INVALID_URL, UNSUPPORTED_SCHEME, and what `ready` is rejected with
 */
export async function open(remoteUrl: string | URL, target = '_self'): Promise<void> {
  await ready;
  window.open(encodeUrl(remoteUrl), target);
}

/** Takes over an iframe of this page; `go(url)` opens pages in it when the proxy is ready. */
export async function createFrame(iframe: HTMLIFrameElement): Promise<ProxyFrame> {
  await ready;
  return proxy().createFrame(iframe);
}

/** @throws ProxyError INVALID_URL, UNSUPPORTED_SCHEME */
export function encodeUrl(remoteUrl: string | URL): string {
  return proxy().encodeUrl(remoteUrl);
}

/** @returns the remote URL behind one of the proxy's own, or null if it is not one */
export function decodeUrl(proxyUrl: string | URL): string | null {
  return proxy().decodeUrl(proxyUrl);
}

/** As `Proxy.setTransport`, when the proxy is ready. @throws ProxyError TRANSPORT_FAILED, and what `ready` is rejected with */
export async function setTransport(name: string, options?: unknown): Promise<void> {
  await ready;
  await proxy().setTransport(name, options);
}

/**
 * As `Proxy.on`, when the proxy is ready. @returns a function that takes the listener away again
 *
 * @throws ProxyError SUBSCRIPTION_FAILED, and what `ready` is rejected with
 */
export async function on<Type extends InterceptionType>(
  type: Type,
  listener: InterceptionListener<Type>,
): Promise<() => Promise<void>> {
  await ready;
  const remove = proxy().on(type, listener);
  await proxy().listening();
  return remove;
}

/** Looks at the set-up: `for await (const finding of culvert.doctor()) …`, or `npx culvert doctor <url of this page>`. */
export function doctor(): AsyncGenerator<Finding> {
  return examine(tag);
}

/** The configuration file may still be on its way: until then, what the tag says has to do. */
function proxy(): Proxy {
  return (current ??= createProxy(tag));
}

async function start({ config, ...options }: TagOptions): Promise<void> {
  if (config !== undefined) await loadConfig(config);
  const { codec, registrationTimeout } =
    (globalThis as { culvertConfig?: ProxyOptions }).culvertConfig ?? ({} as ProxyOptions);
  current = createProxy({ ...options, ...(codec && { codec }), ...(registrationTimeout && { registrationTimeout }) });
  await current.register();
  // Of several servers one that answers is enough: the client goes on to the next.
  if (options.bareServers.length > 0)
    await Promise.any(options.bareServers.map((url) => checkBareServer(url))).catch(firstOf);
}

function firstOf({ errors }: AggregateError): never {
  throw errors[0];
}

function ownElement(): [attributes: DOMStringMap, source: string] {
  const element = document.currentScript;
  if (element instanceof HTMLScriptElement && element.src !== '') return [element.dataset, element.src];
  throw new Error(
    'Failed to start Culvert: culvert.js must be a classic script of its own: <script src="culvert.js"></script>. For a bundle, import createProxy from @culvert/sw/page.',
  );
}

function loadConfig(source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => {
      const message = `Failed to load ${source}, which data-config names. Check that the file is there and is JavaScript.`;
      reject(new ProxyError('CONFIG_UNAVAILABLE', message));
    });
    document.head.append(script);
  });
}
