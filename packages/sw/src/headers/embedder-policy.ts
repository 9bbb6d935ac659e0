/**
 * @module
 * Cross-Origin-Embedder-Policy.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#coep
 */
import type { HeaderPair } from '@culvert/bare-client';
import type { EmbedderPolicy } from '../clients/client-registry.js';
import { headerValues } from './header-list.js';

/** A structured item: a list of them, or anything else, is as none. */
export function parseEmbedderPolicy(remote: readonly HeaderPair[]): EmbedderPolicy | null {
  const values = headerValues(remote, 'cross-origin-embedder-policy');
  const token = values.length === 1 ? /^\s*([a-z-]+)\s*(?:;.*)?$/.exec(values[0]!)?.[1] : undefined;
  return token === 'require-corp' || token === 'credentialless' ? token : null;
}
