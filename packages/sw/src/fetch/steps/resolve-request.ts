/**
 * @module
 * Step 1: which remote URL a request is for, what it loads, who asks, and what that means for cookies.
 */
import type { SameSiteContext } from '@culvert/cookies';
import { decodeRoute, urlClasses, type Route, type UrlSettings } from '@culvert/rewriter';
import { withoutFragment } from '../../clients/client-registry.js';
import { framePosition, type FramePosition } from '../../clients/frame-position.js';
import { findInitiator, type Initiator } from '../../clients/initiator.js';
import { ServiceWorkerError } from '../../errors.js';
import { requiredPolicyOf } from '../../security/required-policy.js';
import { isSameOrigin, isSameSite, siteOf } from '../../site.js';
import { clientKey, type FetchEventLike, type Load, type ResolvedRequest, type Services } from '../fetch-context.js';

/** @throws ServiceWorkerError where the URL stands for nothing. */
export async function resolveRequest(event: FetchEventLike, services: Services): Promise<ResolvedRequest> {
  const { request } = event;
  const { settings } = services.config;
  const initiator = await findInitiator(event, services.clients, settings);
  const target = resolveUrl(request.url, initiator.url, settings);
  const remoteUrl = withoutFragment(target.remoteUrl);
  const load = classify(request, target.asset);
  const redirectChain = services.redirects.take(clientKey(event), remoteUrl);

  const position: FramePosition =
    load === 'document'
      ? await framePosition(event, remoteUrl, initiator, services.clients)
      : {
          isTopLevel: false,
          topLevelSite: initiator.record?.topLevelSite ?? siteOf(initiator.url ?? remoteUrl),
          ancestors: [],
        };
  const { isTopLevel, topLevelSite } = position;
  const requiredPolicy =
    load === 'document' && !isTopLevel ? await findRequiredPolicy(request, remoteUrl, position, services) : null;
  checkMode(request, remoteUrl, initiator);
  const context = {
    services,
    event,
    request,
    requestId: crypto.randomUUID(),
    remoteUrl,
    asset: target.asset,
    load,
    initiator,
    isTopLevel,
    topLevelSite,
    ancestors: position.ancestors,
    ...(position.embedder !== undefined && { embedder: position.embedder }),
    ...(requiredPolicy !== null && { requiredPolicy }),
    ...((position.isInSandbox || target.asset === 'sandbox') && { isInSandbox: true as const }),
  };
  return {
    ...context,
    redirectChain,
    sameSite: sameSiteContext(context),
    hasCredentials: hasCredentials({ ...context, redirectChain }),
  };
}

async function findRequiredPolicy(
  { headers }: Request,
  remoteUrl: string,
  { embedder = '' }: FramePosition,
  { clients }: Services,
): Promise<string | null> {
  const outer = (await clients.find(embedder))?.requiredPolicy;
  return requiredPolicyOf({ header: headers.get('sec-required-csp'), outer, remoteUrl });
}

/** Main fetch, step 12: what is asked for with `same-origin` gets no foreign answer, by a redirect neither. */
function checkMode({ mode, url }: Request, remoteUrl: string, initiator: Initiator): void {
  if (mode !== 'same-origin' || initiator.originUrl === null || !/^https?:/.test(remoteUrl)) return;
  if (isSameOrigin(initiator.originUrl, remoteUrl)) return;
  throw new ServiceWorkerError(
    'SW_NOT_SAME_ORIGIN',
    `Failed to load ${url}: ${initiator.url} asks for its own origin alone, and ${remoteUrl} is of another.`,
  );
}

/** @param baseUrl the real URL of who asks. */
function resolveUrl(
  url: string,
  baseUrl: string | null,
  settings: UrlSettings,
): { remoteUrl: string; asset: string | null } {
  const route = decodeRoute(url, settings);
  if (route) return checkScheme(route, url);
  if (!url.startsWith(`${settings.origin}/`)) return { remoteUrl: undoUpgrade(url, baseUrl, settings), asset: null };
  // Of our own origin, but no route: a URL that something (a worker, a frame without the real base URL) has resolved against
  // the proxy's. It must never reach the static host.
  if (baseUrl === null || !/^https?:/.test(baseUrl)) throw notARoute(url, settings);
  return { remoteUrl: resolveMisdirected(url, baseUrl, settings), asset: null };
}

function checkScheme(route: Route, url: string): Route {
  if (/^https?:/.test(route.remoteUrl)) return route;
  // A data: frame has a route because its own URL would never reach this worker, and would hold no runtime.
  if (route.asset === 'html' && route.remoteUrl.startsWith('data:')) return route;
  const scheme = new URL(route.remoteUrl).protocol;
  throw new ServiceWorkerError(
    'SW_UNSUPPORTED_SCHEME',
    `Failed to open ${url}: only http: and https: can be proxied, not ${scheme}`,
  );
}

/** What the site meant by a relative or path-absolute URL that was resolved against a proxy URL. */
function resolveMisdirected(url: string, baseUrl: string, settings: UrlSettings): string {
  const path = url.slice(settings.origin.length);
  if (!path.startsWith(settings.scope)) return new URL(path, baseUrl).href;
  // `./x` beside `/service/worker/{encoded}` is `/service/worker/x`, and `../x` is `/service/x`.
  const belowScope = path.slice(settings.scope.length);
  const asset = /^([^/]*)\//.exec(belowScope)?.[1];
  const isBesideRoute = asset !== undefined && allAssets.has(asset);
  const relative = isBesideRoute ? `./${belowScope.slice(asset.length + 1)}` : `../${belowScope}`;
  return new URL(relative, baseUrl).href;
}

const allAssets: ReadonlySet<string> = new Set(Object.values(urlClasses).map(({ asset }) => asset));

function notARoute(url: string, settings: UrlSettings): ServiceWorkerError {
  const asset = url.slice((settings.origin + settings.scope).length).split(/[/?#]/)[0]!;
  if (url.startsWith(settings.origin + settings.scope) && asset !== '' && !allAssets.has(asset)) {
    return new ServiceWorkerError('SW_UNKNOWN_ASSET', `Failed to open ${url}: "${asset}" is no asset of the proxy.`);
  }
  return new ServiceWorkerError(
    'SW_INVALID_ROUTE',
    `Failed to open ${url}: it does not hold the encoded URL of a page.`,
  );
}

/**
 * Under an https: proxy the leak guard's `upgrade-insecure-requests` turns an http: subresource of an http: page into https:,
 * as browsers would block it otherwise. Only of the page's own host is it known that http: was meant.
 */
function undoUpgrade(url: string, baseUrl: string | null, settings: UrlSettings): string {
  if (!settings.origin.startsWith('https:') || !url.startsWith('https:') || !baseUrl?.startsWith('http:')) return url;
  const target = new URL(url);
  if (target.hostname !== new URL(baseUrl).hostname) return url;
  // An upgrade keeps a port that is not the default one (and turns 80 into 443, so both read as none).
  if (target.port !== new URL(baseUrl).port) return url;
  target.protocol = 'http:';
  return target.href;
}

function classify(request: Request, asset: string | null): Load {
  if (request.mode === 'navigate') return 'document';
  switch (request.destination) {
    case 'worker':
    case 'sharedworker':
      // Modules that a worker imports come with its destination too, but at their real URL.
      return asset === 'worker' || asset === 'sharedworker' ? asset : 'script';
    case 'script':
      return 'script';
    case 'style':
      return 'stylesheet';
    default:
      if (asset === 'js' || asset === 'module') return 'script';
      return asset === 'css' ? 'stylesheet' : 'other';
  }
}

interface SiteRelation {
  request: Request;
  remoteUrl: string;
  initiator: Initiator;
  isTopLevel: boolean;
  topLevelSite: string;
}

/** RFC 6265bis section 5.2. */
function sameSiteContext({ request, remoteUrl, initiator, isTopLevel, topLevelSite }: SiteRelation): SameSiteContext {
  const isFromSameSite = initiator.originUrl === null || isSameSite(initiator.originUrl, remoteUrl);
  if (isTopLevel) {
    if (isFromSameSite) return 'strict';
    return request.method === 'GET' || request.method === 'HEAD' ? 'lax' : 'lax-unsafe';
  }
  return isFromSameSite && siteOf(remoteUrl) === topLevelSite ? 'strict' : 'cross';
}

/** https://fetch.spec.whatwg.org/#concept-request-credentials-mode, by real origins. */
function hasCredentials({
  request,
  remoteUrl,
  initiator,
  redirectChain,
}: SiteRelation & { redirectChain: readonly string[] }): boolean {
  if (!/^https?:/.test(remoteUrl)) return false;
  if (request.mode === 'navigate') return true;
  const isForeign = initiator.originUrl !== null && !isSameOrigin(initiator.originUrl, remoteUrl);
  if (isForeign && request.mode === 'no-cors' && initiator.record?.embedderPolicy === 'credentialless') return false;
  switch (request.credentials) {
    case 'omit':
      return false;
    case 'include':
      return true;
    default: {
      // Nobody known asks: a blob: worker or srcdoc frame of some page. To the browser it is same-origin with all of ours.
      const { originUrl: url } = initiator;
      return url === null || [...redirectChain, remoteUrl].every((reached) => isSameOrigin(reached, url));
    }
  }
}
