/**
 * @module
 * What an answer says of its whole site: Strict-Transport-Security, and Clear-Site-Data.
 */
import { partitionKey } from '@culvert/cookies';
import { headerValues } from '../../headers/header-list.js';
import { clearedKinds } from '../../security/clear-site-data.js';
import { isSameOrigin, originOf, siteOf } from '../../site.js';
import type { AnsweredRequest } from '../fetch-context.js';

export async function storePolicies(context: AnsweredRequest): Promise<void> {
  const { remote, remoteUrl, services, event } = context;
  const transport = headerValues(remote.rawHeaders, 'strict-transport-security')[0];
  if (transport !== undefined) {
    const stored = services.strictTransport.note(transport, remoteUrl);
    if (stored) event.waitUntil(stored);
  }
  await clearSiteData(context);
}

/** https://w3c.github.io/webappsec-clear-site-data/#clear-response */
async function clearSiteData({ services, remote, remoteUrl, topLevelSite, event }: AnsweredRequest): Promise<void> {
  const kinds = clearedKinds(remote.rawHeaders, remoteUrl);
  if (kinds.has('cache')) {
    event.waitUntil(services.cache.clear((site, url) => site === topLevelSite && isSameOrigin(url, remoteUrl)));
  }
  if (kinds.has('storage')) {
    const { rest } = await services.siteStorage.clear(originOf(remoteUrl), topLevelSite);
    event.waitUntil(rest);
  }
  if (kinds.has('cookies')) {
    // Section 4.2.4: those of the registrable domain; here those that this partition sees.
    const site = siteOf(remoteUrl);
    const removed = services.cookies.jar.clear(
      ({ domain, partition }) =>
        siteOf(`https://${domain}/`) === site && (partition === undefined || partition === partitionKey(topLevelSite)),
    );
    if (removed > 0) {
      event.waitUntil(services.cookies.save());
      await services.broadcast.announce();
    }
  }
}
