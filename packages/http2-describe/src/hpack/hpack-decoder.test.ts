import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { bytesOf, seededRandom } from '../frames.test-support.js';
import { type DecodedBlock, HpackDecoder } from './hpack-decoder.js';
import { decodeHuffman } from './huffman.js';

const limits = { tableSize: 4096, listSize: 1 << 20 };
const listOf = (block: DecodedBlock) => block.fields.map(({ name, value }) => [name.toString(), value.toString()]);

it('decodes the responses of RFC 7541 appendix C.6 with a table of 256 bytes, evicting as they do', () => {
  const decoder = new HpackDecoder();
  const small = { ...limits, tableSize: 256 };
  const first = `3f e1 01 48 82 64 02 58 85 ae c3 77 1a 4b 61 96 d0 7a be 94 10 54 d4 44 a8 20 05 95 04 0b 81 66 e0 82 a6 2d 1b ff
    6e 91 9d 29 ad 17 18 63 c7 8f 0b 97 c8 e9 ae 82 ae 43 d3`;
  const block = decoder.decode(bytesOf(first), small);
  expect(block.tableSizes).toEqual([256]);
  expect(listOf(block)).toEqual([
    [':status', '302'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ]);
  expect(decoder.tableSize).toBe(222);
  expect(listOf(decoder.decode(bytesOf('48 83 64 0e ff c1 c0 bf'), small))[0]).toEqual([':status', '307']);
  expect(decoder.tableSize).toBe(222);
  const third = `88 c1 61 96 d0 7a be 94 10 54 d4 44 a8 20 05 95 04 0b 81 66 e0 84 a6 2d 1b ff c0 5a 83 9b d9 ab 77 ad 94 e7 82 1d d7
    f2 e6 c7 b3 35 df df cd 5b 39 60 d5 af 27 08 7f 36 72 c1 ab 27 0f b5 29 1f 95 87 31 60 65 c0 03 ed 4e e5 b1 06 3d 50 07`;
  expect(listOf(decoder.decode(bytesOf(third), small))).toEqual([
    [':status', '200'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    ['location', 'https://www.example.com'],
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ]);
  expect(decoder.tableSize).toBe(215);
});

it('tells how each header was represented', () => {
  const block = new HpackDecoder().decode(bytesOf('82 40 01 61 01 62 00 01 63 00 10 01 64 00'), limits);
  expect(block.fields.map(({ representation }) => representation)).toEqual([
    'indexed',
    'incremental',
    'without-indexing',
    'never-indexed',
  ]);
});

it('agrees with another implementation on generated headers', () => {
  const hpack = createRequire(import.meta.url)('hpack.js') as {
    compressor: { create(options: object): Compressor };
  };
  interface Compressor {
    write(headers: object[]): void;
    read(): Buffer | null;
  }
  const seed = 7541;
  const random = seededRandom(seed);
  const compressor = hpack.compressor.create({ table: { maxSize: 1024 } });
  const decoder = new HpackDecoder();
  const text = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(32 + Math.floor(random() * 95))).join('');
  for (let block = 0; block < 300; block++) {
    const headers = Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
      name: random() < 0.5 ? `x-${Math.floor(random() * 12)}` : ':path',
      value: random() < 0.5 ? `value ${Math.floor(random() * 4)}` : text(Math.floor(random() * 300)),
      incremental: random() < 0.7,
      huffman: random() < 0.5,
    }));
    compressor.write(headers);
    // The other one begins with a table of 1024 bytes, where the protocol begins with 4096.
    const parts = block === 0 ? [bytesOf('3f e1 07')] : [];
    for (let part = compressor.read(); part !== null; part = compressor.read()) parts.push(part);
    const encoded = Buffer.concat(parts);
    const decoded = decoder.decode(encoded, { ...limits, tableSize: 1024 });
    expect(listOf(decoded), `block ${block} of seed ${seed}`).toEqual(headers.map(({ name, value }) => [name, value]));
  }
}, 20_000);

it('decodes every symbol of the Huffman code', () => {
  const { encode } = createRequire(import.meta.url)('hpack.js/lib/hpack/huffman.js') as { encode: [number, number][] };
  for (let symbol = 0; symbol < 256; symbol++) {
    const [length, code] = encode[symbol]!;
    const bits = code.toString(2).padStart(length, '0');
    const padded = bits.padEnd(Math.ceil(length / 8) * 8, '1');
    const bytes = Buffer.from(padded.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
    expect(decodeHuffman(bytes)).toEqual(Buffer.from([symbol]));
  }
});

it('refuses the end of the string inside it and padding of a byte or more', () => {
  expect(decodeHuffman(bytesOf('ff ff ff ff'))).toContain('end of the string');
  expect(decodeHuffman(bytesOf('1f ff'))).toContain('longer than seven bits');
});
