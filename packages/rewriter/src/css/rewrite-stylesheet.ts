/**
 * @module URLs in stylesheets and style attributes. Under real URLs there is nothing to do, and nothing is done.
 */
import { decodeRoute, isScoped, parseUrl, toBrowser, type UrlClass, type UrlSettings } from '../url/index.js';
import type { CssUrl } from './css-urls.js';
import { findCssUrls } from './find-urls.js';
import { quoteCss } from './css-strings.js';

export interface StylesheetContext {
  /** The real URL of the stylesheet, or the base URL of the document that a style element or attribute stands in. */
  baseUrl: string;
  settings: UrlSettings;
}

const classesInCss: readonly UrlClass[] = ['stylesheet', 'image', 'font'];

/** Whether the bytes of a stylesheet change under these settings at all. */
export function rewritesStylesheets(settings: UrlSettings): boolean {
  return classesInCss.some((urlClass) => isScoped(urlClass, settings));
}

/**
 * Every URL of a scoped class as a proxy URL. Also for the declarations of a style attribute or a presentation
 * attribute. Never throws.
 */
export function rewriteStylesheet(css: string, context: StylesheetContext): string {
  if (!rewritesStylesheets(context.settings)) return css;
  return replaceUrls(css, (url) => proxyUrlFor(url, context));
}

/** null for a URL that stays. */
export function proxyUrlFor({ value, urlClass }: CssUrl, { baseUrl, settings }: StylesheetContext): string | null {
  // A fragment refers into the document, and nothing to nothing: neither is a request.
  // What a data: URL holds is there already, and may be too long to parse for nothing.
  if (value === '' || value.startsWith('#') || value.startsWith('data:')) return null;
  const url = parseUrl(value, baseUrl);
  if (url === null) return null;
  const proxyUrl = toBrowser(url.href, urlClass, settings);
  return proxyUrl === url.href ? null : proxyUrl;
}

/** Proxy URLs as the real ones. What was relative is absolute now: its meaning is undone, not its spelling. */
export function unrewriteStylesheet(css: string, context: Pick<StylesheetContext, 'settings'>): string {
  if (!css.includes(context.settings.scope)) return css;
  return replaceUrls(css, ({ value }) => decodeRoute(value, context.settings)?.remoteUrl ?? null);
}

function replaceUrls(css: string, replace: (url: CssUrl) => string | null): string {
  let output = '';
  let copied = 0;
  findCssUrls(css, (url) => {
    const replacement = replace(url);
    if (replacement === null) return;
    output += css.slice(copied, url.start) + spell(replacement, url, css);
    copied = url.end;
  });
  return copied === 0 ? css : output + css.slice(copied);
}

/** A URL in the form in which another stands in `css`. */
export function spell(replacement: string, { start, form }: CssUrl, css: string): string {
  if (form === 'url') return `url(${quoteCss(replacement)})`;
  return quoteCss(replacement, css[start] === "'" ? "'" : '"');
}
