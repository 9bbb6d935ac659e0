/**
 * @module Keeps the trust that a page's value came with: where it handed over a TrustedHTML and the like, the rewritten
 * text is made one too; a plain string stays a string, for the engine and the page's default policy to judge.
 */
import type { Realm } from '../realm/realm.js';

type TrustedKind = 'createHTML' | 'createScript' | 'createScriptURL';
type Policy = Record<TrustedKind, (text: string) => unknown>;

interface TrustedTypeFactory {
  createPolicy(name: string, rules: Record<TrustedKind, (text: string) => string>): Policy;
}

const policies = new WeakMap<object, Policy | null>();

/** The rewritten text, as trusted as `given` was. */
export function withTrustOf(realm: Realm, given: unknown, rewritten: string): unknown {
  if (typeof given !== 'object' || given === null) return rewritten;
  const kind = trustedKinds[Object.prototype.toString.call(given)];
  const policy = kind && policyOf(realm);
  return policy ? policy[kind](rewritten) : rewritten;
}

const trustedKinds: Record<string, TrustedKind | undefined> = {
  '[object TrustedHTML]': 'createHTML',
  '[object TrustedScript]': 'createScript',
  '[object TrustedScriptURL]': 'createScriptURL',
};

/** Script text about to run: by now the engine has judged what the page gave, so ours passes. */
export function trustedScript(realm: Realm, text: string): unknown {
  return policyOf(realm)?.createScript(text) ?? text;
}

function policyOf(realm: Realm): Policy | null {
  let policy = policies.get(realm);
  if (policy === undefined) policies.set(realm, (policy = createPolicy(realm)));
  return policy;
}

function createPolicy(realm: Realm): Policy | null {
  const { trustedTypes } = realm.global as { trustedTypes?: TrustedTypeFactory };
  const same = (text: string) => text;
  try {
    return (
      trustedTypes?.createPolicy('culvert', { createHTML: same, createScript: same, createScriptURL: same }) ?? null
    );
  } catch {
    // The page's own policy does not list ours; strings are all there is then.
    return null;
  }
}
