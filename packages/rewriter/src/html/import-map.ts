/**
 * @module Import maps. They stay as written, but for what would no longer hold.
 */
import { isScoped, parseUrl, toBrowser, type UrlSettings } from '../url/index.js';

/**
 * Module bodies change, so integrity metadata of them would block every one. Of two members of one name JSON keeps the
 * last, so an empty one at the end takes it back and the rest stays as it was written. Where modules are scoped, every
 * URL in the map is as well, and the map is written anew; prefixes (`"lib/": "/vendor/"`) are lost there, since an encoded
 * URL has no path to match by.
 */
export function rewriteImportMap(source: string, context: { baseUrl: string; settings: UrlSettings }): string {
  let map: unknown;
  try {
    map = JSON.parse(source);
  } catch {
    // Not JSON: the page's mistake, which the browser reports.
    return source;
  }
  if (!isObject(map)) return source;
  if (isScoped('module', context.settings)) return scopeImportMap(map, context);
  if (!isObject(map.integrity)) return source;
  const end = source.lastIndexOf('}');
  return `${source.slice(0, end)},"integrity":{}${source.slice(end)}`;
}

function scopeImportMap(map: Record<string, unknown>, context: { baseUrl: string; settings: UrlSettings }): string {
  const toProxy = (url: string): string => {
    const parsed = parseUrl(url, context.baseUrl);
    if (parsed === null) return url;
    return toBrowser(parsed.href, 'module', context.settings);
  };
  const isUrlLike = (specifier: string): boolean => /^\.{0,2}\//.test(specifier) || parseUrl(specifier) !== null;
  const scopeSpecifiers = (specifiers: unknown): unknown =>
    !isObject(specifiers)
      ? specifiers
      : Object.fromEntries(
          Object.entries(specifiers).map(([specifier, address]) => [
            isUrlLike(specifier) ? toProxy(specifier) : specifier,
            typeof address === 'string' ? toProxy(address) : address,
          ]),
        );
  const scopes = !isObject(map.scopes)
    ? map.scopes
    : Object.fromEntries(
        Object.entries(map.scopes).map(([prefix, inner]) => [toProxy(prefix), scopeSpecifiers(inner)]),
      );
  return JSON.stringify({ imports: scopeSpecifiers(map.imports), scopes }).replaceAll('<', '\\u003c');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
