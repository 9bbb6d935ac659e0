/**
 * @module `Refresh`, the header and the `content` of its `<meta>`: one grammar.
 */
import { parseUrl, toBrowser } from '../url/index.js';
import type { HeaderContext } from './header-context.js';

export interface Refresh {
  /** Seconds. */
  time: number;
  /** As written; null when the value has none and reloads the page. */
  url: string | null;
}

/** https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps; null where they return. */
export function parseRefresh(value: string): Refresh | null {
  // Steps 3-7: the time; a fraction is read and ignored, but something has to be there.
  const time = /^[\t\n\f\r ]*(?:(\d+)[\d.]*|\.[\d.]*)/.exec(value);
  if (time === null) return null;
  let rest = value.slice(time[0].length);
  const seconds = Number(time[1] ?? '0');
  // Step 8: what follows the time has to be separated from it.
  if (rest !== '' && !/^[;,\t\n\f\r ]/.test(rest)) return null;
  // Steps 9-11.
  rest = rest.replace(/^[\t\n\f\r ]*[;,]?[\t\n\f\r ]*/, '');
  if (rest === '') return { time: seconds, url: null };
  // Steps "URL", "skip quotes": "url" and "=" are optional, and what only looks like them is part of the URL.
  rest = rest.replace(/^url[\t\n\f\r ]*=[\t\n\f\r ]*/i, '');
  const quote = rest[0];
  if (quote === '"' || quote === "'") {
    const end = rest.indexOf(quote, 1);
    rest = end < 0 ? rest.slice(1) : rest.slice(1, end);
  }
  return { time: seconds, url: rest };
}

/**
 * The value for the browser. What reloads the page itself, and what does nothing (no time, a URL that does not parse, a
 * javascript: URL), comes back as it is.
 */
export function rewriteRefresh(value: string, context: HeaderContext): string {
  const refresh = parseRefresh(value);
  if (refresh === null || refresh.url === null) return value;
  const url = parseUrl(refresh.url, context.baseUrl);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return value;
  return `${refresh.time}; url=${toBrowser(url.href, 'document', context.settings)}`;
}
