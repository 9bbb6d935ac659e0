import fc from 'fast-check';
import { expect, it } from 'vitest';
import { collectingUnpacker, unpackAll, type Collected } from './collect.test-support.js';
import { create, MProxyError, pack, packControl, packMessage, Unpacker, type Message } from './index.js';
import { bytesOf, bytesOfHex, textOf, tunneledHelloHex } from './vectors.test-support.js';

const client = {
  family: 'IPv4',
  address: '127.0.1.1',
  port: 4321,
  service: 'https',
  serviceport: 443,
  name: 'example.com',
};

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function message(header: string, data = ''): Uint8Array {
  return concat([Uint8Array.of(254, header.length), bytesOf(header), bytesOf(data)]);
}

function failureOf(bytes: Uint8Array, limits?: { maxDataLength: number }): MProxyError {
  const failures = [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))].map((chunks) => {
    try {
      unpackAll(chunks, limits);
    } catch (error) {
      expect(error).toBeInstanceOf(MProxyError);
      return error as MProxyError;
    }
    throw new Error('nothing was thrown');
  });
  const [whole, bytewise] = failures as [MProxyError, MProxyError];
  expect({ ...bytewise }).toEqual({ ...whole });
  return whole;
}

it('reads the documented message, whose data begins at its 29th byte', () => {
  const shown = bytesOfHex(tunneledHelloHex);
  const seen: Message[] = [];
  create({ onmessage: (each) => seen.push(each) }).fns.addData(shown);
  expect(seen).toEqual([
    {
      family: 'IPv4',
      address: '127.0.1.1',
      port: '443',
      service: 'foo',
      serviceport: undefined,
      name: undefined,
      data: shown.subarray(28),
    },
  ]);
});

it('passes through its states byte by byte', () => {
  const machine = create({ onmessage: () => {} });
  const states = [...message('a,b,c,1,d', 'x')].map((byte) => {
    const before = machine.state;
    machine.fns.addChunk(Uint8Array.of(byte));
    return before;
  });
  expect(states).toEqual(['version', 'headerLength', ...Array(9).fill('header'), 'data']);
  expect(machine.state).toBe('version');
});

it('gives the same events for every place where two chunks can meet', () => {
  const stream = concat([
    packMessage(client, undefined, 'connection'),
    packMessage(client, bytesOf('GET / HTTP/1.1\r\n\r\n')),
    packMessage(client, undefined, 'pause'),
    packMessage(client, undefined, 'resume'),
    packMessage(client, { message: 'no', code: 'E_NO', extra: 1, family: 'lies' }, 'error'),
    packControl([1, 'hello', 254, []]),
    pack(client, undefined, 'end'),
  ]);
  const whole = unpackAll([stream]);
  expect(whole.map(({ event }) => event)).toEqual([
    'connection', 'message', 'pause', 'resume', 'error', 'control', 'end',
  ]); // prettier-ignore
  expect(whole[0]).toMatchObject({ service: 'https', data: undefined });
  expect(whole[4]).toMatchObject({ message: 'no', code: 'E_NO', extra: 1, family: 'IPv4' });
  for (let at = 0; at <= stream.byteLength; at++) {
    expect(unpackAll([stream.subarray(0, at), stream.subarray(at)])).toEqual(whole);
  }
  expect(unpackAll([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
});

it('reads what it packs, whatever the fields, the data and the chunks', () => {
  const field = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(',', ''));
  const address = fc.record({
    family: field,
    address: field,
    port: field,
    service: field,
    serviceport: field,
    name: field,
  });
  const one = fc.record({
    address,
    data: fc.uint8Array({ minLength: 0, maxLength: 300 }),
    event: fc.constantFrom(undefined, 'connection', 'pause', 'resume', 'end', 'control'),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 8 }), fc.array(fc.nat(60), { minLength: 1 }), (messages, sizes) => {
      const packed = messages.map((each) => packMessage(each.address, each.data, each.event));
      const stream = concat(packed);
      const chunks: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < stream.byteLength; turn++) {
        const size = sizes[turn % sizes.length]! + 1;
        chunks.push(stream.subarray(at, at + size));
        at += size;
      }
      const events = unpackAll(chunks);
      expect(events).toEqual(messages.map(expected));
    }),
  );

  function expected({
    address: sent,
    data,
    event,
  }: {
    address: any;
    data: Uint8Array;
    event: string | undefined;
  }): Collected {
    const names = ['control', 'connection', 'pause', 'resume', 'end', 'error'];
    const isControl = event === 'control';
    return {
      event: event ?? (names.includes(sent.service) ? sent.service : 'message'),
      family: isControl ? '' : sent.family,
      address: isControl ? '' : sent.address,
      port: isControl ? '' : sent.port,
      service: event && event !== 'connection' ? event : sent.service,
      serviceport: isControl ? undefined : sent.serviceport,
      name: isControl ? undefined : sent.name,
      data: data.byteLength > 0 ? Buffer.from(data).toString('base64') : undefined,
    };
  }
});

it('throws nothing but its own error, and promptly, on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isFramed) => {
      const stream = isFramed ? concat([Uint8Array.of(254, 20), bytes]) : bytes;
      try {
        unpackAll([stream], { maxDataLength: 1000 });
      } catch (error) {
        expect(error).toBeInstanceOf(MProxyError);
        expect((error as MProxyError).offset).toBeTypeOf('number');
        expect((error as MProxyError).field).toBeTypeOf('string');
      }
    }),
  );
});

it('names the offset and the field of a wrong version byte', () => {
  expect(failureOf(Uint8Array.of(253))).toMatchObject({ code: 'M_PROXY_BAD_VERSION', offset: 0, field: 'version' });
});

it('notices a length that is too small by the byte that follows', () => {
  const first = message('a,b,c,3,d', 'long');
  expect(failureOf(concat([first, first]))).toMatchObject({
    code: 'M_PROXY_BAD_VERSION',
    offset: 14,
    field: 'version',
  });
});

it('notices a length that is too large by the end of the stream', () => {
  expect(failureOf(message('a,b,c,9,d', 'short'))).toMatchObject({
    code: 'M_PROXY_TRUNCATED',
    offset: 16,
    field: 'data',
  });
  expect(failureOf(Uint8Array.of(254))).toMatchObject({ code: 'M_PROXY_TRUNCATED', field: 'headerLength' });
  expect(failureOf(message('a,b,c,9,d').subarray(0, 5))).toMatchObject({ code: 'M_PROXY_TRUNCATED', offset: 5 });
});

it('refuses lengths that are no decimal numbers', () => {
  for (const length of ['', '-1', '1e3', '0x10', ' 1', '1 ', 'NaN', '1.5', '9999999999999999']) {
    expect(failureOf(message(`a,bb,c,${length},d`))).toMatchObject({
      code: 'M_PROXY_BAD_LENGTH',
      offset: 9,
      field: 'datalen',
    });
  }
});

it('refuses data over the limit before any of it has come', () => {
  expect(failureOf(message('a,b,c,11,d'), { maxDataLength: 10 })).toMatchObject({
    code: 'M_PROXY_DATA_TOO_LONG',
    field: 'datalen',
  });
  expect(unpackAll([message('a,b,c,10,d', 'x'.repeat(10))], { maxDataLength: 10 })).toHaveLength(1);
});

it('refuses headers that are empty, too short, not UTF-8, or have more fields than there are', () => {
  expect(failureOf(Uint8Array.of(254, 0))).toMatchObject({
    code: 'M_PROXY_BAD_HEADER',
    offset: 1,
    field: 'headerLength',
  });
  expect(failureOf(message('a,b'))).toMatchObject({ code: 'M_PROXY_BAD_HEADER', field: 'port' });
  expect(failureOf(Uint8Array.of(254, 1, 0xff))).toMatchObject({ code: 'M_PROXY_BAD_HEADER', offset: 2 });
  expect(failureOf(message('a,b,c,0,https,443,one,two'))).toMatchObject({
    code: 'M_PROXY_COMMA_IN_FIELD',
    offset: 24,
    field: 'name',
  });
  expect(failureOf(message('a,b,c,0,connection,443,one,https,two')).code).toBe('M_PROXY_COMMA_IN_FIELD');
});

it('keeps failing once it has failed, and reads nothing more', () => {
  const { unpacker, events } = collectingUnpacker();
  expect(() => unpacker.addChunk(Uint8Array.of(1))).toThrow(MProxyError);
  expect(() => unpacker.addChunk(message('a,b,c,0,d'))).toThrow(MProxyError);
  expect(() => unpacker.end()).toThrow(MProxyError);
  expect(events).toEqual([]);
});

it('passes on the exception of a handler, and refuses to be fed by one', () => {
  const boom = new Error('boom');
  const throwing = new Unpacker({
    onmessage: () => {
      throw boom;
    },
  });
  expect(() => throwing.addChunk(message('a,b,c,0,d'))).toThrow(boom);
  expect(() => throwing.addChunk(message('a,b,c,0,d'))).toThrow(boom);
  const feeding: Unpacker = new Unpacker({ onmessage: () => feeding.addChunk(Uint8Array.of(254)) });
  expect(() => feeding.addChunk(message('a,b,c,0,d'))).toThrow(expect.objectContaining({ code: 'M_PROXY_REENTERED' }));
});

it('gives events without a handler to onmessage', () => {
  const seen: (string | undefined)[] = [];
  const unpacker = new Unpacker({ onmessage: ({ service }) => seen.push(service) });
  unpacker.addChunk(
    concat([packMessage(client, undefined, 'pause'), packMessage({ ...client, service: 'constructor' }, bytesOf('x'))]),
  );
  expect(seen).toEqual(['pause', 'constructor']);
});

it('tells errors whose data is no JSON object in the old words', () => {
  for (const data of ['no json', '5', 'null', '[1]']) {
    const [event] = unpackAll([packMessage(client, bytesOf(data), 'error')]);
    expect(event).toMatchObject({ code: 'E_UNKNOWN_ERR', message: `e:${JSON.stringify(Buffer.from(data))}` });
  }
  expect(unpackAll([packMessage(client, undefined, 'error')])[0]).toMatchObject({ message: 'e:undefined' });
});

it('does not take memory for data that has not come', () => {
  const before = process.memoryUsage().arrayBuffers;
  const unpackers = Array.from({ length: 100 }, () => {
    const { unpacker } = collectingUnpacker({ maxDataLength: 1e9 });
    unpacker.addChunk(message('a,b,c,100000000,d', 'x'));
    return unpacker;
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  expect(unpackers[0]!.state).toBe('data');
});

it('leaves data of one chunk uncopied and joins data of several', () => {
  const seen: Message[] = [];
  const unpacker = new Unpacker({ onmessage: (each) => seen.push(each) });
  const whole = message('a,b,c,5,d', 'hello');
  unpacker.addChunk(whole);
  expect(seen[0]!.data!.buffer).toBe(whole.buffer);
  unpacker.addChunk(whole.subarray(0, 13));
  unpacker.addChunk(whole.subarray(13));
  expect(textOf(seen[1]!.data)).toBe('hello');
});
