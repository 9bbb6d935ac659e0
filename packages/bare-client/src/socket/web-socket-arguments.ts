/**
 * @module
 * The arguments of the WebSocket interface, converted (Web IDL) and checked (WebSockets standard, section 3.1) as natively, with
 * the exceptions of the native class.
 */
import { isHeaderName } from '@culvert/bare-protocol';
import type { SocketData } from './native-socket.js';

/** Steps 1 to 8 of the constructor. */
export function parseSocketUrl(text: string): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  if (!URL.canParse(text, base)) throw constructError(`The URL '${text}' is invalid.`);
  const url = new URL(text, base);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  else if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw constructError(`The URL's scheme must be 'http', 'https', 'ws', or 'wss'. '${url.protocol}' is not allowed.`);
  }
  if (url.href.includes('#')) {
    throw constructError(`The URL contains a fragment identifier ('${url.hash.slice(1)}'), which is not allowed.`);
  }
  return url;
}

/** A string, or a sequence of them: names that each may stand in a header, none twice. */
export function toProtocols(value: unknown): string[] {
  const list = isIterable(value) ? Array.from(value, toUsvString) : value === undefined ? [] : [toUsvString(value)];
  const seen = new Set<string>();
  for (const protocol of list) {
    if (!isHeaderName(protocol)) throw constructError(`The subprotocol '${protocol}' is invalid.`);
    if (seen.has(protocol)) throw constructError(`The subprotocol '${protocol}' is duplicated.`);
    seen.add(protocol);
  }
  return list;
}

/** `[Clamp] unsigned short`. @throws DOMException InvalidAccessError */
export function toCloseCode(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = Math.min(Math.max(Number(value) || 0, 0), 65535);
  const code = roundToEven(number);
  if (code !== 1000 && !(code >= 3000 && code <= 4999)) {
    throw new DOMException(
      `Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. ${code} is neither.`,
      'InvalidAccessError',
    );
  }
  return code;
}

/** @throws DOMException SyntaxError */
export function toCloseReason(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const reason = toUsvString(value);
  if (new TextEncoder().encode(reason).length > 123) {
    throw new DOMException(
      "Failed to execute 'close' on 'WebSocket': The close reason must not be greater than 123 UTF-8 bytes.",
      'SyntaxError',
    );
  }
  return reason;
}

/** Anything that is not binary is a string. Not `instanceof`: a buffer or Blob may come from another realm. */
export function toSocketData(value: unknown): SocketData {
  const isBinary = typeof value === 'object' && value !== null && ('byteLength' in value || 'arrayBuffer' in value);
  return isBinary ? (value as SocketData) : toUsvString(value);
}

export function toUsvString(value: unknown): string {
  return `${value as string}`.replace(/\p{Surrogate}/gu, '\ufffd');
}

function isIterable(value: unknown): value is Iterable<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] != null;
}

function roundToEven(number: number): number {
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

function constructError(message: string): DOMException {
  return new DOMException(`Failed to construct 'WebSocket': ${message}`, 'SyntaxError');
}
