/**
 * @module What the rows of `attribute-rules.ts` do with a value. Each returns null where the value stays.
 */
import { rewritesStylesheets, rewriteStylesheet } from '../css/rewrite-stylesheet.js';
import { parseRefresh, rewriteRefresh } from '../headers/refresh.js';
import { encodeRequiredPolicy } from '../headers/required-policy.js';
import { rewriteScript } from '../js/index.js';
import { parseDataUrl, serializeDataUrl } from '../text/data-url.js';
import { decodeRoute, encodeRoute, isScoped, parseUrl, toBrowser, urlClasses, type UrlClass } from '../url/index.js';
import type { AttributeContext, AttributeRewrite, AttributeRule } from './attribute-rules.js';
import { companionPrefix } from './companion.js';
import { foreignHashPrefix } from './integrity.js';
import { isJavaScriptUrl, rewriteJavaScriptUrl } from './javascript-url.js';
import { linkLoad } from './link-relations.js';
import { scriptElementKind } from './script-type.js';
import { rewriteSrcset } from './srcset.js';

/** A URL whose class the row names. */
export function url(value: string, context: AttributeContext, rule: AttributeRule): AttributeRewrite | null {
  return urlOfClass(value, rule.urlClass!, context);
}

export function srcset(value: string, context: AttributeContext): AttributeRewrite | null {
  if (!isScoped('image', context.settings)) return null;
  return kept(
    value,
    rewriteSrcset(value, (candidate) => scopedUrl(candidate, 'image', context) ?? candidate),
  );
}

export function urlList(value: string, context: AttributeContext, rule: AttributeRule): AttributeRewrite | null {
  if (!isScoped(rule.urlClass!, context.settings)) return null;
  return kept(
    value,
    value.replace(/[^\t\n\f\r ]+/g, (item) => scopedUrl(item, rule.urlClass!, context) ?? item),
  );
}

/**
 * Frames, objects and embeds. A data: document has an opaque origin and no service worker, so it gets a route, which
 * the worker answers with the document, rewritten. blob: URLs exist in the page alone: they are the runtime's.
 */
export function frameUrl(value: string, context: AttributeContext, rule: AttributeRule): AttributeRewrite | null {
  if (isJavaScriptUrl(value)) return javaScriptUrl(value);
  if (/^[\0- ]*data:/i.test(value)) {
    const parsed = parseUrl(value);
    if (parsed === null) return null;
    return kept(value, encodeRoute(parsed.href, urlClasses[rule.urlClass!].asset, context.settings));
  }
  const sandboxed = rule.urlClass === 'frame' ? context.getAttribute('sandbox') : null;
  const isOpaque = sandboxed !== null && sandbox(sandboxed, context) !== null;
  return urlOfClass(value, isOpaque ? 'sandboxed-frame' : rule.urlClass!, context);
}

/** The document in it has no URL of its own for the worker to answer, so its markup is rewritten where it stands. */
export function srcdoc(value: string, context: AttributeContext): AttributeRewrite | null {
  return context.rewriteSrcdoc === undefined ? null : kept(value, context.rewriteSrcdoc(value));
}

export function sandbox(value: string, context: AttributeContext): AttributeRewrite | null {
  if (context.sandboxedFrames !== 'same-origin') return null;
  if (
    value
      .toLowerCase()
      .split(/[\t\n\f\r ]+/)
      .includes('allow-same-origin')
  )
    return null;
  return kept(value, `${value} allow-same-origin`.trimStart());
}

/** The worker enforces it: our own script would not pass. */
export function requiredPolicy(value: string): AttributeRewrite | null {
  return kept(value, encodeRequiredPolicy(value));
}

/** A request past the worker. */
export function hidden(value: string): AttributeRewrite | null {
  return kept(value, '');
}

/** A data: script never reaches the worker, so its payload is rewritten in place. */
export function scriptUrl(value: string, context: AttributeContext): AttributeRewrite | null {
  const kind = scriptElementKind(context.getAttribute);
  if (kind !== 'script' && kind !== 'module') return null;
  if (!/^[\0- ]*data:/i.test(value)) return urlOfClass(value, kind, context);
  const parsed = parseUrl(value);
  const dataUrl = parsed === null ? null : parseDataUrl(parsed.href);
  if (dataUrl === null) return null;
  const source = new TextDecoder().decode(dataUrl.body);
  const rewritten = rewriteScript(source, { kind });
  return rewritten === source ? null : kept(value, serializeDataUrl(dataUrl.mediaType, rewritten));
}

/** Speculation rules prefetch and prerender past the worker; an unknown type makes them a data block. */
export function scriptType(value: string): AttributeRewrite | null {
  if (scriptElementKind((name) => (name === 'type' ? value : null)) !== 'speculationrules') return null;
  return kept(value, companionPrefix + 'speculationrules');
}

export function linkUrl(value: string, context: AttributeContext): AttributeRewrite | null {
  const load = linkLoad(context.getAttribute('rel') ?? '', context.getAttribute('as'));
  if (load === null) return null;
  // A link without a URL does nothing: https://html.spec.whatwg.org/multipage/semantics.html#create-a-link-request
  return load === 'drop' ? kept(value, '') : urlOfClass(value, load, context);
}

/**
 * Integrity metadata of a body that changes: under names that no browser knows, and so does not check. The worker reads
 * them of the request and checks the body as the site sent it. (Not of a request that Chromium's preload scanner makes,
 * which drops what it does not know: of markup the worker is told apart.)
 *
 * @see https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata
 */
export function integrity(value: string, context: AttributeContext): AttributeRewrite | null {
  const target = context.getAttribute('src') ?? context.getAttribute('href');
  const parsed = target === null ? null : parseUrl(target, context.baseUrl);
  if (parsed !== null) context.noteIntegrity?.(parsed.href, value);

  return kept(value, value.replace(/\bsha(?=(?:256|384|512)-)/gi, `${foreignHashPrefix}$&`));
}

/** The bodies of scripts always change, those of stylesheets where stylesheets are scoped. */
export function linkIntegrity(value: string, context: AttributeContext): AttributeRewrite | null {
  const load = linkLoad(context.getAttribute('rel') ?? '', context.getAttribute('as'));
  if (load === 'script' || load === 'module') return integrity(value, context);
  return load === 'stylesheet' && rewritesStylesheets(context.settings) ? integrity(value, context) : null;
}

/**
 * Links and forms. Under real URLs they stay (the runtime takes the navigation itself); under scoped URLs they are
 * scoped so that what the browser does alone with a link (a new tab, a copied address) stays below the scope.
 */
export function hyperlink(value: string, context: AttributeContext): AttributeRewrite | null {
  if (isJavaScriptUrl(value)) return javaScriptUrl(value);
  if (context.settings.urls !== 'scoped' || value.trim().startsWith('#')) return null;
  return urlOfClass(value, 'document', context);
}

/**
 * Absolute, because the browser would resolve it against the proxy URL. What the browser would ignore (data:,
 * javascript:, no URL at all, what a policy forbids) means the document's own URL, which natively would be the proxy URL.
 *
 * @see https://html.spec.whatwg.org/multipage/semantics.html#set-the-frozen-base-url
 */
export function baseUrl(value: string, context: AttributeContext): AttributeRewrite | null {
  const documentUrl = context.documentUrl ?? context.baseUrl;
  const url = resolveBase(value, documentUrl);
  return kept(value, context.allowsBase?.(url) === false ? documentUrl : url);
}

/** The base URL that `<base href=value>` gives a document. */
export function resolveBase(value: string, documentUrl: string): string {
  const parsed = parseUrl(value, documentUrl);
  if (parsed === null || parsed.protocol === 'data:' || parsed.protocol === 'javascript:') return documentUrl;
  return parsed.href;
}

export function metaContent(value: string, context: AttributeContext): AttributeRewrite | null {
  const pragma = context.getAttribute('http-equiv')?.toLowerCase();
  if (pragma === 'content-security-policy' && context.translatePolicy)
    return kept(value, context.translatePolicy(value));
  if (pragma !== 'refresh' || parseRefresh(value) === null) return null;
  return kept(value, rewriteRefresh(value, { baseUrl: context.baseUrl, settings: context.settings }));
}

/**
 * Pragmas that must not act: an unknown one does nothing, and the page still reads what it wrote. A policy that nobody
 * translates is one of them: `'self'` means another origin here, and it would keep our own script from running.
 */
export function metaPragma(value: string, context: AttributeContext): AttributeRewrite | null {
  const pragma = value.toLowerCase();
  const isUntranslated = pragma === 'content-security-policy' && !context.translatePolicy;
  if (!isUntranslated && pragma !== 'x-dns-prefetch-control') return null;
  return kept(value, companionPrefix + pragma);
}

/** `<use href="#a">` and `<use href="this document#a">` stay inside the document; the rest must be same-origin. */
export function svgReference(value: string, context: AttributeContext): AttributeRewrite | null {
  if (value.trim().startsWith('#')) return null;
  const parsed = parseUrl(value, context.baseUrl);
  if (parsed === null) return null;
  const documentUrl = (context.documentUrl ?? context.baseUrl).replace(/#.*$/s, '');
  if (parsed.hash !== '' && parsed.href.replace(/#.*$/s, '') === documentUrl) return kept(value, parsed.hash);
  return urlOfClass(value, 'svg-reference', context);
}

export function style(value: string, context: AttributeContext): AttributeRewrite | null {
  return kept(value, rewriteStylesheet(value, { baseUrl: context.baseUrl, settings: context.settings }));
}

export function eventHandler(value: string): AttributeRewrite | null {
  return { value: rewriteScript(value, { kind: 'handler' }) };
}

function javaScriptUrl(value: string): AttributeRewrite | null {
  const rewritten = rewriteJavaScriptUrl(value);
  if (rewritten === null) return null;
  return rewritten.exact ? { value: rewritten.value } : { value: rewritten.value, companion: value };
}

function urlOfClass(value: string, urlClass: UrlClass, context: AttributeContext): AttributeRewrite | null {
  const rewritten = scopedUrl(value, urlClass, context);
  return rewritten === null ? null : kept(value, rewritten);
}

/** null where the URL stays as written: its class is real, it is empty, it does not parse, or it is not http(s). */
function scopedUrl(value: string, urlClass: UrlClass, context: AttributeContext): string | null {
  if (!isScoped(urlClass, context.settings) || value.trim() === '') return null;
  const parsed = parseUrl(context.encodeQuery?.(value) ?? value, context.baseUrl);
  if (parsed === null || decodeRoute(parsed.href, context.settings) !== null) return null;
  const proxyUrl = toBrowser(parsed.href, urlClass, context.settings);
  return proxyUrl === parsed.href ? null : proxyUrl;
}

function kept(value: string, rewritten: string): AttributeRewrite | null {
  return rewritten === value ? null : { value: rewritten, companion: value };
}
