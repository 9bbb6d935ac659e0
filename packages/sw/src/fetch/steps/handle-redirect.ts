/**
 * @module
 * Step 6: a redirect is handed back to the browser, which follows it by itself. So `Response.url`, `redirected`, the change of
 * method and the limit of twenty are right without anything of ours.
 */
import { fromBrowser, rewriteLocation, urlClasses, type UrlClass, type UrlSettings } from '@culvert/rewriter';
import { withoutFragment } from '../../clients/client-registry.js';
import { ServiceWorkerError } from '../../errors.js';
import { isSameOrigin } from '../../site.js';
import { headerValues } from '../../headers/header-list.js';
import { clientKey, type AnsweredRequest } from '../fetch-context.js';

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @returns `null` if the answer is no redirect (a 3xx without a Location is not one either). */
export function handleRedirect(context: AnsweredRequest): Response | null {
  const { remote, remoteUrl, services, event } = context;
  const location = headerValues(remote.rawHeaders, 'location')[0];
  if (!redirectStatuses.has(remote.status) || location === undefined) return null;

  const { settings } = services.config;
  const isManual = context.request.redirect === 'manual' && context.load !== 'document';
  const next = isManual ? remoteUrl : nextUrl(location, context, settings);
  // Nobody goes where it points, so that it may point anywhere.
  if (!isManual) checkTarget(fromBrowser(next, settings), context);
  services.redirects.note(clientKey(event), withoutFragment(fromBrowser(next, settings)), [
    ...context.redirectChain,
    remoteUrl,
  ]);
  // Nobody will read it.
  event.waitUntil(Promise.resolve(remote.body?.cancel()));
  return new Response(null, {
    status: remote.status,
    statusText: remote.statusText,
    headers: { location: next, ...(context.load === 'document' && { 'referrer-policy': 'unsafe-url' }) },
  });
}

/** https://fetch.spec.whatwg.org/#http-redirect-fetch, steps 4 and 6 to 9. */
function checkTarget(target: string, { remoteUrl, request, initiator, tainting, load }: AnsweredRequest): void {
  if (load === 'document') return checkNavigation(target, remoteUrl);
  const refuse = (reason: string) =>
    new ServiceWorkerError('SW_CORS_REFUSED', `Failed to follow ${remoteUrl} to ${target}: ${reason}.`);
  const url = URL.canParse(target) ? new URL(target) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw refuse('it is no http: or https: URL');
  if (request.mode !== 'cors' || (url.username === '' && url.password === '')) return;
  const isForeign = initiator.originUrl !== null && !isSameOrigin(target, initiator.originUrl);
  if (tainting === 'cors' || isForeign) throw refuse('with CORS it may not hold credentials');
}

/** Those that browsers refuse as the target of a redirect. Others may be an app's. */
const refusedSchemes = /^(?:javascript|data|blob|about|file|filesystem|view-source|chrome):$/;

/** @throws ServiceWorkerError SW_INVALID_REDIRECT, where the browser would show a page of its own that leads nowhere */
function checkNavigation(target: string, remoteUrl: string): void {
  if (URL.canParse(target) && !refusedSchemes.test(new URL(target).protocol)) return;
  throw new ServiceWorkerError(
    'SW_INVALID_REDIRECT',
    `Failed to follow ${remoteUrl}: it redirects to "${target.slice(0, 200)}".`,
  );
}

/** What came by a route goes on by one of the same class; a real URL stays real. */
function nextUrl(location: string, { asset, load, remoteUrl }: AnsweredRequest, settings: UrlSettings): string {
  if (asset === null && load !== 'document') {
    const realSettings: UrlSettings = { ...settings, urls: 'real', scopedClasses: [] };
    return rewriteLocation(location, { baseUrl: remoteUrl, settings: realSettings, urlClass: 'fetch' });
  }
  const isPlain = load === 'document' && asset !== 'sandbox';
  const urlClass = isPlain ? 'document' : (classOfAsset.get(asset!) ?? 'document');
  const scopedSettings: UrlSettings = { ...settings, urls: 'scoped' };
  return rewriteLocation(location, { baseUrl: remoteUrl, settings: scopedSettings, urlClass });
}

const classOfAsset = new Map<string, UrlClass>(
  (Object.keys(urlClasses) as UrlClass[]).map((urlClass) => [urlClasses[urlClass].asset, urlClass]),
);
