/**
 * @module
 * What a page's SharedWorker loads to be a site's service worker: the runtime, which then runs the site's script.
 */
import type { BootData } from '@culvert/runtime';
import { bootStatement } from '../fetch/body/boot-script.js';
import type { FetchEventLike, Services } from '../fetch/fetch-context.js';
import { originOf } from '../site.js';
import { parseHostUrl } from './site-worker.js';

/** @returns null where there is no such worker (any more). */
export async function scopeScript(event: FetchEventLike, services: Services): Promise<Response | null> {
  const { serviceWorkers, config, clients, tokens } = services;
  const { request, resultingClientId } = event;
  const identity = parseHostUrl(request.url, serviceWorkers.directory);
  // A page must not read the token in it.
  if (!identity || request.destination !== 'sharedworker') return null;
  await serviceWorkers.store.ready;
  const found = serviceWorkers.store.byWorker(identity.version);
  if (!found || found.worker.script !== identity.url || found.registration.topLevelSite !== identity.topLevelSite)
    return null;
  const { url, topLevelSite, version } = identity;
  if (resultingClientId !== '') {
    const record = { url, topLevelSite, isTopLevel: false, referrerPolicy: '' as const, serviceWorker: version };
    event.waitUntil(clients.remember({ id: resultingClientId, ...record }));
  }
  const data: BootData = {
    kind: 'serviceworker',
    url,
    referrer: '',
    settings: config.settings,
    bareServer: await config.bareServerFor(url),
    runtimeScript: config.runtimeScript,
    cookies: [],
    topLevelSite,
    token: await tokens.issue({ url, topLevelSite }),
    build: config.build,
    serviceWorker: { version, type: found.worker.type },
    serviceWorkers: serviceWorkers.store.snapshot({ origin: originOf(url), topLevelSite }, ''),
  };
  const text = bootStatement(config, data, `(${config.rewritersSource})`);
  return new Response(text, {
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' },
  });
}
