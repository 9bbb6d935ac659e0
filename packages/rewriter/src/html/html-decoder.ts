/**
 * @module Bytes of a document as text, as soon as its encoding is known.
 */
import {
  encodingFromLabel,
  prescanLength,
  sniffByteOrderMark,
  sniffEncoding,
  supportedEncoding,
} from '../text/index.js';

export class HtmlDecoder {
  readonly #charset: string | undefined;
  /** null until the encoding is known. */
  #decode: ((bytes: Uint8Array, isLast: boolean) => string) | null = null;
  #start: Uint8Array = new Uint8Array(0);
  #encoding: string | null = null;

  /** @param charset the charset parameter of Content-Type */
  constructor(charset?: string) {
    this.#charset = charset;
  }

  write(bytes: Uint8Array): string {
    if (this.#decode !== null) return this.#decode(bytes, false);
    this.#start = concatenate(this.#start, bytes);
    if (!this.#isDecided()) return '';
    this.#decode = this.#decide();
    return this.#decode(this.#start, false);
  }

  end(): string {
    const isUndecided = this.#decode === null;
    this.#decode ??= this.#decide();
    return this.#decode(isUndecided ? this.#start : new Uint8Array(0), true);
  }

  /** As `sniffEncoding` names it; null until it is known. */
  get encoding(): string | null {
    return this.#encoding;
  }

  #decide(): (bytes: Uint8Array, isLast: boolean) => string {
    this.#encoding = sniffEncoding(this.#start, this.#charset);
    return decoderFor(this.#encoding);
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
  const decoder = new TextDecoder(supportedEncoding(encoding));
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

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
