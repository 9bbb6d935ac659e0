/**
 * @module
 * Step 3: the headers that the site would have got from a browser that stands at the real URLs.
 */
import { determineReferrer, effectivePolicy } from '../../headers/referrer.js';
import type { RequestProvenance } from '../../headers/fetch-metadata.js';
import { encodeHeaderText } from '../../headers/header-list.js';
import { requestHeaders } from '../../headers/request-headers.js';
import { responseTainting } from '../cors/response-tainting.js';
import type { RequestWithCookies, TranslatedRequest } from '../fetch-context.js';

export function translateRequestHeaders(context: RequestWithCookies): TranslatedRequest {
  const { request, remoteUrl, initiator, redirectChain, cookie, isTopLevel, services } = context;
  const referrerPolicy = effectivePolicy(request.referrerPolicy, initiator.record?.referrerPolicy);
  const referrer = determineReferrer(referrerPolicy, initiator.referrerSource, remoteUrl);
  const provenance: RequestProvenance = {
    remoteUrl,
    redirectChain,
    initiatorUrl: initiator.originUrl,
    method: request.method,
    mode: request.mode,
    referrerPolicy,
  };
  // What an engine shows by itself comes later, and is what counts.
  const lastEventId = encodeHeaderText(services.eventIds.lastOf(context));
  const headers = requestHeaders(
    {
      ...provenance,
      // The frame that an embedding page holds a proxied document in does not exist for the site.
      destination: isTopLevel ? 'document' : request.destination,
      referrer,
      cookie,
      cache: request.cache,
      headers: lastEventId === '' ? request.headers : [['last-event-id', lastEventId], ...request.headers],
      ...(context.requiredPolicy !== undefined && { requiredPolicy: context.requiredPolicy }),
    },
    services.browser,
  );
  return { ...context, requestHeaders: headers, provenance, referrer, tainting: responseTainting(context) };
}
