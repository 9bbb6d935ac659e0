/**
 * @module
 * Step 3: the headers that the site would have got from a browser that stands at the real URLs.
 */
import { determineReferrer, effectivePolicy } from '../../headers/referrer.js';
import type { RequestProvenance } from '../../headers/fetch-metadata.js';
import { requestHeaders } from '../../headers/request-headers.js';
import { responseTainting } from '../cors/response-tainting.js';
import type { RequestWithCookies, TranslatedRequest } from '../fetch-context.js';

export function translateRequestHeaders(context: RequestWithCookies): TranslatedRequest {
  const { request, remoteUrl, initiator, redirectChain, cookie, isTopLevel } = context;
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
  const headers = requestHeaders(
    {
      ...provenance,
      // The frame that an embedding page holds a proxied document in does not exist for the site.
      destination: isTopLevel ? 'document' : request.destination,
      referrer,
      cookie,
      cache: request.cache,
      headers: request.headers,
      ...(context.requiredPolicy !== undefined && { requiredPolicy: context.requiredPolicy }),
    },
    context.services.browser,
  );
  return { ...context, requestHeaders: headers, provenance, referrer, tainting: responseTainting(context) };
}
