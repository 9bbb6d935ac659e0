/**
 * @module
 * What documents of all types have in common: the boot data, and a body that streams through a rewriter.
 */
import { type BootData, absentFeatures } from '@culvert/runtime';
import { admitsByHash, parsePolicy, serializePolicy, translatePolicy } from '@culvert/rewriter';
import { originOf } from '../../site.js';
import { blockingViolation, findViolations, type Violation } from '../../security/content-policy.js';
import type { Services, TranslatedResponse } from '../fetch-context.js';

export async function documentBootData(context: TranslatedResponse): Promise<BootData> {
  const { remoteUrl, services, event } = context;
  const { config, broadcast } = services;
  const { store } = services.serviceWorkers;
  await store.ready;
  const partition = { origin: originOf(remoteUrl), topLevelSite: context.topLevelSite };
  const cookies = broadcast.visibleTo({ url: remoteUrl, topLevelSite: context.topLevelSite });
  if (event.resultingClientId !== '') broadcast.noteInitial(event.resultingClientId, cookies);
  return {
    kind: 'document',
    url: remoteUrl,
    referrer: context.referrer,
    settings: config.settings,
    bareServer: await config.bareServerFor(remoteUrl),
    runtimeScript: config.runtimeScript,
    cookies,
    topLevelSite: context.topLevelSite,
    absent: absentFeatures(remoteUrl, services.browser.userAgent),
    token: await services.tokens.issue({ url: remoteUrl, topLevelSite: context.topLevelSite }),
    build: config.build,
    ...(store.of(partition).length > 0 && { serviceWorkers: store.snapshot(partition, event.resultingClientId) }),
    ...(config.webRtc !== 'block' && { webRtc: config.webRtc }),
    ...(context.security.sandbox !== null && { sandbox: context.security.sandbox }),
    ...(context.security.translations.length > 0 && { policies: context.security.translations }),
  };
}

async function tellClient({ clients, policyReports }: Services, id: string, violations: Violation[]): Promise<void> {
  const record = await clients.find(id);
  if (record) await policyReports.tell(record, violations);
}

/** https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy, step 4 */
const onlyInHeaders: ReadonlySet<string> = new Set(['report-uri', 'report-to', 'frame-ancestors', 'sandbox']);

/** What the rewriter asks, and tells, of policies in markup. */
export function markupSecurity({ security, services, event, remoteUrl }: TranslatedResponse) {
  const policies = security.enforced.map(parsePolicy);
  const texts = [...security.enforced];
  return {
    noteIntegrity: (url: string, metadata: string) => services.integrity.note(event.resultingClientId, url, metadata),
    scriptNonce: security.nonce,
    allowsBase: (url: string) => {
      const holder = { url: remoteUrl, policies: texts, reportOnlyPolicies: security.reportOnly };
      const violations = findViolations(holder, 'base-uri', url);
      if (violations.length > 0) event.waitUntil(tellClient(services, event.resultingClientId, violations));
      return blockingViolation(violations) === null;
    },
    isAdmittedByHash: (text: string) => admitsByHash(policies, text),
    translatePolicy: (policy: string) => {
      const parsed = parsePolicy(policy);
      policies.push(parsed);
      texts.push(serializePolicy(parsed));
      const kept = new Map([...parsed].filter(([name]) => !onlyInHeaders.has(name)));
      event.waitUntil(services.clients.addPolicy(event.resultingClientId, serializePolicy(kept)));
      return translatePolicy(parsed, security.translation);
    },
  };
}

export function respondWithDocument(
  context: TranslatedResponse,
  body: ReadableStream<Uint8Array>,
  rewritingStream: TransformStream<Uint8Array, Uint8Array>,
): Response {
  const { remote, remoteUrl, responseHeaders, services, event } = context;
  const { progress } = services;
  const rewritten = body.pipeThrough(rewritingStream as ByteTransform).pipeThrough(
    new TransformStream({
      flush: () =>
        void progress({ clientId: event.resultingClientId, url: remoteUrl, stage: 'done', status: remote.status }),
    }),
  );
  responseHeaders.delete('content-length');
  return new Response(rewritten, { status: remote.status, statusText: remote.statusText, headers: responseHeaders });
}

/** The rewriter's declarations know no realm, and so neither the platform's stream types. */
export type ByteTransform = ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>;
