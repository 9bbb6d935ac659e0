/**
 * @module
 * The two text frames that open a v3 WebSocket tunnel, and the close reason we give when it cannot be opened.
 */
import { BareProtocolError } from './bare-error-body.js';
import { parseJsonObject } from './json-object.js';
import { parseBareHeaders, type BareHeaders } from './bare-headers.js';

/** The client's first message. */
export interface ConnectMessage {
  type: 'connect';
  /** A ws: or wss: URL. */
  remote: string;
  protocols: string[];
  headers: BareHeaders;
  forwardHeaders: string[];
}

/** The server's first message, sent once the remote has accepted. */
export interface OpenMessage {
  type: 'open';
  protocol: string;
  setCookies: string[];
}

/** Why a tunnel was not opened; ours, in the close frame's reason. */
export interface SocketFailure {
  code: string;
  message: string;
}

export function serializeConnectMessage(message: Omit<ConnectMessage, 'type'>): string {
  const { remote, protocols, headers, forwardHeaders } = message;
  return JSON.stringify({ type: 'connect', remote, protocols, headers, forwardHeaders });
}

/** @throws BareProtocolError IMPL_INVALID_SOCKET_MESSAGE, or INVALID_BARE_HEADER for a header that is not made of strings */
export function parseConnectMessage(text: string): ConnectMessage {
  const message = parseMessage(text, 'connect');
  const { remote, protocols, headers, forwardHeaders } = message;
  if (typeof remote !== 'string') throw invalid('connect', 'remote is not a string');
  if (!isStringArray(protocols)) throw invalid('connect', 'protocols is not an array of strings');
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw invalid('connect', 'headers is not an object');
  }
  if (!isStringArray(forwardHeaders)) throw invalid('connect', 'forwardHeaders is not an array of strings');
  parseBareHeaders(JSON.stringify(headers), 'request.body');
  return { type: 'connect', remote, protocols, headers: headers as BareHeaders, forwardHeaders };
}

export function serializeOpenMessage(message: Omit<OpenMessage, 'type'>): string {
  return JSON.stringify({ type: 'open', protocol: message.protocol, setCookies: message.setCookies });
}

/** @throws BareProtocolError IMPL_INVALID_SOCKET_MESSAGE */
export function parseOpenMessage(text: string): OpenMessage {
  const { protocol, setCookies } = parseMessage(text, 'open');
  if (typeof protocol !== 'string') throw invalid('open', 'protocol is not a string');
  if (!isStringArray(setCookies)) throw invalid('open', 'setCookies is not an array of strings');
  return { type: 'open', protocol, setCookies };
}

/** A close reason has room for 123 bytes (RFC 6455 section 5.5), so the message is cut. */
export function serializeSocketFailure(failure: SocketFailure): string {
  const message = failure.message.replace(/[^\x20-\x7e]/g, '?');
  let length = message.length;
  for (;;) {
    const text = JSON.stringify({ code: failure.code, message: message.slice(0, length) });
    if (text.length <= 123 || length === 0) return text.slice(0, 123);
    length = Math.max(0, length - Math.max(1, Math.ceil((text.length - 123) / 2)));
  }
}

/** The failure in a close reason, or null when the reason is not one of ours. */
export function parseSocketFailure(reason: string): SocketFailure | null {
  const { code, message } = parseJsonObject(reason) ?? {};
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : null;
}

function parseMessage(text: string, type: 'connect' | 'open'): Record<string, unknown> {
  const message = parseJsonObject(text);
  if (message === null) throw invalid(type, 'it is not a JSON object');
  if (message['type'] !== type) throw invalid(type, `its type is ${JSON.stringify(message['type'])}`);
  return message;
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function invalid(type: string, reason: string): BareProtocolError {
  return new BareProtocolError(
    'IMPL_INVALID_SOCKET_MESSAGE',
    type === 'connect' ? 'request.body' : 'response.body',
    `The ${type} message is not valid: ${reason}.`,
  );
}
