/** @module What a browser context says while a test drives it: its errors, and the requests that no worker answered. */
import type { BrowserContext, Request } from '@playwright/test';

export interface PageLog {
  /** Console messages of type "error", and uncaught exceptions. */
  readonly errors: readonly string[];
  /** Requests and WebSockets that went to the network where the service worker should have answered. */
  readonly bypasses: readonly string[];
  /** Number of requests seen. */
  readonly requestCount: number;
}

/** Culvert's own files, which its server serves and no worker does. `/service/` is served once, as the bootstrap page. */
const ownPaths = /^\/(?:$|index\.html$|assets\/|bare\/|service\/|culvert\.|favicon|manifest)/;

/**
 * What Firefox says of the driver, not of the page: the style that it injects for a screenshot meets a policy. And of each
 * navigation or fetch with `redirect: "error"` that ends at a redirect it says so in the console where a worker answered.
 */
const driverMessages = [
  /blocked an inline style .*sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA=/,
  /^Failed to load ‘’\. A ServiceWorker intercepted the request and encountered an unexpected error\.$/,
];

/** @param proxyOrigin of Culvert; absent for a direct visit, where nothing can be bypassed */
export function logPage(context: BrowserContext, proxyOrigin?: string): PageLog {
  const errors: string[] = [];
  const bypasses: string[] = [];
  const state = { requestCount: 0 };
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    // A failed load names its resource only as the place that it comes from.
    const place = message.text().startsWith('Failed to load resource') ? ` (${message.location().url})` : '';
    errors.push(withRealUrls(message.text() + place));
  });
  context.on('weberror', (webError) => {
    const { name, message } = webError.error();
    if (driverMessages.some((pattern) => pattern.test(message))) return;
    errors.push(withRealUrls(`Uncaught ${name}: ${message}`));
  });
  context.on('request', () => (state.requestCount += 1));
  // Firefox does not tell what answered a request: there the canary alone sees what goes past the worker.
  if (proxyOrigin && context.browser()?.browserType().name() === 'chromium') {
    context.on('requestfinished', (request) => {
      const bypass = findBypass(request, proxyOrigin);
      if (bypass) bypasses.push(bypass);
    });
    context.on('page', (page) =>
      page.on('websocket', (socket) => {
        const { host, pathname } = new URL(socket.url());
        const isOwn = host === new URL(proxyOrigin).host && pathname.startsWith('/bare/');
        if (!isOwn) bypasses.push(`WebSocket ${socket.url()}`);
      }),
    );
  }
  return {
    errors,
    bypasses,
    get requestCount() {
      return state.requestCount;
    },
  };
}

/** A request that the worker did not answer, unless it was for a file of Culvert's own. */
function findBypass(request: Request, proxyOrigin: string): string | null {
  const url = new URL(request.url());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.origin === proxyOrigin && ownPaths.test(url.pathname)) return null;
  // There is one since it has finished; `response()` would ask the page, which may be closed by now.
  const response = request.existingResponse();
  if (!response || response.fromServiceWorker()) return null;
  return `${request.method()} ${request.resourceType()} ${request.url()}`;
}

/** Reads a message of the proxied page as that of the direct one: routes become the URLs that they stand for. */
export function withRealUrls(text: string): string {
  return text.replace(/https?:\/\/[^\s/]+\/service\/[\w~-]+\/(https?%3A[^\s)'"#:]*)/gi, (_, encoded: string) =>
    decodeURIComponent(encoded),
  );
}
