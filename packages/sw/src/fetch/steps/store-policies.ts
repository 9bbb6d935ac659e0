/**
 * @module
 * What an answer says of its whole site: Strict-Transport-Security, and Clear-Site-Data.
 */
import { headerValue, headerValues } from '../../headers/header-list.js';
import { isSameOrigin, siteOf } from '../../site.js';
import type { AnsweredRequest } from '../fetch-context.js';

export async function storePolicies(context: AnsweredRequest): Promise<void> {
  const { remote, remoteUrl, services, event } = context;
  const transport = headerValues(remote.rawHeaders, 'strict-transport-security')[0];
  if (transport !== undefined) {
    const stored = services.strictTransport.note(transport, remoteUrl);
    if (stored) event.waitUntil(stored);
  }
  const cleared = headerValue(remote.rawHeaders, 'clear-site-data');
  if (cleared !== null && remoteUrl.startsWith('https:')) await clearSiteData(cleared, context);
}

/** https://w3c.github.io/webappsec-clear-site-data/#clear-response; only what this worker keeps. */
async function clearSiteData(
  value: string,
  { services, remoteUrl, topLevelSite, event }: AnsweredRequest,
): Promise<void> {
  const types = new Set(value.split(',').map((type) => type.trim()));
  const isAll = types.has('"*"');
  if (isAll || types.has('"cache"')) {
    event.waitUntil(services.cache.clear((site, url) => site === topLevelSite && isSameOrigin(url, remoteUrl)));
  }
  if (isAll || types.has('"cookies"')) {
    // Section 4.2.4: those of the registrable domain; here those that this partition sees.
    const site = siteOf(remoteUrl);
    const removed = services.cookies.jar.clear(
      ({ domain, partition }) =>
        siteOf(`https://${domain}/`) === site && (partition === undefined || partition === topLevelSite),
    );
    if (removed > 0) {
      event.waitUntil(services.cookies.save());
      await services.broadcast.announce();
    }
  }
}
