import { expect, it } from 'vitest';
import {
  addrToId,
  MProxyError,
  pack,
  packControl,
  packHeader,
  packMessage,
  socketToAddr,
  socketToId,
  Stream,
} from './index.js';
import { bytesOf, bytesOfHex, helloHex, textOf, tunneledHelloHex } from './vectors.test-support.js';

const client = {
  family: 'IPv4',
  address: '127.0.1.1',
  port: 4321,
  service: 'https',
  serviceport: 443,
  name: 'example.com',
};
const hello = bytesOfHex(helloHex);

function errorOf(run: () => unknown): MProxyError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(MProxyError);
    return error as MProxyError;
  }
  throw new Error('nothing was thrown');
}

it('packs the documented packet into the documented message', () => {
  // The example gives the service's port where the client's is meant, and no service port and name.
  const packed = packHeader(
    { family: 'IPv4', address: '127.0.1.1', port: 443, service: 'foo' },
    hello,
    undefined,
    true,
  );
  const shown = bytesOfHex(tunneledHelloHex);
  // The document's header stops before the two empty fields that every implementation sends.
  expect(textOf(packed.subarray(2, 2 + packed[1]!))).toBe(`${textOf(shown.subarray(2, 28))},,`);
  expect(packed.subarray(2 + packed[1]!)).toEqual(shown.subarray(28));
});

it('packs the header of the documentation', () => {
  const packed = packHeader(client, hello);
  expect(packed[0]).toBe(254);
  expect(packed[1]).toBe(45);
  expect(textOf(packed.subarray(2))).toBe('IPv4,127.0.1.1,4321,199,https,443,example.com');
});

it('packs each event in its form', () => {
  expect(textOf(packMessage(client, undefined, 'connection').subarray(2))).toBe(
    'IPv4,127.0.1.1,4321,0,connection,443,example.com,https',
  );
  for (const event of ['end', 'pause', 'resume']) {
    expect(textOf(packMessage(client, undefined, event).subarray(2))).toBe(
      `IPv4,127.0.1.1,4321,0,${event},443,example.com`,
    );
  }
  expect(textOf(packControl([1, 'hello', 254, ['add_token', 'delete_token']]).subarray(2))).toBe(
    ',,,44,control[1,"hello",254,["add_token","delete_token"]]',
  );
});

it('packs missing and empty data as one space in the old way, and as none otherwise', () => {
  for (const data of [undefined, null, '', new Uint8Array(0)]) {
    expect(textOf(pack(client, data, 'end').subarray(2))).toBe('IPv4,127.0.1.1,4321,1,end,443,example.com ');
    expect(textOf(packMessage(client, data, 'end').subarray(2))).toBe('IPv4,127.0.1.1,4321,0,end,443,example.com');
  }
});

it('packs values that are no bytes as JSON', () => {
  expect(textOf(packMessage(null, [-1, '[Error] bad hello'], 'control').subarray(2))).toBe(
    ',,,24,control[-1,"[Error] bad hello"]',
  );
});

it('leaves the address as it was', () => {
  const address = { ...client };
  pack(address, undefined, 'end');
  expect(address).toEqual(client);
});

it('refuses a comma in any field, naming the field', () => {
  for (const field of ['family', 'address', 'port', 'service', 'serviceport', 'name'] as const) {
    const error = errorOf(() => pack({ ...client, [field]: 'a,b' }, bytesOf('x')));
    expect(error).toMatchObject({ code: 'M_PROXY_COMMA_IN_FIELD', field });
    expect(errorOf(() => pack({ ...client, [field]: 'a,b' }, bytesOf('x'), 'connection'))).toMatchObject({ field });
  }
});

it('takes a header of 255 bytes and refuses one of 256', () => {
  const rest = 'IPv4,127.0.1.1,4321,1,https,443,'.length;
  expect(pack({ ...client, name: 'n'.repeat(255 - rest) }, bytesOf('x'))[1]).toBe(255);
  expect(errorOf(() => pack({ ...client, name: 'n'.repeat(256 - rest) }, bytesOf('x')))).toMatchObject({
    code: 'M_PROXY_HEADER_TOO_LONG',
    field: 'headerLength',
  });
  // Bytes count, not characters.
  expect(errorOf(() => pack({ ...client, name: 'ü'.repeat(128) }, bytesOf('x'))).code).toBe('M_PROXY_HEADER_TOO_LONG');
});

it('refuses data without JSON', () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  for (const data of [loop, () => {}, Symbol('s'), 1n]) {
    expect(errorOf(() => pack(client, data as object)).code).toBe('M_PROXY_BAD_DATA');
  }
});

it('tells the address of a socket, and of what it wraps', () => {
  const inner = { remoteFamily: 'IPv6', remoteAddress: '::1', remotePort: 7, localPort: 443, localAddress: '::2' };
  expect(socketToAddr(inner)).toEqual({ family: 'IPv6', address: '::1', port: 7, serviceport: 443 });
  const outer = { _handle: { _parentWrap: inner } } as object;
  expect(socketToId(outer)).toBe('IPv6,::1,7');
  expect(Stream.wrapSocket(outer)).toBe(outer);
  expect(outer).toMatchObject({ remoteAddress: '::1', remotePort: 7, localPort: 443 });
  expect(socketToAddr({})).toEqual({ family: undefined, address: undefined, port: undefined, serviceport: undefined });
  expect(addrToId(client)).toBe('IPv4,127.0.1.1,4321');
});
