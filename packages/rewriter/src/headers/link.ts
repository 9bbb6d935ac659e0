/**
 * @module `Link`: preloads, preconnects and stylesheets that a response announces.
 */
import { linkLoad } from '../html/link-relations.js';
import { rewriteSrcset } from '../html/srcset.js';
import { parseUrl, toBrowser } from '../url/index.js';
import type { HeaderContext } from './header-context.js';

/**
 * Every URL absolute: the browser would resolve a relative one against the proxy URL. Links that act past the service
 * worker (preconnect, prerender, icons, manifests ...) are dropped.
 *
 * @returns null when no link is left
 */
export function rewriteLink(value: string, context: HeaderContext): string | null {
  const links = splitLinks(value)
    .map((link) => rewriteOneLink(link, context))
    .filter((link) => link !== null);
  return links.length === 0 ? null : links.join(', ');
}

function rewriteOneLink(link: string, context: HeaderContext): string | null {
  const match = /^<([^>]*)>(.*)$/s.exec(link);
  if (match === null) return link === '' ? null : link;
  const parameters = match[2]!;
  const load = linkLoad(parameter(parameters, 'rel') ?? '', parameter(parameters, 'as'));
  if (load === 'drop' || load === 'icon' || load === 'manifest') return null;
  const url = parseUrl(match[1]!, context.baseUrl);
  if (url === null) return link;
  const proxyUrl = load === null ? url.href : toBrowser(url.href, load, context.settings);
  return `<${proxyUrl}>${rewriteImageSet(withoutIntegrity(parameters), context)}`;
}

/** Bodies change on the way, so what was announced of their bytes no longer holds. */
function withoutIntegrity(parameters: string): string {
  return parameters.replace(/;\s*integrity\s*=\s*(?:"[^"]*"|[^;,\s]*)/gi, '');
}

/** `imagesrcset` takes the place of the URL and is relative as well; without it the plain URL is preloaded. */
function rewriteImageSet(parameters: string, context: HeaderContext): string {
  return parameters.replace(/(;\s*imagesrcset\s*=\s*)"([^"\\]*)"/i, (_whole, name: string, set: string) => {
    const candidates = rewriteSrcset(set, (url) => {
      const parsed = parseUrl(url, context.baseUrl);
      return parsed === null ? url : toBrowser(parsed.href, 'image', context.settings);
    });
    return `${name}"${candidates}"`;
  });
}

/** At the commas that stand neither inside `<...>` nor in a quoted string (RFC 8288 section 3). */
function splitLinks(value: string): string[] {
  return [...value.matchAll(/(?:<[^>]*>|"(?:[^"\\]|\\.)*"|[^,])+/gs)].map((match) => match[0].trim());
}

/** The first parameter of that name counts (RFC 8288 section 3.3). */
function parameter(parameters: string, name: string): string | null {
  for (const match of parameters.matchAll(/;\s*([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s]*)))?/gs)) {
    if (match[1]!.toLowerCase() === name) return (match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1');
  }
  return null;
}
