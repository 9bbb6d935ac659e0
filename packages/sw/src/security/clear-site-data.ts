/**
 * @module
 * The `Clear-Site-Data` header: which kinds of data it names. "executionContexts" is no kind for Chrome, and none here.
 *
 * @see https://w3c.github.io/webappsec-clear-site-data/#parsing
 */
import type { HeaderPair } from '@culvert/bare-client';
import { headerValue } from '../headers/header-list.js';

const kinds = ['cache', 'cookies', 'storage'] as const;
export type ClearedKind = (typeof kinds)[number];

/** @returns nothing for what did not come securely */
export function clearedKinds(headers: readonly HeaderPair[], remoteUrl: string): ReadonlySet<ClearedKind> {
  const value = remoteUrl.startsWith('https:') ? headerValue(headers, 'clear-site-data') : null;
  const named = new Set((value ?? '').split(',').map((kind) => kind.trim()));
  return new Set(kinds.filter((kind) => named.has('"*"') || named.has(`"${kind}"`)));
}
