/**
 * @module The content security policies of a document as the page wrote them. The browser has translated ones, and names
 * them in its violation events.
 */
import { rewriters } from '../late/rewriters-loader.js';
import { SafeWeakMap } from '../natives.js';
import type { Realm } from './realm.js';

export interface AuthoredPolicies {
  /** For a policy in markup: what the browser is to enforce. */
  translate(policy: string): string;
  /** The policy that the browser reports, as the page knows it. */
  authored(enforced: string): string;
  /** What speaks of the directive is judged here: the browser knows routes alone. */
  admits(directive: 'base-uri' | 'form-action', url: string): boolean;
  /** Is an inline script of this text admitted by its hash? Rewritten it has another one. */
  admitsByHash(scriptText: string): boolean;
}

const created = new SafeWeakMap<Realm, AuthoredPolicies>();

export function authoredPolicies(realm: Realm): AuthoredPolicies {
  let policies = created.get(realm);
  if (!policies) created.set(realm, (policies = create(realm)));
  return policies;
}

function create(realm: Realm): AuthoredPolicies {
  const own: NonNullable<Realm['data']['policies']>[number][] = [];
  const all = () => [...(realm.data.policies ?? []), ...own];
  return {
    admits: (directive, url) =>
      !all().some(
        ({ authored, isReportOnly }) =>
          !isReportOnly &&
          authored.includes(directive) &&
          !rewriters().admitsUrl(authored, directive, url, realm.data.url),
      ),
    translate(policy) {
      const { parsePolicy, translatePolicy } = rewriters();
      const { settings, bareServer, runtimeScript, url } = realm.data;
      const translation = { documentUrl: url, settings, nonce: realm.scriptNonce, bareServer, runtimeScript };
      const enforced = translatePolicy(parsePolicy(policy), translation);
      own.push({ enforced, authored: policy, isReportOnly: false });
      return enforced;
    },
    admitsByHash(scriptText) {
      const written = all();
      if (!written.some(({ authored }) => /'sha(?:256|384|512)-/i.test(authored))) return false;
      const { admitsByHash, parsePolicy } = rewriters();
      const policies = written.filter(({ isReportOnly }) => !isReportOnly).map(({ authored }) => parsePolicy(authored));
      return admitsByHash(policies, scriptText);
    },
    authored(enforced) {
      return all().find((policy) => policy.enforced === enforced)?.authored ?? enforced;
    },
  };
}
