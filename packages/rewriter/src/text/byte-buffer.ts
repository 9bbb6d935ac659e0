/**
 * @module Bytes that are written one after another into a buffer that grows.
 */
export class ByteBuffer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected how many bytes there will be at least */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected + 16);
  }

  push(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow();
    this.#bytes[this.#length++] = byte;
  }

  /** The bytes of a big-endian number, as many as it has. */
  pushNumber(code: number): void {
    if (code > 0xffffff) this.push(code >>> 24);
    if (code > 0xffff) this.push((code >>> 16) & 0xff);
    if (code > 0xff) this.push((code >>> 8) & 0xff);
    this.push(code & 0xff);
  }

  pushAscii(text: string): void {
    for (let index = 0; index < text.length; index++) this.push(text.charCodeAt(index));
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
