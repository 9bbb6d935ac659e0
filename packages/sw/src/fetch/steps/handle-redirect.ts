/**
 * @module
 * Step 6: a redirect is handed back to the browser, which follows it by itself. So `Response.url`, `redirected`, the change of
 * method and the limit of twenty are right without anything of ours.
 */
import { fromBrowser, rewriteLocation, urlClasses, type UrlClass, type UrlSettings } from '@culvert/rewriter';
import { withoutFragment } from '../../clients/client-registry.js';
import { headerValues } from '../../headers/header-list.js';
import { clientKey, type AnsweredRequest } from '../fetch-context.js';

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @returns `null` if the answer is no redirect (a 3xx without a Location is not one either). */
export function handleRedirect(context: AnsweredRequest): Response | null {
  const { remote, remoteUrl, services, event } = context;
  const location = headerValues(remote.rawHeaders, 'location')[0];
  if (!redirectStatuses.has(remote.status) || location === undefined) return null;

  const { settings } = services.config;
  const next = nextUrl(location, context, settings);
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

/** What came by a route goes on by one of the same class; a real URL stays real. */
function nextUrl(location: string, { asset, load, remoteUrl }: AnsweredRequest, settings: UrlSettings): string {
  if (asset === null && load !== 'document') {
    const realSettings: UrlSettings = { ...settings, urls: 'real', scopedClasses: [] };
    return rewriteLocation(location, { baseUrl: remoteUrl, settings: realSettings, urlClass: 'fetch' });
  }
  const urlClass = load === 'document' ? 'document' : (classOfAsset.get(asset!) ?? 'document');
  const scopedSettings: UrlSettings = { ...settings, urls: 'scoped' };
  return rewriteLocation(location, { baseUrl: remoteUrl, settings: scopedSettings, urlClass });
}

const classOfAsset = new Map<string, UrlClass>(
  (Object.keys(urlClasses) as UrlClass[]).map((urlClass) => [urlClasses[urlClass].asset, urlClass]),
);
