/**
 * @module
 * Names and values of headers are bytes: UTF-8 where they are valid UTF-8, else one character a byte, so nothing is lost.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    // Not UTF-8: the question this function answers.
    return null;
  }
}

export function textOfBytes(bytes: Uint8Array): string {
  return utf8Text(bytes) ?? Buffer.from(bytes).toString('latin1');
}
