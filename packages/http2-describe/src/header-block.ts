/**
 * @module
 * The header blocks of one direction: gathers the fragments of HEADERS, PUSH_PROMISE and CONTINUATION, and decodes each
 * block with the one HPACK state that this direction has.
 */
import { DescribeError } from './errors.js';
import { type DecodedBlock, HpackDecoder } from './hpack/hpack-decoder.js';
import type { DescribeLimits } from './limits.js';

/** RFC 9113 section 6.5.2: what an HPACK table may hold before any SETTINGS say otherwise. */
const initialTableSize = 4096;

/** A block of more parts is an attack, and each part costs far more memory than its bytes. */
const mostFragments = 1024;

interface OpenBlock {
  /** Of the frames that carry it. */
  streamId: number;
  /** Whose headers they are: another than `streamId` in a PUSH_PROMISE. */
  targetStreamId: number;
  endsStream: boolean;
  fragments: { offset: number; bytes: Buffer }[];
  size: number;
  isGivenUp: boolean;
}

export class HeaderBlocks {
  readonly #decoder = new HpackDecoder();
  #open: OpenBlock | null = null;
  /** Where decoding failed: every later block may refer to what is missing. */
  #lostAt: number | null = null;
  #tableSizeLimit = initialTableSize;

  constructor(private readonly limits: DescribeLimits) {}

  /** The block that CONTINUATION is awaited for. */
  get open(): Readonly<OpenBlock> | null {
    return this.#open;
  }

  get lostAt(): number | null {
    return this.#lostAt;
  }

  /** The receiver's SETTINGS_HEADER_TABLE_SIZE. It counts from its acknowledgement on; until then the larger one does. */
  allowTableSize(size: number): void {
    this.#tableSizeLimit = Math.max(this.#tableSizeLimit, Math.min(size, this.limits.headerTable));
  }

  begin(streamId: number, targetStreamId: number, endsStream: boolean): void {
    this.#open = { streamId, targetStreamId, endsStream, fragments: [], size: 0, isGivenUp: false };
  }

  /** Adds a fragment; an error when the block is over the limit and will not be decoded. */
  append(bytes: Buffer, offset: number): DescribeError | null {
    const block = this.#open!;
    block.size += bytes.length;
    // Empty ones may come without end.
    if (block.isGivenUp || bytes.length === 0) return null;
    if (block.size <= this.limits.headerBlock && block.fragments.length < mostFragments) {
      block.fragments.push({ offset, bytes });
      return null;
    }
    block.fragments.length = 0;
    block.isGivenUp = true;
    this.lose(offset);
    const reason = `a header block of over ${this.limits.headerBlock} bytes or ${mostFragments} frames is not decoded`;
    return new DescribeError('H2_DESCRIBE_LIMIT', offset, 'Headers', reason);
  }

  /** Decodes what was appended; null when the state was lost earlier. */
  finish(): { block: DecodedBlock; error: DescribeError | null } | null {
    const { fragments } = this.#open!;
    this.#open = null;
    if (this.#lostAt !== null) return null;
    const first = fragments[0];
    const bytes = fragments.length === 1 ? first!.bytes : Buffer.concat(fragments.map((fragment) => fragment.bytes));
    const block = this.#decoder.decode(bytes, { tableSize: this.#tableSizeLimit, listSize: this.limits.headerList });
    if (block.error === undefined) return { block, error: null };
    const offset = offsetInConnection(fragments, block.error.at);
    this.lose(offset);
    return { block, error: new DescribeError('H2_DESCRIBE_HPACK', offset, 'Headers', block.error.reason) };
  }

  /** A block that other frames interrupted stays undecoded, and with it the table. */
  abandon(offset: number): void {
    this.#open = null;
    this.lose(offset);
  }

  lose(offset: number): void {
    this.#lostAt ??= offset;
  }
}

function offsetInConnection(fragments: OpenBlock['fragments'], at: number): number {
  let before = 0;
  for (const { offset, bytes } of fragments) {
    if (at < before + bytes.length) return offset + at - before;
    before += bytes.length;
  }
  const last = fragments.at(-1);
  return last === undefined ? 0 : last.offset + last.bytes.length;
}
