/**
 * @module javascript: URLs in attributes.
 */
import { rewriteScript } from '../js/index.js';
import { percentDecode } from '../text/data-url.js';

/** What the URL parser takes off the end and out of the middle. */
const trailing = /[\0- ]+$/;
const inside = /[\t\n\r]+/g;

const bareScheme = 'javascript:';

const scheme =
  /^[\0- ]*j[\t\n\r]*a[\t\n\r]*v[\t\n\r]*a[\t\n\r]*s[\t\n\r]*c[\t\n\r]*r[\t\n\r]*i[\t\n\r]*p[\t\n\r]*t[\t\n\r]*:/i;

export function isJavaScriptUrl(value: string): boolean {
  return scheme.test(value);
}

/**
 * @returns null when nothing changes. `exact` says that the rewriter's own inverse gives back what was written; where
 * the URL parser would have changed the text (escapes, line breaks), a companion has to keep it.
 */
export function rewriteJavaScriptUrl(value: string): { value: string; exact: boolean } | null {
  const written = value.slice(value.indexOf(':') + 1);
  const parsed = written.replace(trailing, '').replace(inside, '');
  const hasEscapes = parsed.includes('%');
  const source = hasEscapes ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(percentDecode(parsed)) : parsed;
  // The script rewriter takes the whole URL, decoded; read as a script, its scheme would be a label.
  const rewritten = rewriteScript(bareScheme + source, { kind: 'javascript-url' }).slice(bareScheme.length);
  if (rewritten === source) return null;
  // Only a percent sign that the URL parser would read as an escape has to become one; the rest it encodes itself,
  // except for what it would take out.
  const body = rewritten.replace(
    /[%\t\n\r]/g,
    (character) => '%' + character.charCodeAt(0).toString(16).padStart(2, '0'),
  );
  const head = value.slice(0, value.indexOf(':') + 1);
  return { value: head + body, exact: written === parsed && body === rewritten };
}
