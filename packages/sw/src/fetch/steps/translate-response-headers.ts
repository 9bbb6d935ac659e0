/**
 * @module
 * Step 7: the headers that the browser gets; and what is to be remembered of a new document or worker.
 */
import { headerValue } from '../../headers/header-list.js';
import { parseReferrerPolicy } from '../../headers/referrer.js';
import { responseHeaders } from '../../headers/response-headers.js';
import type { AnsweredRequest, TranslatedResponse } from '../fetch-context.js';

export function translateResponseHeaders(context: AnsweredRequest): TranslatedResponse {
  const { remote, remoteUrl, initiator, load, services, event } = context;
  if (load === 'document' || load === 'worker' || load === 'sharedworker') {
    const id = event.resultingClientId;
    if (id !== '') {
      const remembered = services.clients.remember({
        id,
        url: remoteUrl,
        topLevelSite: context.topLevelSite,
        isTopLevel: context.isTopLevel,
        referrerPolicy: parseReferrerPolicy(headerValue(remote.rawHeaders, 'referrer-policy')),
      });
      event.waitUntil(remembered);
    }
  }
  const headers = responseHeaders(remote.rawHeaders, {
    remoteUrl,
    initiatorUrl: initiator.url,
    isDocument: load === 'document',
    settings: services.config.settings,
  });
  return { ...context, responseHeaders: headers };
}
