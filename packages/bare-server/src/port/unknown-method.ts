/**
 * @module
 * Requests with a method that Node's parser does not know. HTTP has no list of methods (RFC 9110 section 9.1), a Bare request has the
 * remote's, and pages may use any token: such a request is read again under a method that the parser knows, and gets its own back.
 */
import type { Duplex } from 'node:stream';

/** What Node hands over with a request that it refuses. */
export interface ParserError extends NodeJS.ErrnoException {
  /** All that was read last. */
  rawPacket?: Buffer;
}

export interface UnknownMethod {
  method: string;
  /** The request with `POST` in the method's place. POST, because its body is read and its answer has one. */
  bytes: Buffer;
}

/** RFC 9112 section 3; no browser sends a method in parts. */
const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}) [^ \r\n]+ HTTP\/1\.1\r\n/;

/** @returns `null` where it is not the method, or not the method alone, that is wrong */
export function readUnknownMethod({ code, rawPacket }: ParserError): UnknownMethod | null {
  if (code !== 'HPE_INVALID_METHOD' || rawPacket === undefined) return null;
  const method = requestLine.exec(rawPacket.toString('latin1'))?.[1];
  if (method === undefined) return null;
  return { method, bytes: Buffer.concat([Buffer.from('POST'), rawPacket.subarray(method.length)]) };
}

/** Takes a connection away from the parser that has given up on it. */
export function releaseFromParser(stream: Duplex & { setTimeout?(milliseconds: number): unknown }): void {
  // What Node's server has put there; its listener for `close` stays, and frees the parser.
  stream.removeAllListeners('data');
  stream.removeAllListeners('end');
  stream.removeAllListeners('timeout');
  stream.setTimeout?.(0);
}
