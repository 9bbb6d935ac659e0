/**
 * @module
 * How much of an answer its page may see.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request-response-tainting
 */
import { isSameOrigin } from '../../site.js';
import type { ResolvedRequest } from '../fetch-context.js';

export type ResponseTainting = 'basic' | 'cors' | 'opaque';

/** Main fetch, step 12: one hop to a foreign origin, and the way back does not mend it. */
export function responseTainting(context: ResolvedRequest): ResponseTainting {
  const { request, initiator, redirectChain, remoteUrl, load } = context;
  if (load === 'document' || request.mode === 'navigate') return 'basic';
  // A blob: worker or a frame without a record: nobody to compare with, and for the browser of one origin with all of ours.
  if (initiator.originUrl === null) return 'basic';
  const url = initiator.originUrl;
  // A data: URL is its page's own text.
  if (remoteUrl.startsWith('data:')) return 'basic';
  if ([...redirectChain, remoteUrl].every((reached) => isSameOrigin(reached, url))) return 'basic';
  return request.mode === 'cors' ? 'cors' : 'opaque';
}
