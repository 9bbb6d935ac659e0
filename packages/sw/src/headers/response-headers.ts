/**
 * @module
 * The headers of a response as the page gets them: which are kept, dropped, translated and added.
 */
import type { HeaderPair } from '@culvert/bare-client';
import { isSecureUrl } from '@culvert/cookies';
import { leakGuardPolicy, rewriteLink, rewriteRefresh, type UrlSettings } from '@culvert/rewriter';
import { isSameOrigin, originOf } from '../site.js';
import { encodeHeaderText, headerValue, headerValues } from './header-list.js';
import type { DocumentSecurity } from './document-policies.js';
import { isHopByHop } from './hop-by-hop.js';

/** Why a header does not reach the browser, which would take it as being about the proxy's own origin. */
type DropReason =
  /** The worker keeps it, or acts on it. */
  | 'worker'
  /** It would set something for the whole proxy origin. */
  | 'origin'
  /** It would make the browser ask or report past the worker. */
  | 'leak';

const dropped: Readonly<Record<string, DropReason>> = {
  'set-cookie': 'worker',
  'set-cookie2': 'worker',
  'referrer-policy': 'worker',
  'clear-site-data': 'origin',
  'strict-transport-security': 'origin',
  'public-key-pins': 'origin',
  'expect-ct': 'origin',
  'accept-ch': 'origin',
  'critical-ch': 'origin',
  'origin-agent-cluster': 'origin',
  'service-worker-allowed': 'origin',
  'set-login': 'origin',
  'observe-browsing-topics': 'origin',
  'alt-svc': 'leak',
  nel: 'leak',
  'report-to': 'leak',
  'reporting-endpoints': 'leak',
  'speculation-rules': 'leak',
  'attribution-reporting-register-source': 'leak',
  'attribution-reporting-register-trigger': 'leak',
  // Translated apart, see document-policies.ts.
  'content-security-policy': 'worker',
  'content-security-policy-report-only': 'worker',
  'x-frame-options': 'worker',
  'cross-origin-opener-policy-report-only': 'leak',
  'cross-origin-embedder-policy-report-only': 'leak',
  'cross-origin-resource-policy': 'worker',
};

/** What `fetch()` and XMLHttpRequest do not show either, or what acts where nothing but a response is. */
const neverShown: ReadonlySet<string> = new Set([
  'set-cookie',
  'set-cookie2',
  'attribution-reporting-register-source',
  'attribution-reporting-register-trigger',
]);

export interface ResponseDescription {
  remoteUrl: string;
  /** The real URL of who asked; `null` for the user. */
  initiatorUrl: string | null;
  isDocument: boolean;
  /** Is it a Response for a script? All these headers act on documents alone, and a site's own service worker hands them on. */
  isReadByScript: boolean;
  /** Does a page with a Cross-Origin-Embedder-Policy ask? */
  isForIsolated: boolean;
  /** For documents and workers, which have policies. */
  security: DocumentSecurity | null;
  settings: UrlSettings;
}

export function responseHeaders(remote: readonly HeaderPair[], description: ResponseDescription): Headers {
  const { remoteUrl, settings, isDocument, isReadByScript } = description;
  const connection = headerValue(remote, 'connection');
  const headers = new Headers();
  for (const [name, value] of remote) {
    const lower = name.toLowerCase();
    if (isReadByScript ? neverShown.has(lower) : Object.hasOwn(dropped, lower)) continue;
    if (isHopByHop(lower, connection)) continue;
    switch (lower) {
      // Translated below as a whole, or the redirect step's.
      case 'link':
      case 'timing-allow-origin':
      case 'location':
        break;
      // As in the browser: only what came securely is isolated.
      case 'cross-origin-opener-policy':
      case 'cross-origin-embedder-policy':
        if (isSecureUrl(new URL(remoteUrl))) append(headers, lower, value);
        break;
      case 'refresh':
        append(headers, lower, isDocument ? rewriteRefresh(value, { baseUrl: remoteUrl, settings }) : value);
        break;
      default:
        append(headers, lower, value);
    }
  }
  // A length of encoded bytes says nothing of those that the browser has decoded.
  if (headers.has('content-encoding')) headers.delete('content-length');

  // Chromium starts loads that a document's header names before the worker is in charge, and past it.
  const link = isDocument
    ? null
    : rewriteLink(headerValues(remote, 'link').join(', '), { baseUrl: remoteUrl, settings });
  if (link) append(headers, 'link', link);
  if (allowsTiming(remote, description)) headers.set('timing-allow-origin', '*');
  // What a site's isolated page may load the worker has decided (check-cors.ts).
  if (description.isForIsolated) headers.set('cross-origin-resource-policy', 'cross-origin');
  if (isDocument) guardDocument(headers, settings);
  for (const { enforced, isReportOnly } of description.security?.translations ?? []) {
    if (enforced === '') continue;
    headers.append(isReportOnly ? 'content-security-policy-report-only' : 'content-security-policy', enforced);
  }
  return headers;
}

/**
 * What every document gets from us: the leak guard, and a referrer policy that lets the worker see who asks (the site's
 * own is applied to what leaves).
 */
function guardDocument(headers: Headers, settings: UrlSettings): void {
  headers.set('content-security-policy', leakGuardPolicy(settings));
  headers.set('referrer-policy', 'unsafe-url');
  headers.set('x-dns-prefetch-control', 'off');
}

/** The browser compares with the proxy's origin, the site meant the page's. */
function allowsTiming(remote: readonly HeaderPair[], { remoteUrl, initiatorUrl }: ResponseDescription): boolean {
  if (initiatorUrl !== null && isSameOrigin(remoteUrl, initiatorUrl)) return true;
  const allowed = (headerValue(remote, 'timing-allow-origin') ?? '').split(',').map((origin) => origin.trim());
  return allowed.includes('*') || (initiatorUrl !== null && allowed.includes(originOf(initiatorUrl)));
}

/** A header that the Fetch standard's checks refuse is the site's mistake; the rest of its answer still counts. */
function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, /[^\0-\xff]/.test(value) ? encodeHeaderText(value) : value);
  } catch {
    // Not a name or a value by RFC 9110: browsers ignore such lines too.
  }
}
