/**
 * @module Encoding labels of the Encoding Standard, by way of the platform's own table (TextDecoder).
 */

/** Labels of the `replacement` encoding: TextDecoder refuses them, a document in one is a single U+FFFD. */
const replacementLabels: ReadonlySet<string> = new Set([
  'replacement',
  'csiso2022kr',
  'hz-gb-2312',
  'iso-2022-cn',
  'iso-2022-cn-ext',
  'iso-2022-kr',
]);

/** https://encoding.spec.whatwg.org/#concept-encoding-get: a name for `TextDecoder`, `replacement`, or null. */
export function encodingFromLabel(label: string): string | null {
  const trimmed = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  if (replacementLabels.has(trimmed)) return 'replacement';
  if (trimmed === 'x-user-defined') return 'x-user-defined';
  try {
    return new TextDecoder(trimmed).encoding;
  } catch {
    // An unknown label: the site's mistake, and the standard's "failure".
    return null;
  }
}

/** Every encoding of the standard is in every browser; Node lacks x-user-defined, which agrees with this in ASCII. */
export function supportedEncoding(encoding: string): string {
  if (encoding !== 'x-user-defined') return encodingFromLabel(encoding) ?? 'windows-1252';
  hasUserDefined ??= canDecode(encoding);
  return hasUserDefined ? encoding : 'windows-1252';
}

let hasUserDefined: boolean | null = null;

function canDecode(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding === encoding;
  } catch {
    // The constructor's way to say that it does not know it.
    return false;
  }
}
