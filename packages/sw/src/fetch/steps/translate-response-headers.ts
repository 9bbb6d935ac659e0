/**
 * @module
 * Step 7: the headers that the browser gets; and what is to be remembered of a new document or worker.
 */
import type { HeaderPair } from '@culvert/bare-client';
import { isSecureUrl } from '@culvert/cookies';
import { documentSecurity } from '../../headers/document-policies.js';
import { ServiceWorkerError } from '../../errors.js';
import { parseEmbedderPolicy } from '../../headers/embedder-policy.js';
import { framingObstacle } from '../../headers/framing.js';
import { headerValue } from '../../headers/header-list.js';
import { parseReferrerPolicy } from '../../headers/referrer.js';
import { responseHeaders } from '../../headers/response-headers.js';
import { reportUrl } from '../../security/policy-reports.js';
import { parseReportingEndpoints } from '../../security/report-endpoints.js';
import { isReadByScript } from '../cors/present-response.js';
import { judgeRequiredPolicy } from '../../security/required-policy.js';
import type { AnsweredRequest, TranslatedResponse } from '../fetch-context.js';

export async function translateResponseHeaders(context: AnsweredRequest): Promise<TranslatedResponse> {
  const { remote, remoteUrl, initiator, load, services, event } = context;
  const { settings } = services.config;
  if (load === 'document' && services.config.enforcesFraming) {
    const obstacle = framingObstacle(remote.rawHeaders, remoteUrl, context.ancestors);
    if (obstacle !== null) {
      await remote.body?.cancel();
      const message = `Failed to show ${remoteUrl} in a frame of ${context.ancestors[0]}: it says ${obstacle}.`;
      throw new ServiceWorkerError('SW_FRAMING', message);
    }
  }
  const isRequired = await checkRequiredPolicy(context);
  const makesRealm = load === 'document' || load === 'worker' || load === 'sharedworker';
  const id = event.resultingClientId;
  const policyHeaders: HeaderPair[] = isRequired
    ? [...remote.rawHeaders, ['content-security-policy', context.requiredPolicy!]]
    : remote.rawHeaders;
  const directory = `${settings.origin}${settings.scope}~/`;
  const security = documentSecurity(
    makesRealm ? policyHeaders : [],
    {
      documentUrl: remoteUrl,
      settings,
      bareServer: await services.config.bareServerFor(remoteUrl),
      runtimeScript: services.config.runtimeScript,
    },
    id === '' ? undefined : (disposition, place) => reportUrl(directory, id, disposition, place),
  );
  const embedderPolicy = isSecureUrl(new URL(remoteUrl)) ? parseEmbedderPolicy(remote.rawHeaders) : null;
  if (makesRealm) {
    const reportingEndpoints = parseReportingEndpoints(remote.rawHeaders, remoteUrl);
    if (id !== '') {
      const remembered = services.clients.remember({
        id,
        url: remoteUrl,
        topLevelSite: context.topLevelSite,
        isTopLevel: context.isTopLevel,
        ancestors: context.ancestors,
        referrerPolicy: parseReferrerPolicy(headerValue(remote.rawHeaders, 'referrer-policy')),
        policies: security.enforced,
        ...(security.reportOnly.length > 0 && { reportOnlyPolicies: security.reportOnly }),
        ...(Object.keys(reportingEndpoints).length > 0 && { reportingEndpoints }),
        ...((context.isInSandbox || security.sandbox !== null) && { isOpaque: true as const }),
        ...(context.requiredPolicy !== undefined && { requiredPolicy: context.requiredPolicy }),
        ...(context.isInSandbox && { isInSandbox: true as const }),
        ...(context.embedder !== undefined && { embedder: context.embedder }),
        ...(embedderPolicy && { embedderPolicy }),
      });
      event.waitUntil(remembered);
    }
  }
  const headers = responseHeaders(remote.rawHeaders, {
    remoteUrl,
    initiatorUrl: initiator.originUrl,
    isDocument: load === 'document',
    isReadByScript: isReadByScript(context),
    isForIsolated: initiator.record?.embedderPolicy !== undefined,
    settings,
    security: makesRealm ? security : null,
  });
  return { ...context, responseHeaders: headers, security };
}

/** @returns is the document to take it up beside its own? @throws ServiceWorkerError SW_FRAMING where it does not agree */
async function checkRequiredPolicy({
  remote,
  remoteUrl,
  requiredPolicy,
  ancestors,
}: AnsweredRequest): Promise<boolean> {
  if (requiredPolicy === undefined) return false;
  const verdict = judgeRequiredPolicy(requiredPolicy, remote.rawHeaders, remoteUrl, ancestors[0]);
  if (verdict !== 'refused') return verdict === 'enforced';
  await remote.body?.cancel();
  const message = `Failed to show ${remoteUrl} in a frame of ${ancestors[0]}: that requires the policy "${requiredPolicy}", and this neither allows it nor has one as strict.`;
  throw new ServiceWorkerError('SW_FRAMING', message);
}
