/**
 * @module `securitypolicyviolation` events: those of the browser name the policy that the page wrote, and what the service
 * worker has blocked in the browser's place fires one too.
 *
 * @see https://w3c.github.io/webappsec-csp/#report-violation
 */
import { interceptAccessor } from '../../interception/index.js';
import { construct, nativeMethod } from '../../natives.js';
import type { FromServiceWorker } from '../../messages.js';
import { authoredPolicies } from '../../realm/authored-policies.js';
import type { Realm } from '../../realm/realm.js';

export function interceptPolicyViolation(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const { SecurityPolicyViolationEvent, ServiceWorkerContainer, EventTarget } = global;
  if (!SecurityPolicyViolationEvent) return;
  interceptAccessor(realm, SecurityPolicyViolationEvent.prototype, 'originalPolicy', {
    get: (native) =>
      function () {
        return authoredPolicies(realm).authored(native(this) as string);
      },
  });

  const container = ServiceWorkerContainer && (global.navigator.serviceWorker as ServiceWorkerContainer | undefined);
  if (!container) return;
  const dispatchEvent = nativeMethod<boolean>(EventTarget.prototype, 'dispatchEvent');
  realm.natives.addEventListener(container, 'message', (event: MessageEvent) => {
    const message = event.data as FromServiceWorker | null;
    if (message?.culvert !== 'policy-violation') return;
    const { blockedURI, effectiveDirective, originalPolicy, disposition } = message;
    const init: SecurityPolicyViolationEventInit = {
      bubbles: true,
      composed: true,
      documentURI: realm.urls.documentUrl().replace(/#.*$/s, ''),
      referrer: realm.data.referrer,
      blockedURI,
      effectiveDirective,
      violatedDirective: effectiveDirective,
      originalPolicy,
      disposition,
      statusCode: 200,
    };
    const violation = construct(SecurityPolicyViolationEvent, ['securitypolicyviolation', init]);
    dispatchEvent(realm.document(), violation);
  });
}
