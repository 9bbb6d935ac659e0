/**
 * @module
 * Step 7: the headers that the browser gets; and what is to be remembered of a new document or worker.
 */
import { documentSecurity } from '../../headers/document-policies.js';
import { headerValue } from '../../headers/header-list.js';
import { parseReferrerPolicy } from '../../headers/referrer.js';
import { responseHeaders } from '../../headers/response-headers.js';
import type { AnsweredRequest, TranslatedResponse } from '../fetch-context.js';

export async function translateResponseHeaders(context: AnsweredRequest): Promise<TranslatedResponse> {
  const { remote, remoteUrl, initiator, load, services, event } = context;
  const { settings } = services.config;
  const makesRealm = load === 'document' || load === 'worker' || load === 'sharedworker';
  const security = documentSecurity(makesRealm ? remote.rawHeaders : [], {
    documentUrl: remoteUrl,
    settings,
    bareServer: await services.config.bareServerFor(remoteUrl),
  });
  if (makesRealm) {
    const id = event.resultingClientId;
    if (id !== '') {
      const remembered = services.clients.remember({
        id,
        url: remoteUrl,
        topLevelSite: context.topLevelSite,
        isTopLevel: context.isTopLevel,
        referrerPolicy: parseReferrerPolicy(headerValue(remote.rawHeaders, 'referrer-policy')),
        policies: security.enforced,
      });
      event.waitUntil(remembered);
    }
  }
  const headers = responseHeaders(remote.rawHeaders, {
    remoteUrl,
    initiatorUrl: initiator.url,
    isDocument: load === 'document',
    settings,
    security: makesRealm ? security : null,
  });
  return { ...context, responseHeaders: headers, security };
}
