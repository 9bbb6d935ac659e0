/**
 * Messages and chunks from a seed: the same seed gives the same.
 */

/** mulberry32: small, and good enough to spread test data. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = (random, values) => values[Math.floor(random() * values.length)];
const below = (random, limit) => Math.floor(random() * limit);

function randomText(random, longest) {
  const letters = 'abcdefgXYZ0189-._:*/ "\\\n\tüж漢🙂';
  const points = [...letters];
  return Array.from({ length: below(random, longest) }, () => pick(random, points)).join('');
}

function randomAddress(random) {
  const port = pick(random, [below(random, 65536), String(below(random, 65536)), 0, '', undefined, null]);
  return {
    family: pick(random, ['IPv4', 'IPv6', '', undefined]),
    address: pick(random, [
      '127.0.1.1',
      '2001:db8::1%eth0',
      '::ffff:10.0.0.1',
      randomText(random, 12),
      undefined,
      null,
    ]),
    port,
    service: pick(random, ['https', 'http', 'tcp', 'pause', 'error', 'constructor', '__proto__', '', undefined]),
    serviceport: pick(random, [443, '8443', 0, '', undefined]),
    name: pick(random, ['example.com', randomText(random, 20), '', undefined, null]),
  };
}

function randomData(random) {
  switch (below(random, 8)) {
    case 0:
      return undefined;
    case 1:
      return Buffer.alloc(0);
    case 2:
      return pick(random, [null, '', 0, false, 7, true, 'text', randomText(random, 30)]);
    case 3:
      return { message: randomText(random, 20), code: 'E_TEST', family: 'lies', n: [1, { deep: null }] };
    case 4:
      return [below(random, 9) - 4, 'hello', 254, ['add_token', randomText(random, 9)]];
    case 5:
      return Buffer.from(pick(random, ['{', '{"message":"half', 'plain', ',,,0,control', '\xfe\x05']), 'latin1');
    default:
      return Buffer.from(Array.from({ length: below(random, pick(random, [4, 300, 3000])) }, () => below(random, 256)));
  }
}

export function randomMessage(random) {
  return {
    address: randomAddress(random),
    data: randomData(random),
    service: pick(random, [undefined, '', 'control', 'connection', 'pause', 'resume', 'end', 'error', 'https']),
    form: pick(random, ['pack', 'pack', 'body', 'body', 'header']),
  };
}

/** Chunks of one byte to many messages. */
export function splitAtRandom(random, bytes) {
  const chunks = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + below(random, pick(random, [1, 3, 40, 400, 20_000]));
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
