/**
 * @module `Location`: where a navigation, or a subresource request, is redirected to.
 */
import { parseUrl, toBrowser, type UrlClass } from '../url/index.js';
import type { HeaderContext } from './header-context.js';

/**
 * The absolute URL for the browser. A value that does not parse comes back as it is: the browser then makes of it the
 * network error that it would have made for the site.
 *
 * @param context `urlClass` is what was requested, `document` by default; `frame`, `script`, `image` ... otherwise.
 */
export function rewriteLocation(value: string, context: HeaderContext & { urlClass?: UrlClass }): string {
  const url = parseUrl(decodeHeaderText(value), context.baseUrl);
  return url === null ? value : toBrowser(url.href, context.urlClass ?? 'document', context.settings);
}

/**
 * Servers send UTF-8 in `Location`, and header values reach us one code unit a byte. Browsers read such a value as
 * UTF-8 where it is UTF-8.
 */
function decodeHeaderText(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, (unit) => unit.charCodeAt(0)));
  } catch {
    // Not UTF-8: a Latin-1 value that a browser reads as it stands.
    return value;
  }
}
