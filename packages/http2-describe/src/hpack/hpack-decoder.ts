/**
 * @module
 * Decodes the header blocks of one direction (RFC 7541), telling for each field how it was represented, and for a bad
 * block where and why. Our own rather than a library's, for these two and for the limit on what a block may decode to.
 */
import { DynamicTable, type HeaderField } from './dynamic-table.js';
import { decodeHuffman } from './huffman.js';
import { staticTable } from './static-table.js';

export type Representation = 'indexed' | 'incremental' | 'without-indexing' | 'never-indexed';

export interface DecodedField extends HeaderField {
  representation: Representation;
}

export interface DecodedBlock {
  /** Those that fit the limit. */
  fields: DecodedField[];
  /** Dynamic table size updates, in order. */
  tableSizes: number[];
  /** Fields over the limit and the bytes of their names and values. */
  omitted: { fields: number; bytes: number };
  /** Where in the block and why decoding stopped; the table is unreliable from then on. */
  error?: { at: number; reason: string };
}

export interface HpackLimits {
  /** The receiver's SETTINGS_HEADER_TABLE_SIZE. */
  tableSize: number;
  /** Bytes that names and values of one block may have together. */
  listSize: number;
}

class HpackFault extends Error {
  constructor(
    readonly at: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

const staticFields: HeaderField[] = staticTable.map(([name, value]) => ({
  name: Buffer.from(name),
  value: Buffer.from(value),
}));

export class HpackDecoder {
  readonly #table = new DynamicTable();

  get tableSize(): number {
    return this.#table.size;
  }

  decode(bytes: Uint8Array, limits: HpackLimits): DecodedBlock {
    const block: DecodedBlock = { fields: [], tableSizes: [], omitted: { fields: 0, bytes: 0 } };
    const reader = new HpackReader(bytes);
    let listSize = 0;
    try {
      while (!reader.isAtEnd) {
        const field = this.#readRepresentation(reader, block, limits);
        if (field === null) continue;
        const size = field.name.length + field.value.length;
        listSize += size;
        if (listSize <= limits.listSize) block.fields.push(field);
        else {
          block.omitted.fields++;
          block.omitted.bytes += size;
        }
      }
    } catch (error) {
      if (!(error instanceof HpackFault)) throw error;
      block.error = { at: error.at, reason: error.reason };
    }
    return block;
  }

  #readRepresentation(reader: HpackReader, block: DecodedBlock, limits: HpackLimits): DecodedField | null {
    const at = reader.position;
    const first = reader.peekByte();
    // Section 6.1: 1xxxxxxx
    if (first & 0x80) return { ...this.#lookUp(reader.readInteger(7), at), representation: 'indexed' };
    // Section 6.3: 001xxxxx
    if ((first & 0xe0) === 0x20) {
      this.#resize(reader.readInteger(5), at, block, limits);
      return null;
    }
    // Section 6.2: 01xxxxxx, 0001xxxx, 0000xxxx
    const isIncremental = (first & 0x40) !== 0;
    const nameIndex = reader.readInteger(isIncremental ? 6 : 4);
    const name = nameIndex === 0 ? reader.readString('the name of a header') : this.#lookUp(nameIndex, at).name;
    const field = { name, value: reader.readString('the value of a header') };
    if (isIncremental) this.#table.add(field);
    return {
      ...field,
      representation: isIncremental ? 'incremental' : first & 0x10 ? 'never-indexed' : 'without-indexing',
    };
  }

  #lookUp(index: number, at: number): HeaderField {
    if (index === 0) throw new HpackFault(at, 'index 0 names no header');
    const field = staticFields[index - 1] ?? this.#table.at(index - 1 - staticFields.length);
    if (field === undefined) {
      throw new HpackFault(at, `index ${index} is past the last header, ${staticFields.length + this.#table.length}`);
    }
    return field;
  }

  #resize(size: number, at: number, block: DecodedBlock, limits: HpackLimits): void {
    if (block.fields.length + block.omitted.fields > 0) {
      throw new HpackFault(at, 'a dynamic table size update may not follow a header');
    }
    if (size > limits.tableSize) {
      throw new HpackFault(at, `dynamic table size ${size} is over the limit of ${limits.tableSize}`);
    }
    this.#table.resize(size);
    // More than two in one block say nothing new (section 4.2) and would only fill the description.
    if (block.tableSizes.length < 16) block.tableSizes.push(size);
  }
}

class HpackReader {
  position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  peekByte(): number {
    return this.bytes[this.position]!;
  }

  /** Section 5.1 */
  readInteger(prefixBits: number): number {
    const at = this.position;
    const prefixMaximum = 2 ** prefixBits - 1;
    let value = this.#readByte(at, 'an integer') & prefixMaximum;
    if (value < prefixMaximum) return value;
    let scale = 1;
    for (;;) {
      const byte = this.#readByte(at, 'an integer');
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (value > 0xffffffff || scale > 2 ** 42) throw new HpackFault(at, 'an integer is over 32 bits');
      if ((byte & 0x80) === 0) return value;
    }
  }

  /** Section 5.2 */
  readString(what: string): Buffer {
    const at = this.position;
    if (this.isAtEnd) throw new HpackFault(at, `the block ends before ${what}`);
    const isHuffman = (this.peekByte() & 0x80) !== 0;
    const length = this.readInteger(7);
    const available = this.bytes.length - this.position;
    if (length > available)
      throw new HpackFault(at, `${what} has ${length} bytes, but the block has ${available} more`);
    const encoded = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    if (!isHuffman) return Buffer.from(encoded);
    const decoded = decodeHuffman(encoded);
    if (typeof decoded === 'string') throw new HpackFault(at, `in ${what}, ${decoded}`);
    return decoded;
  }

  #readByte(start: number, what: string): number {
    if (this.isAtEnd) throw new HpackFault(start, `the block ends inside ${what}`);
    return this.bytes[this.position++]!;
  }
}
