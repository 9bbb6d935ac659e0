/**
 * @module
 * What a page that came by https: may load by http:. The browser sees pages of the proxy's own scheme and cannot judge it.
 *
 * @see https://w3c.github.io/webappsec-mixed-content/
 */
import { isSecureUrl } from '@culvert/cookies';
import { parsePolicy } from '@culvert/rewriter';
import type { ClientRecord } from '../clients/client-registry.js';
import { toHttps } from './strict-transport.js';

const upgradedDestinations: ReadonlySet<string> = new Set(['image', 'audio', 'video']);

export interface MixedRequest {
  remoteUrl: string;
  /** Of who asks. */
  record: Pick<ClientRecord, 'url' | 'policies'> | null;
  destination: string;
  isTopLevel: boolean;
}

/** @returns the https: URL that is to be asked for, `blocked`, or `null` if all is well */
export function judgeMixedContent({ remoteUrl, record, destination, isTopLevel }: MixedRequest): string | null {
  if (!record || isTopLevel || !remoteUrl.startsWith('http:')) return null;
  const upgrades = record.policies?.some((policy) => parsePolicy(policy).has('upgrade-insecure-requests')) ?? false;
  if (upgrades) return toHttps(new URL(remoteUrl));
  if (!record.url.startsWith('https:') || isSecureUrl(new URL(remoteUrl))) return null;
  return upgradedDestinations.has(destination) ? toHttps(new URL(remoteUrl)) : 'blocked';
}
