/**
 * @module
 * Reads the protocol's headers of a request. Whatever is malformed is refused, naming the header.
 */
import type { IncomingMessage } from 'node:http';
import { HttpSocketError } from '../errors.js';
import { headerNames, parseCount } from '../wire/header-names.js';

/** The seed's own example asks for this much. */
const defaultAnswerBytes = 32_768;

type HeaderField = keyof typeof headerNames;

export interface PutFields {
  /** Null for a client that knows no offsets: the body comes next. */
  offset: number | null;
  acknowledged: number | null;
  end: number | null;
}

export interface GetFields {
  /** Null for a client that knows no offsets. */
  offset: number | 'next' | null;
  acknowledged: number | null;
  length: number;
  /** Milliseconds, null for as long as the server likes. */
  wait: number | null;
  /** Tells a repeated request from a new one. */
  request: string | null;
}

export function readHeader(request: IncomingMessage, field: HeaderField): string | null {
  const value = request.headers[headerNames[field].toLowerCase()];
  return typeof value === 'string' ? value : null;
}

export function readPutFields(request: IncomingMessage): PutFields {
  return {
    offset: readCount(request, 'offset'),
    acknowledged: readCount(request, 'acknowledged'),
    end: readCount(request, 'end'),
  };
}

export function readGetFields(request: IncomingMessage): GetFields {
  const wait = readCount(request, 'wait');
  return {
    offset: readHeader(request, 'offset') === 'next' ? 'next' : readCount(request, 'offset'),
    acknowledged: readCount(request, 'acknowledged'),
    length: readCount(request, 'contentLength') ?? defaultAnswerBytes,
    wait: wait === null ? null : wait * 1000,
    request: readHeader(request, 'request'),
  };
}

/** 64 hexadecimal digits and up to as many again: anything shorter could be guessed. */
export function readSessionKey(request: IncomingMessage): string | null {
  const key = readHeader(request, 'sessionKey');
  if (key !== null && !/^[0-9a-f]{64,128}$/.test(key))
    throw badHeader('sessionKey', 'it is not 64 to 128 hexadecimal digits');
  return key;
}

function readCount(request: IncomingMessage, field: HeaderField): number | null {
  const value = readHeader(request, field);
  const count = parseCount(value);
  if (value !== null && count === null) throw badHeader(field, `"${value.slice(0, 40)}" is not a byte count`);
  return count;
}

function badHeader(field: HeaderField, reason: string): HttpSocketError {
  const name = headerNames[field];
  return new HttpSocketError('HTTP_SOCKET_BAD_HEADER', `Failed to read ${name}: ${reason}.`, { field: name });
}
