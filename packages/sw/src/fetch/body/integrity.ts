/**
 * @module
 * Subresource Integrity of what is rewritten, on the bytes as the site sent them. The rewriter has put its own prefix before
 * the names of the hash functions; metadata without it is the browser's to check, on bytes that we do not touch.
 *
 * @see https://w3c.github.io/webappsec-subresource-integrity/
 */
import { foreignHashPrefix } from '@culvert/rewriter';
import { ServiceWorkerError } from '../../errors.js';
import type { AnsweredRequest } from '../fetch-context.js';

const expression = new RegExp(`^(${foreignHashPrefix})?sha(256|384|512)-([A-Za-z0-9+/_-]+={0,2})(?:\\?.*)?$`, 'i');

interface Metadata {
  /** Of the hash, which is also how strong it is. */
  bits: number;
  /** Base64. */
  digest: string;
  isOurs: boolean;
}

function parseMetadata(integrity: string): Metadata[] {
  return integrity.split(/[\t\n\f\r ]+/).flatMap((token) => {
    const match = expression.exec(token);
    if (!match) return [];
    const digest = match[3]!.replaceAll('-', '+').replaceAll('_', '/');
    return [{ bits: Number(match[2]), digest, isOurs: match[1] !== undefined }];
  });
}

/** Does anything of it count? Metadata of unknown functions is as none. */
export function hasIntegrityMetadata(integrity: string): boolean {
  return parseMetadata(integrity).length > 0;
}

/** What the browser leaves to us. */
function metadataOf({ request, event, redirectChain, remoteUrl, services }: AnsweredRequest): Metadata[] {
  const ofRequest = parseMetadata(request.integrity).filter(({ isOurs }) => isOurs);
  if (ofRequest.length > 0 || request.destination !== 'script') return ofRequest;
  return parseMetadata(services.integrity.find(event.clientId, redirectChain[0] ?? remoteUrl));
}

export function needsIntegrityCheck(context: AnsweredRequest): boolean {
  return metadataOf(context).length > 0;
}

/** Section 3.3.4: the strongest function that is named decides. @throws ServiceWorkerError SW_INTEGRITY */
export async function checkIntegrity(bytes: Uint8Array<ArrayBuffer>, context: AnsweredRequest): Promise<void> {
  const metadata = metadataOf(context);
  if (metadata.length === 0) return;
  const bits = Math.max(...metadata.map((item) => item.bits));
  const digest = toBase64(new Uint8Array(await crypto.subtle.digest(`SHA-${bits}`, bytes)));
  if (metadata.some((item) => item.bits === bits && item.digest === digest)) return;
  throw new ServiceWorkerError(
    'SW_INTEGRITY',
    `Failed to load ${context.remoteUrl}: its SHA-${bits} digest is ${digest}, which its integrity metadata does not name.`,
  );
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
