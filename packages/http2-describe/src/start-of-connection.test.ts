import { expect, it } from 'vitest';
import { ConnectionDescriber } from './connection-describer.js';
import { bytesOf, codesIn, connectionPreface, emptySettings, errorsIn, frame, textOf } from './frames.test-support.js';
import { renderJson } from './render-json.js';

const describeClient = (bytes: Buffer) => {
  const connection = new ConnectionDescriber();
  return [...connection.describe(bytes, 'client'), ...connection.end('client')];
};

const signature = '0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a';

it('reads the addresses and TLVs of a PROXY protocol header of version 2', () => {
  const header = bytesOf(`${signature} 21 11 00 14 c6 33 64 16 cb 00 71 07 8b 3e 00 50 01 00 02 68 32 04 00 00`);
  const [description, preface] = describeClient(Buffer.concat([header, connectionPreface]));
  expect(preface!.kind).toBe('preface');
  expect(textOf(description)).toContain(`Proxy Protocol Signature = ${signature}
Version = 2, Command = PROXY (21)
Address Family = AF_INET, Transport Protocol = STREAM (11)
Length = 20 (00 14)
Source Address = 198.51.100.22 (c6 33 64 16)
Destination Address = 203.0.113.7 (cb 00 71 07)
Source Port = 35646 (8b 3e)
Destination Port = 80 (00 50)
TLV PP2_TYPE_ALPN:0x1 = b'h2' (01 | 00 02 | 68 32)
TLV PP2_TYPE_NOOP:0x4 = b'' (04 | 00 00 | )
`);
  expect(renderJson(description!)).toMatchObject({ kind: 'proxy-header', source: '198.51.100.22', sourcePort: 35646 });
});

it('reads IPv6 addresses, and LOCAL without any', () => {
  const addresses =
    '20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 01 00 02';
  expect(textOf(describeClient(bytesOf(`${signature} 21 21 00 24 ${addresses}`))[0])).toContain(
    'Source Address = 2001:db8::1 (',
  );
  const [local] = describeClient(bytesOf(`${signature} 20 00 00 00`));
  expect(textOf(local)).toContain(
    'Version = 2, Command = LOCAL (20)\nAddress Family = AF_UNSPEC, Transport Protocol = UNSPEC (00)',
  );
  expect(codesIn([local!])).toEqual([]);
});

it.each([
  ['version 1 without an end', Buffer.from(`PROXY ${'x'.repeat(200)}`), 0, 'Proxy Protocol Header'],
  ['version 1 with a port too high', Buffer.from('PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n'), 0, 'Proxy Protocol Header'],
  ['version 2 with too few addresses', bytesOf(`${signature} 21 11 00 04 01 02 03 04`), 16, 'Source Address'],
  ['version 2 with a TLV over the end', bytesOf(`${signature} 20 00 00 04 01 00 02 68`), 16, 'TLV'],
])('tells what is wrong with a header of %s', (_, bytes, offset, field) => {
  expect(errorsIn(describeClient(bytes))[0]).toMatchObject({ code: 'H2_DESCRIBE_BAD_PROXY_HEADER', offset, field });
});

it('shows TLS as bytes and says what it needs to look into it', () => {
  const descriptions = describeClient(bytesOf('16 03 01 00 05 01 02 03 04 05'));
  expect(errorsIn(descriptions)).toMatchObject([{ code: 'H2_DESCRIBE_NOT_HTTP2', offset: 0 }]);
  expect(errorsIn(descriptions)[0]!.message).toContain('this is TLS');
  expect(textOf(descriptions[1])).toBe('Hexdump (Opaque Bytes) =\n   16 03 01 00 05 01 02 03 04 05\n');
});

it('names the first byte that differs from the preface', () => {
  const bytes = Buffer.from(connectionPreface);
  bytes[20] = 0x58;
  expect(errorsIn(describeClient(bytes))).toMatchObject([{ code: 'H2_DESCRIBE_NOT_HTTP2', offset: 20 }]);
});

it('shows HTTP/1.1 as its head and then bytes, in both directions', () => {
  const connection = new ConnectionDescriber();
  const [request] = connection.describe(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 'client');
  expect(textOf(request)).toContain(
    "HTTP/1.1 Head =\n   b'GET / HTTP/1.1'\n   b'Host: a'\nHexdump (HTTP/1.1 Head) =\n",
  );
  expect(codesIn([request!])).toEqual(['H2_DESCRIBE_NOT_HTTP2']);
  const [response] = connection.describe(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'), 'server');
  expect(response!.kind).toBe('http1-head');
  expect(textOf(connection.end('server')[0])).toBe('Hexdump (Opaque Bytes) =\n   68 69\n');
});

it('follows an upgrade to h2c into HTTP/2', () => {
  const connection = new ConnectionDescriber();
  const upgrade = Buffer.from(
    'GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  );
  const client = connection.describe(Buffer.concat([upgrade, connectionPreface, emptySettings]), 'client');
  const switching = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  const server = connection.describe(Buffer.concat([switching, emptySettings, frame(1, 5, 1, '88')]), 'server');
  expect(client.map(({ kind }) => kind)).toEqual(['http1-head', 'preface', 'frame']);
  expect(server.map(({ kind }) => kind)).toEqual(['http1-head', 'frame', 'frame']);
  expect(codesIn([...client, ...server])).toEqual([]);
});
