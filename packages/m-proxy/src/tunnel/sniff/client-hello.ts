/**
 * @module
 * The server name in a TLS ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3), read from the first bytes of a
 * connection without answering them. Nothing is decrypted: an encrypted ClientHello shows its outer name.
 */
import type { Sniffed } from './sniffed.js';

const handshakeRecord = 0x16;
const clientHello = 0x01;
const serverNameExtension = 0;
const hostNameType = 0;

export function looksLikeTls(bytes: Uint8Array): boolean {
  return bytes[0] === handshakeRecord;
}

export function sniffServerName(bytes: Uint8Array): Sniffed {
  const hello = joinRecords(bytes);
  if (hello === 'invalid') {
    return { state: 'invalid' };
  }
  if (hello.byteLength < 4) {
    return { state: 'more' };
  }
  if (hello[0] !== clientHello) {
    return { state: 'invalid' };
  }
  const length = uint16(hello, 2) + hello[1]! * 65536;
  if (hello.byteLength < 4 + length) {
    return { state: 'more' };
  }
  const name = readServerName(hello.subarray(4, 4 + length));
  return name === null ? { state: 'invalid' } : { state: 'done', name };
}

/** The handshake's bytes: a ClientHello may be spread over several records, and the last may be incomplete. */
function joinRecords(bytes: Uint8Array): Uint8Array | 'invalid' {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    // Type, version major 3, minor, length.
    if (bytes[at] !== handshakeRecord || (at + 1 < bytes.byteLength && bytes[at + 1] !== 3)) {
      // After the ClientHello other records may follow (early data); whether it was whole is seen by its own length.
      return parts.length > 0 ? Buffer.concat(parts) : 'invalid';
    }
    if (at + 5 > bytes.byteLength) {
      break;
    }
    const length = uint16(bytes, at + 3);
    if (length === 0) {
      return 'invalid';
    }
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return Buffer.concat(parts);
}

/** The name; undefined if the hello has none; null if its lengths lie. */
function readServerName(hello: Uint8Array): string | undefined | null {
  // Version 2, random 32, then session id, cipher suites, compression methods: each with its length before it.
  let at = 34;
  at += 1 + (hello[at] ?? Infinity);
  at += 2 + uint16(hello, at);
  at += 1 + (hello[at] ?? Infinity);
  if (!(at <= hello.byteLength)) {
    return null;
  }
  if (at === hello.byteLength) {
    return undefined;
  }
  const end = at + 2 + uint16(hello, at);
  if (!(end <= hello.byteLength)) {
    return null;
  }
  at += 2;
  while (at + 4 <= end) {
    const type = uint16(hello, at);
    const length = uint16(hello, at + 2);
    if (at + 4 + length > end) {
      return null;
    }
    if (type === serverNameExtension) {
      return readNameList(hello.subarray(at + 4, at + 4 + length));
    }
    at += 4 + length;
  }
  return undefined;
}

function readNameList(extension: Uint8Array): string | undefined | null {
  for (let at = 2; at + 3 <= extension.byteLength;) {
    const length = uint16(extension, at + 1);
    if (at + 3 + length > extension.byteLength) {
      return null;
    }
    if (extension[at] === hostNameType) {
      return Buffer.from(extension.subarray(at + 3, at + 3 + length)).toString('latin1');
    }
    at += 3 + length;
  }
  return undefined;
}

/** Infinity beyond the end, which every comparison of a length then refuses. */
function uint16(bytes: Uint8Array, at: number): number {
  return at + 2 <= bytes.byteLength ? bytes[at]! * 256 + bytes[at + 1]! : Infinity;
}
