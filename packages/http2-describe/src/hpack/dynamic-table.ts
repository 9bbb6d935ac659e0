/**
 * @module
 * The dynamic table of one direction (RFC 7541 section 2.3.2), newest entry first.
 */

export interface HeaderField {
  name: Buffer;
  value: Buffer;
}

/** What an entry counts beyond its bytes (section 4.1). */
const entryOverhead = 32;

export class DynamicTable {
  /** Oldest first: adding is a push, and evicting moves `#oldest` on. */
  #entries: HeaderField[] = [];
  #oldest = 0;
  #size = 0;
  #maxSize = 4096;

  get length(): number {
    return this.#entries.length - this.#oldest;
  }

  get size(): number {
    return this.#size;
  }

  /** 0 is the newest. */
  at(index: number): HeaderField | undefined {
    return index < this.length ? this.#entries[this.#entries.length - 1 - index] : undefined;
  }

  add(field: HeaderField): void {
    const size = sizeOf(field);
    this.#evictDownTo(this.#maxSize - size);
    // An entry larger than the table empties it and is not added (section 4.4).
    if (size > this.#maxSize) return;
    // The copies keep the frame they came in from being kept whole.
    this.#entries.push({ name: Buffer.from(field.name), value: Buffer.from(field.value) });
    this.#size += size;
  }

  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#evictDownTo(maxSize);
  }

  #evictDownTo(size: number): void {
    while (this.#size > size && this.length > 0) this.#size -= sizeOf(this.#entries[this.#oldest++]!);
    if (this.#oldest > 64 && this.#oldest > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}

function sizeOf(field: HeaderField): number {
  return field.name.length + field.value.length + entryOverhead;
}
