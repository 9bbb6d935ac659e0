import { expect, it } from 'vitest';
import { http2Preface, sniffProtocol } from './sniff-protocol.js';

const sniff = (text: string) => sniffProtocol(Buffer.from(text, 'latin1'));

it.each([
  ['\x16', 'tls'],
  ['\x16\x03\x01\x02', 'tls'],
  ['G', 'http1'],
  ['GET / HTTP/1.1', 'http1'],
  ['\r\nGET /', 'http1'],
  ['POST / HTTP/1.1', 'http1'],
  ['PRI * HTTP/1.1', 'http1'],
  ['PRI * HTTP/2.0\r\n\r\nXX', 'http1'],
  ['chicken', 'http1'],
  [http2Preface.toString('latin1'), 'http2'],
  [`${http2Preface.toString('latin1')}\0\0\0`, 'http2'],
  ['\0', 'unknown'],
  ['\x04\x01', 'unknown'],
  ['\x05\x01\0', 'unknown'],
  ['\x80\x2e\x01', 'unknown'],
  ['\xff', 'unknown'],
  ['{', 'unknown'],
])('takes %j for %s', (text, protocol) => {
  expect(sniff(text)).toBe(protocol);
});

it('waits while the bytes may still become the preface of HTTP/2', () => {
  for (let length = 0; length < http2Preface.length; length++) {
    expect(sniffProtocol(http2Preface.subarray(0, length))).toBeNull();
  }
});
