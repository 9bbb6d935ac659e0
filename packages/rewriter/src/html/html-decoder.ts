/**
 * @module Bytes of a document as text, as soon as its encoding is known.
 */
import { encodingFromLabel, prescanLength, sniffByteOrderMark, sniffEncoding } from '../text/index.js';

export class HtmlDecoder {
  readonly #charset: string | undefined;
  /** null until the encoding is known. */
  #decode: ((bytes: Uint8Array, isLast: boolean) => string) | null = null;
  #start: Uint8Array = new Uint8Array(0);

  /** @param charset the charset parameter of Content-Type */
  constructor(charset?: string) {
    this.#charset = charset;
  }

  write(bytes: Uint8Array): string {
    if (this.#decode !== null) return this.#decode(bytes, false);
    this.#start = concatenate(this.#start, bytes);
    if (!this.#isDecided()) return '';
    this.#decode = decoderFor(sniffEncoding(this.#start, this.#charset));
    return this.#decode(this.#start, false);
  }

  end(): string {
    const isUndecided = this.#decode === null;
    this.#decode ??= decoderFor(sniffEncoding(this.#start, this.#charset));
    return this.#decode(isUndecided ? this.#start : new Uint8Array(0), true);
  }

  /**
   * A byte order mark needs three bytes. Without a charset in the header, the prescan gets all the bytes it may look at:
   * with fewer it might find something else, and then the result would depend on how the network cut the document.
   */
  #isDecided(): boolean {
    const length = this.#start.length;
    if (length >= 3 && sniffByteOrderMark(this.#start) !== null) return true;
    if (this.#charset !== undefined && encodingFromLabel(this.#charset) !== null) return length >= 3;
    return length >= prescanLength;
  }
}

function decoderFor(encoding: string): (bytes: Uint8Array, isLast: boolean) => string {
  if (encoding === 'replacement') return replacementDecoder();
  const decoder = new TextDecoder(supported(encoding));
  return (bytes, isLast) => decoder.decode(bytes, { stream: !isLast });
}

/** https://encoding.spec.whatwg.org/#replacement-decoder: one error for everything. */
function replacementDecoder(): (bytes: Uint8Array) => string {
  let isDone = false;
  return (bytes) => {
    if (isDone || bytes.length === 0) return '';
    isDone = true;
    return '\ufffd';
  };
}

/** Every encoding of the standard is in every browser; Node lacks x-user-defined, which agrees with this in ASCII. */
function supported(encoding: string): string {
  return encodingFromLabel(encoding) !== null && encoding !== 'x-user-defined' ? encoding : 'windows-1252';
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
