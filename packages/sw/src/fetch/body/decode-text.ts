/**
 * @module
 * Bodies that have to be read whole, as text.
 */
import { encodingFromLabel, parseMimeType, sniffByteOrderMark } from '@culvert/rewriter';

/**
 * A byte order mark, then the `charset` of the Content-Type, then UTF-8. Of a classic script or a stylesheet the document's
 * encoding should come before the last; the worker does not know it.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const charset = parseMimeType(contentType ?? '')?.parameters.get('charset');
  const declared = charset === undefined ? null : encodingFromLabel(charset);
  const encoding = sniffByteOrderMark(bytes) ?? declared ?? 'utf-8';
  // Neither is one that TextDecoder knows.
  const isKnown = encoding !== 'replacement' && encoding !== 'x-user-defined';
  return new TextDecoder(isKnown ? encoding : 'utf-8').decode(bytes);
}
