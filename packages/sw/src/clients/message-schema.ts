/**
 * @module
 * Checks what comes in from pages: a site can post to the worker too, with any data.
 */
import type { MessageSender, ServiceWorkerRequest, ToServiceWorker } from '@culvert/runtime';

/** A page that sets cookies in a loop sends short messages; what is longer than this is no cookie or URL. */
const maximumLength = 65_536;

/** @returns the message, or `null` if it is none of the protocol's. */
export function parseMessage(data: unknown): ToServiceWorker | null {
  if (typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  switch (message.culvert) {
    case 'set-cookie': {
      const { url, cookie, by, index } = message;
      if (!isHttpUrl(url) || !isText(cookie) || typeof by !== 'number' || typeof index !== 'number') return null;
      return { culvert: 'set-cookie', url, cookie, by, index };
    }
    case 'socket-headers': {
      const { url, origin, documentUrl } = message;
      if (!isSocketUrl(url) || !isText(origin) || !isText(documentUrl)) return null;
      return { culvert: 'socket-headers', url, origin, documentUrl };
    }
    case 'socket-cookies': {
      const { url, cookies } = message;
      if (!isSocketUrl(url) || !Array.isArray(cookies) || !cookies.every(isText)) return null;
      return { culvert: 'socket-cookies', url, cookies };
    }
    case 'open-socket': {
      const { url, protocols, headers } = message;
      if (!isSocketUrl(url) || !Array.isArray(protocols) || !protocols.every(isText) || !isHeaderRecord(headers))
        return null;
      return { culvert: 'open-socket', url, protocols, headers };
    }
    case 'service-worker': {
      const request = parseServiceWorkerRequest(message.request);
      return request && { culvert: 'service-worker', request };
    }
    case 'policy-violated': {
      const { url } = message;
      return isHttpUrl(url) ? { culvert: 'policy-violated', url } : null;
    }
    case 'keep-awake':
      return { culvert: 'keep-awake' };
    case 'cookies-seen':
      return Number.isSafeInteger(message.id) ? { culvert: 'cookies-seen', id: message.id as number } : null;
    default:
      return null;
  }
}

type Check = (value: unknown) => boolean;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);

/** By operation, what its members must be. */
const serviceWorkerRequests: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  state: {},
  register: {
    script: isHttpUrl,
    scope: isHttpUrl,
    type: oneOf('classic', 'module'),
    updateViaCache: oneOf('imports', 'all', 'none'),
  },
  update: { registration: isText },
  unregister: { registration: isText },
  started: {
    version: isText,
    instance: isText,
    error: (value) => value === null || isText(value),
    handlesFetch: (value) => typeof value === 'boolean',
  },
  'skip-waiting': { version: isText },
  claim: { version: isText },
  clients: {
    version: isText,
    type: oneOf('window', 'worker', 'sharedworker', 'all'),
    includeUncontrolled: (value) => typeof value === 'boolean',
  },
  client: { version: isText, id: isText },
  'open-window': { version: isText, url: isText },
  'navigate-client': { version: isText, id: isText, url: isHttpUrl },
  'focus-client': { version: isText, id: isText },
};

function parseServiceWorkerRequest(data: unknown): ServiceWorkerRequest | null {
  if (typeof data !== 'object' || data === null) return null;
  const { op, ...given } = data as Record<string, unknown>;
  if (!isText(op) || !Object.hasOwn(serviceWorkerRequests, op)) return null;
  const members = Object.entries(serviceWorkerRequests[op]!);
  if (!members.every(([name, check]) => check(given[name]))) return null;
  return Object.fromEntries([['op', op], ...members.map(([name]) => [name, given[name]])]) as ServiceWorkerRequest;
}

/** @returns who claims to have sent it, or `null` if nobody does. */
export function parseSender(data: unknown): MessageSender | null {
  const { from } = (data ?? {}) as { from?: Record<string, unknown> | null };
  const { url, topLevelSite, token } = from ?? {};
  return isText(url) && isText(topLevelSite) && isText(token) ? { url, topLevelSite, token } : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maximumLength;
}

function isHeaderRecord(value: unknown): value is Record<string, string | string[]> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((item) => (Array.isArray(item) ? item.every(isText) : isText(item)));
}

function isHttpUrl(value: unknown): value is string {
  return isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** http: and https: too: the WebSocket constructor takes them for ws: and wss:. */
function isSocketUrl(value: unknown): value is string {
  return isText(value) && URL.canParse(value) && /^(wss?|https?):$/.test(new URL(value).protocol);
}
