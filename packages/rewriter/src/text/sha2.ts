/**
 * @module SHA-2 at once: the platform's digest is a promise, and neither a parser nor a DOM method can wait. For inline scripts
 * that a policy names by hash, which are short.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6234
 */

export type Sha2Bits = 256 | 384 | 512;

/** In base64, as Content Security Policy and integrity metadata write it. */
export function sha2(text: string, bits: Sha2Bits): string {
  const message = new TextEncoder().encode(text);
  const { variants, roundConstants } = (tables ??= createTables());
  const digest = digestWords(message, variants[bits], roundConstants);
  return toBase64(digest.subarray(0, bits / 8));
}

interface Variant {
  wordSize: bigint;
  rounds: number;
  initial: readonly bigint[];
  /** Rotations, and the shift that stands last, of the four functions (section 5.1 and 5.2). */
  bigSigma: readonly [readonly bigint[], readonly bigint[]];
  smallSigma: readonly [readonly bigint[], readonly bigint[]];
}

/** The fractional part of the root of a prime, of which the constants are made (sections 5.1 and 6.1). */
function fractionOfRoot(n: bigint, degree: bigint, bits: bigint): bigint {
  const target = n << (bits * degree);
  let low = 0n;
  let high = n << bits;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << bits) - 1n);
}

let tables: { variants: Record<Sha2Bits, Variant>; roundConstants: readonly bigint[] } | null = null;

/** Made when the first hash is asked for: few pages have one. */
function createTables(): NonNullable<typeof tables> {
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 80; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  const squareRoots = primes.slice(0, 16).map((prime) => fractionOfRoot(prime, 2n, 64n));
  const wide: Omit<Variant, 'initial'> = {
    wordSize: 64n,
    rounds: 80,
    bigSigma: [
      [28n, 34n, 39n],
      [14n, 18n, 41n],
    ],
    smallSigma: [
      [1n, 8n, 7n],
      [19n, 61n, 6n],
    ],
  };
  const narrow: Omit<Variant, 'initial'> = {
    wordSize: 32n,
    rounds: 64,
    bigSigma: [
      [2n, 13n, 22n],
      [6n, 11n, 25n],
    ],
    smallSigma: [
      [7n, 18n, 3n],
      [17n, 19n, 10n],
    ],
  };
  return {
    variants: {
      256: { ...narrow, initial: squareRoots.slice(0, 8).map((word) => word >> 32n) },
      384: { ...wide, initial: squareRoots.slice(8) },
      512: { ...wide, initial: squareRoots.slice(0, 8) },
    },
    roundConstants: primes.map((prime) => fractionOfRoot(prime, 3n, 64n)),
  };
}

function digestWords(message: Uint8Array, variant: Variant, roundConstants: readonly bigint[]): Uint8Array {
  const { wordSize, rounds, initial, bigSigma, smallSigma } = variant;
  const wordBytes = Number(wordSize / 8n);
  const blockBytes = wordBytes * 16;
  const mask = (1n << wordSize) - 1n;
  const constants = roundConstants.map((constant) => constant >> (64n - wordSize));
  const rotate = (word: bigint, by: bigint) => ((word >> by) | (word << (wordSize - by))) & mask;
  const big = (word: bigint, by: readonly bigint[]) =>
    rotate(word, by[0]!) ^ rotate(word, by[1]!) ^ rotate(word, by[2]!);
  const small = (word: bigint, by: readonly bigint[]) => rotate(word, by[0]!) ^ rotate(word, by[1]!) ^ (word >> by[2]!);

  const padded = pad(message, blockBytes);
  const hash = [...initial];
  for (let offset = 0; offset < padded.length; offset += blockBytes) {
    const words = Array.from({ length: 16 }, (_, i) => readWord(padded, offset + i * wordBytes, wordBytes));
    for (let i = 16; i < rounds; i++) {
      const next =
        small(words[i - 2]!, smallSigma[1]) + words[i - 7]! + small(words[i - 15]!, smallSigma[0]) + words[i - 16]!;
      words.push(next & mask);
    }
    let [a, b, c, d, e, f, g, h] = hash as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < rounds; i++) {
      const first = h + big(e, bigSigma[1]) + ((e & f) ^ (~e & mask & g)) + constants[i]! + words[i]!;
      const second = big(a, bigSigma[0]) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] = (hash[i]! + word) & mask));
  }
  return Uint8Array.from(hash.flatMap((word) => bytesOf(word, wordBytes)));
}

function pad(message: Uint8Array, blockBytes: number): Uint8Array {
  const lengthBytes = blockBytes / 8;
  const size = Math.ceil((message.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const padded = new Uint8Array(size);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.set(bytesOf(BigInt(message.length) * 8n, lengthBytes), size - lengthBytes);
  return padded;
}

function readWord(bytes: Uint8Array, offset: number, size: number): bigint {
  let word = 0n;
  for (let i = 0; i < size; i++) word = (word << 8n) | BigInt(bytes[offset + i]!);
  return word;
}

function bytesOf(word: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Number((word >> BigInt((size - 1 - i) * 8)) & 0xffn));
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += base64Alphabet[(group >> shift) & 63]!;
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - missing) + '='.repeat(missing);
}
