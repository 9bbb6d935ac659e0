/**
 * Our codec beside the published one, as an oracle: the same bytes for all that it can pack, the same events for all that
 * it can unpack. What it cannot (headers over 255 bytes, commas, wrong versions) is ours to refuse, and is tested there.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pack, packHeader, addrToId, socketToAddr, socketToId, create, Unpacker, MProxyError } from '@culvert/m-proxy';
import { sniffServerName, Transform } from '@culvert/m-proxy/tunnel';
import { expect, it } from 'vitest';
import { randomMessage, seededRandom, splitAtRandom } from './generate.mjs';

const require = createRequire(import.meta.url);
const Packer = require('proxy-packer');
const vector = (name) => readFileSync(require.resolve(`proxy-packer/test/${name}`));

const seed = Number(process.env.CULVERT_SEED ?? Date.now() % 2 ** 32);
const count = Number(process.env.CULVERT_MESSAGES ?? 10_000);

const events = ['control', 'connection', 'message', 'pause', 'resume', 'end', 'error'];

function handlersInto(seen) {
  return Object.fromEntries(
    events.map((event) => [
      `on${event}`,
      ({ data, ...rest }) => seen.push({ event, ...rest, data: data && Buffer.from(data).toString('base64') }),
    ]),
  );
}

function peerEvents(chunks) {
  const seen = [];
  const machine = Packer.create(handlersInto(seen));
  chunks.forEach((chunk) => machine.fns.addChunk(chunk));
  return seen;
}

function ourEvents(chunks) {
  const seen = [];
  const unpacker = new Unpacker(handlersInto(seen));
  chunks.forEach((chunk) => unpacker.addChunk(chunk));
  unpacker.end();
  return seen;
}

/** The peer throws a TypeError, or gives an array, for an error whose data is JSON but no object. */
function peerFailsAt(message) {
  const [{ event, data }] = ourEvents([message]);
  if (event !== 'error' || data === undefined) {
    return false;
  }
  try {
    const parsed = JSON.parse(Buffer.from(data, 'base64').toString());
    return typeof parsed !== 'object' || parsed === null || Array.isArray(parsed);
  } catch {
    return false; // No JSON at all: both tell it in the same words.
  }
}

it(`packs and unpacks ${count} generated messages as proxy-packer does (CULVERT_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const packed = [];
  for (let index = 0; index < count; index++) {
    const { address, data, service, form } = randomMessage(random);
    // The peer writes the event into the address, so it gets its own.
    const ours = form === 'pack' ? pack(address, data, service) : packHeader(address, data, service, form === 'body');
    const theirs =
      form === 'pack'
        ? Packer.pack({ ...address }, data, service)
        : Packer.packHeader({ ...address }, data, service, form === 'body');
    if (!theirs.equals(ours)) {
      expect(Buffer.from(ours).toString('latin1'), `message ${index}`).toBe(theirs.toString('latin1'));
    }
    // A header alone announces data that does not follow: it cannot stand in a stream.
    if (form !== 'header' && !peerFailsAt(ours)) {
      packed.push(Buffer.from(ours));
    }
  }
  expect(packed.length).toBeGreaterThan(count / 2);
  const chunks = splitAtRandom(random, Buffer.concat(packed));
  const ours = ourEvents(chunks);
  expect(ours.length).toBe(packed.length);
  const theirs = peerEvents(chunks);
  expect(theirs.length).toBe(ours.length);
  for (let index = 0; index < ours.length; index++) {
    // Fields that are missing are `undefined` in both.
    expect(ours[index], `event ${index}`).toEqual(theirs[index]);
  }
}, 120_000);

it('packs the input of its tarball into the output of its tarball', () => {
  const input = JSON.parse(vector('input.json').toString());
  const hello = vector('sni.hello.bin');
  const sniffed = sniffServerName(hello);
  expect(sniffed).toEqual({ state: 'done', name: 'pokemap.hellabit.com' });
  const packed = pack({ ...input.address, name: sniffed.name }, hello);
  expect(Buffer.from(packed)).toEqual(vector('output.bin'));
});

it('unpacks the stream of its parser test, in the same chunks', () => {
  const hello = vector('sni.hello.bin');
  const address = {
    family: 'IPv4',
    address: '127.0.1.1',
    port: 4321,
    service: 'foo-https',
    serviceport: 443,
    name: 'foo-pokemap.hellabit.com',
  };
  const stream = Buffer.concat([
    packHeader(address, undefined, 'connection'),
    packHeader(address, hello, undefined, true),
    packHeader(address, undefined, 'end'),
  ]);
  const whole = ourEvents([stream]);
  expect(whole.map(({ event }) => event)).toEqual(['connection', 'message', 'end']);
  expect(whole[1].data).toBe(hello.toString('base64'));
  expect(peerEvents([stream])).toEqual(whole);
  const doubled = Buffer.concat([stream, stream]);
  for (const at of [7, 14, 21, 28, 217, 224, 238]) {
    expect(ourEvents([doubled.subarray(0, at), doubled.subarray(at)])).toEqual([...whole, ...whole]);
  }
  expect(ourEvents([...stream].map((byte) => Buffer.of(byte)))).toEqual(whole);
});

it('tells addresses and ids as it does', () => {
  const socket = { remoteFamily: 'IPv6', remoteAddress: '::1', remotePort: 7, localPort: 443 };
  const wrapped = { _handle: { _parentWrap: socket } };
  const old = { _remoteFamily: 'IPv4', _remoteAddress: '1.2.3.4', _remotePort: 5, _localPort: 6 };
  for (const each of [socket, wrapped, old, {}]) {
    expect(socketToAddr(each)).toEqual({
      family: undefined,
      address: undefined,
      port: undefined,
      serviceport: undefined,
      ...Packer.socketToAddr(each),
    });
    expect(socketToId(each)).toBe(Packer.socketToId(each));
  }
  expect(addrToId({ family: 'a', address: 'b', port: 1 })).toBe(
    Packer.addrToId({ family: 'a', address: 'b', port: 1 }),
  );
});

it('transforms as it does', async () => {
  const options = () => ({
    address: { family: 'IPv4', address: '127.0.1.1', port: 1 },
    service: 'https',
    serviceport: 443,
  });
  const run = async (transform) => {
    transform.write('one');
    transform.end(Buffer.from('two'));
    return Buffer.concat(await transform.toArray());
  };
  expect(await run(Transform.create(options()))).toEqual(await run(Packer.Transform.create(options())));
});

it('refuses what the peer packs wrongly', () => {
  const long = { family: 'IPv4', address: '127.0.1.1', port: 1, name: 'n'.repeat(282) };
  const wrapped = Packer.pack({ ...long }, Buffer.from('x'));
  expect(wrapped[1]).toBeLessThan(wrapped.indexOf('x') - 2);
  expect(() => pack(long, Buffer.from('x'))).toThrow(expect.objectContaining({ code: 'M_PROXY_HEADER_TOO_LONG' }));
  const machine = create({ onmessage: () => {} });
  expect(() => machine.fns.addData(wrapped)).toThrow(MProxyError);
});
