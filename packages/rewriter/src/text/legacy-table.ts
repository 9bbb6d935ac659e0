/**
 * @module From characters to the bytes of one encoding: single-byte encodings, and those of East Asia but ISO-2022-JP.
 * https://encoding.spec.whatwg.org/#indexes, read backwards through TextDecoder.
 */
import { ByteBuffer } from './byte-buffer.js';
import type { Substitute } from './encode-text.js';

/** U+FFFD: what a decoder gives for bytes that are no character. */
const replacement = 0xfffd;
const tables = new Map<string, LegacyTable>();

export class LegacyTable {
  /** By UTF-16 unit: its bytes as one big-endian number, 0 for none. */
  readonly #units = new Uint32Array(0x10000);
  /** Characters of two units, and the pairs of characters that are one in Big5. */
  readonly #pairs = new Map<string, number>();
  readonly #decoder: TextDecoder;
  readonly #isGb: boolean;
  #hasFourBytes = false;

  private constructor(encoding: string) {
    this.#isGb = encoding === 'gbk' || encoding === 'gb18030';
    this.#decoder = new TextDecoder(encoding);
    for (let byte = 1; byte < 0x80; byte++) this.#units[byte] = byte;
    const leads: number[] = [];
    for (let byte = 0x80; byte < 0x100; byte++) {
      const text = this.#decoder.decode(Uint8Array.of(byte));
      if (text === '\ufffd' && !isSingleByte(encoding)) leads.push(byte);
      else this.#note(text, byte);
    }
    if (leads.length > 0) {
      this.#units[replacement] = this.#replacementCode(encoding);
      this.#readRange(leads.map((lead) => [lead]));
      if (encoding === 'euc-jp') this.#readRange(leads.map((lead) => [0x8f, lead]));
    }
  }

  static of(encoding: string): LegacyTable {
    let table = tables.get(encoding);
    if (table === undefined) tables.set(encoding, (table = new LegacyTable(encoding)));
    return table;
  }

  encode(text: string, substitute: Substitute): Uint8Array<ArrayBuffer> {
    const buffer = new ByteBuffer(text.length);
    const units = this.#units;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 0x80) {
        buffer.push(unit);
        continue;
      }
      const pair = this.#pairs.size > 0 ? this.#pairs.get(text.slice(index, index + 2)) : undefined;
      const code = pair ?? (units[unit]! || this.#fourBytes(text, index));
      const codePoint = text.codePointAt(index)!;
      if (pair !== undefined || codePoint > 0xffff) index++;
      if (code > 0) buffer.pushNumber(code);
      else buffer.pushAscii(substitute(codePoint));
    }
    return buffer.take();
  }

  /** So that what was replaced is replaced again, and takes no byte after it with it. */
  #replacementCode(encoding: string): number {
    if (encoding === 'gb18030') return 0x8431a437;
    // Browsers take the first; Node's ICU has characters there in some encodings.
    const candidates = [[0xff], [0xfe, 0xff], [0x81, 0xff]];
    const found = candidates.find((bytes) => this.#decoder.decode(Uint8Array.from([...bytes, 0x41])) === '\ufffdA');
    return found?.reduce((number, byte) => number * 0x100 + byte, 0) ?? 0;
  }

  /** Every byte behind each of these, in one call of the decoder: a line feed ends what is cut short. */
  #readRange(prefixes: readonly number[][]): void {
    const trails = Array.from({ length: 0xff - 0x40 }, (_, index) => index + 0x40);
    const sequences = prefixes.flatMap((prefix) => trails.map((trail) => [...prefix, trail]));
    this.#readSequences(sequences);
  }

  #readSequences(sequences: readonly number[][]): void {
    const texts = this.#decoder.decode(Uint8Array.from(sequences.flatMap((bytes) => [...bytes, 0x0a]))).split('\n');
    sequences.forEach((bytes, index) => {
      const code = bytes.reduce((number, byte) => number * 0x100 + byte, 0);
      if (!texts[index]!.includes('\ufffd')) this.#note(texts[index]!, code);
    });
  }

  /** Of several codes for a character the first: they decode to the same. */
  #note(text: string, code: number): void {
    if (text.length === 1) this.#units[text.charCodeAt(0)] ||= code;
    else if (text.length === 2 && !this.#pairs.has(text)) this.#pairs.set(text, code);
  }

  /** https://encoding.spec.whatwg.org/#gb18030-encoder, which also writes what a document in GBK may hold */
  #fourBytes(text: string, index: number): number {
    if (!this.#isGb) return 0;
    const codePoint = text.codePointAt(index)!;
    if (codePoint > 0xffff) return fourByteCode(codePoint - 0x10000 + 189_000);
    if (!this.#hasFourBytes) {
      this.#hasFourBytes = true;
      this.#readSequences(Array.from({ length: 39_420 }, (_, pointer) => bytesOf(fourByteCode(pointer))));
    }
    return this.#units[codePoint]!;
  }
}

function fourByteCode(pointer: number): number {
  const fourth = pointer % 10;
  const third = Math.floor(pointer / 10) % 126;
  const second = Math.floor(pointer / 1260) % 10;
  const first = Math.floor(pointer / 12_600);
  return (0x81 + first) * 0x1000000 + (0x30 + second) * 0x10000 + (0x81 + third) * 0x100 + 0x30 + fourth;
}

function bytesOf(code: number): number[] {
  return [code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff];
}

/** https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified)-encodings and the sections after it */
function isSingleByte(encoding: string): boolean {
  return !/^(?:gbk|gb18030|big5|euc-jp|shift_jis|euc-kr)$/.test(encoding);
}
