/**
 * @module
 * Bodies that nobody looks at before their last byte has come. They are taken in one piece: a stream that is divided for the cache
 * and handed on costs the worker some callbacks for each of its chunks.
 */
import type { BareResponse } from '@culvert/bare-client';
import { readWhole } from '../../transports/native-bodies.js';
import type { ResolvedRequest } from '../fetch-context.js';

export interface RemoteResponse extends BareResponse {
  /** All of the body, where it was read already; then the body itself is not to be read. */
  readonly wholeBody?: Uint8Array<ArrayBuffer>;
}

/** What a browser runs, parses or decodes as a whole. */
const wholeDestinations: ReadonlySet<string> = new Set([
  'audioworklet',
  'font',
  'json',
  'manifest',
  'paintworklet',
  'script',
  'sharedworker',
  'style',
  'worker',
  'xslt',
]);

/** In bytes: an image that is longer is shown piece by piece. */
const smallImage = 64 * 1024;

/** @throws what the body fails with */
export async function withWholeBody(
  remote: BareResponse,
  { request, load }: Pick<ResolvedRequest, 'request' | 'load'>,
): Promise<RemoteResponse> {
  if (remote.status !== 200 || request.method !== 'GET' || !isReadWhole(remote, request.destination, load))
    return remote;
  const { status, statusText, rawHeaders, finalUrl } = remote;
  const wholeBody = await readWhole(remote);
  return Object.assign(new Response(wholeBody, { status, statusText }), { rawHeaders, finalUrl, wholeBody });
}

function isReadWhole({ headers }: Response, destination: string, load: ResolvedRequest['load']): boolean {
  if (load === 'document') return false;
  if (destination !== 'image') return wholeDestinations.has(destination);
  const length = headers.get('content-length');
  return length !== null && /^\d+$/.test(length) && Number(length) <= smallImage;
}
