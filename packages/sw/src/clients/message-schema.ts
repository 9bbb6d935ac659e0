/**
 * @module
 * Checks what comes in from pages: a site can post to the worker too, with any data.
 */
import type { MessageSender, ToServiceWorker } from '@culvert/runtime';

/** A page that sets cookies in a loop sends short messages; what is longer than this is no cookie or URL. */
const maximumLength = 65_536;

/** @returns the message, or `null` if it is none of the protocol's. */
export function parseMessage(data: unknown): ToServiceWorker | null {
  if (typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  switch (message.culvert) {
    case 'set-cookie': {
      const { url, cookie } = message;
      return isHttpUrl(url) && isText(cookie) ? { culvert: 'set-cookie', url, cookie } : null;
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
    case 'keep-awake':
      return { culvert: 'keep-awake' };
    case 'cookies-seen':
      return Number.isSafeInteger(message.id) ? { culvert: 'cookies-seen', id: message.id as number } : null;
    default:
      return null;
  }
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
