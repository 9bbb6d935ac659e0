import { ConnectionDescriber, renderJson } from '@culvert/http2-describe';
import { expect, it } from 'vitest';
import { expectAgreement } from './support/agree.mjs';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const hex = (text) => Buffer.from(text.replace(/\s+/g, ''), 'hex');
const ascii = (text) => Buffer.from(text).toString('hex');

/** Every type and flag, also what live programs seldom send: [type, flags, stream with the reserved bit, payload]. */
const fromClient = [
  [4, 0, 0, '0001 00001000  0002 00000000  0003 00000064  0004 0000ffff  0005 00004000  0006 00010000  0008 00000001'],
  [4, 0, 0, '0009 00000001  fe03 00000001  1a2b ffffffff'],
  [2, 0, 3, '80000000 ff'],
  [2, 0, 5, '00000003 00'],
  [1, 0x04, 1, '82 86 84 41 03 612e62'],
  [1, 0x2d, 7, '04 80000003 0f 82 86 84 be 00000000'],
  [1, 0x08, 9, '02 82 86 0000'],
  [9, 0, 9, '84'],
  [9, 0, 9, ''],
  [9, 4, 9, 'be 40 01 78 02 c3bc'],
  [0, 0, 1, ascii('part')],
  [0, 0x09, 1, `03 ${ascii('padded')} 000000`],
  [0, 0x08, 9, '00'],
  [0, 0x09, 9, '01 00'],
  [6, 0, 0, '0001020304050607'],
  [6, 1, 0, '0001020304050607'],
  [3, 0, 9, '00000008'],
  [3, 0, 7, '0000000e'],
  [8, 0, 0, '7fffffff'],
  [8, 0, 1, '80000001'],
  [16, 0, 0, `00000007 ${ascii('u=1, i')}`],
  [0xbb, 0xff, 11, '0102030405'],
  [0x0f, 0, 0x80000000, ''],
  [7, 0, 0, `00000000 00000002 ${ascii('bye')}`],
];

const fromServer = [
  [4, 0, 0, '0001 00001000'],
  [4, 1, 0, ''],
  [5, 0x04, 1, '00000002 82 86 84 41 03 612e62'],
  [5, 0x0c, 1, '02 00000004 82 86 84 0000'],
  [1, 0x04, 1, '88 5f 0a 746578742f706c61696e'],
  [0, 0x01, 1, ascii('body')],
  [10, 0, 0, `000e ${ascii('https://a.test')} ${ascii('h2=":443"; ma=5')}`],
  [10, 0, 1, `0000 ${ascii('h3=":443"')}`],
  [12, 0, 0, `000e ${ascii('https://a.test')} 000e ${ascii('https://b.test')}`],
  [3, 0, 2, '00000000'],
  [7, 0, 0, '80000001 0000000d'],
];

const bytesOf = (frames) =>
  Buffer.concat(
    frames.flatMap(([type, flags, stream, payload]) => {
      const bytes = hex(payload);
      const header = Buffer.alloc(9);
      header.writeUIntBE(bytes.length, 0, 3);
      header.writeUInt8(type, 3);
      header.writeUInt8(flags, 4);
      header.writeUInt32BE(stream, 5);
      return [header, bytes];
    }),
  );

it('agrees with tshark on every frame type, flag and field', () => {
  const chunks = [
    { clientPort: 50_000, direction: 'client', bytes: Buffer.concat([preface, bytesOf(fromClient)]) },
    { clientPort: 50_000, direction: 'server', bytes: bytesOf(fromServer) },
  ];
  const connection = new ConnectionDescriber();
  const records = chunks.flatMap(({ direction, bytes }) =>
    connection.describe(bytes, direction).map((one) => renderJson(one, { client: 'c:50000' })),
  );
  const { count } = expectAgreement({ records, before: chunks, after: chunks });
  expect(count).toBe(fromClient.length + fromServer.length);
});
