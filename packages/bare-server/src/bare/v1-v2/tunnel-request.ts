/**
 * @module
 * What the upgrade request of a v1 or v2 WebSocket asks for. v1 says it in the second subprotocol, as encoded JSON; v2's one
 * subprotocol is the ID that stands for it.
 */
import type { IncomingMessage } from 'node:http';
import { BareProtocolError, decodeSubprotocol, parseBareHeaders, type HeaderPair } from '@culvert/bare-protocol';
import { checkNames, readJsonList, type ListRules } from '../header-lists.js';
import { checkHeaderPairs, forwardHeaders } from '../remote-headers.js';
import { remoteUrlFromParts } from '../remote-url.js';
import type { SocketRequest } from './socket-meta.js';

const where = 'request.headers.sec-websocket-protocol';

/** What the client's handshake says, and the remote's has to say too: the frames are the client's own. */
export interface ClientHandshake {
  key: string;
  version: string;
  extensions: string | null;
  protocols: string[];
}

/** @throws BareProtocolError when it is no WebSocket handshake (RFC 6455 section 4.2.1) */
export function readHandshake({ method, headers }: IncomingMessage): ClientHandshake {
  const key = headers['sec-websocket-key'];
  const version = headers['sec-websocket-version'];
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || !/^[+/0-9A-Za-z]{22}==$/.test(key ?? '')) {
    throw new BareProtocolError('IMPL_INVALID_REQUEST', 'request', 'The request is not a WebSocket handshake.');
  }
  const extensions = headers['sec-websocket-extensions'];
  const protocols = headers['sec-websocket-protocol'] ?? '';
  return {
    key: key!,
    version: version ?? '13',
    extensions: extensions === undefined || extensions === '' ? null : extensions,
    protocols: protocols.split(',').map((protocol) => protocol.trim()),
  };
}

/** v1. @throws BareProtocolError */
export function readV1Protocols(protocols: string[], rules: ListRules): SocketRequest & { id: string | null } {
  const [dummy, encoded] = protocols;
  if (dummy !== 'bare' || encoded === undefined) throw invalid('it is not "bare" and the encoded request');
  let value: unknown;
  try {
    value = JSON.parse(decodeSubprotocol(encoded));
  } catch (cause) {
    if (cause instanceof BareProtocolError) throw cause;
    throw invalid('the encoded request is not JSON', cause);
  }
  const { remote, headers, forward_headers: names, id } = asRecord(value, 'the encoded request');
  const { host, port, path, protocol } = asRecord(remote, 'remote');
  if (typeof host !== 'string' || typeof path !== 'string' || typeof protocol !== 'string') {
    throw invalid('a part of remote is not a string');
  }
  if (id !== undefined && id !== null && typeof id !== 'string') throw invalid('id is not a string');
  const url = remoteUrlFromParts({ host, port: String(port), path, protocol }, ['ws:', 'wss:'], (part, reason) =>
    invalid(`remote.${part} ${reason}`),
  );
  const pairs = parseBareHeaders(JSON.stringify(headers ?? null), where);
  const listed = readJsonList(names, () => invalid('forward_headers is not an array of names'));
  return {
    url: url.href,
    headers: pairs,
    forwardHeaders: checkNames(listed, 'bare.forward_headers', 'forward_headers', rules),
    id: id ?? null,
  };
}

/** The handshake for the remote: the client's words in their order, and what makes its frames valid there. */
export function remoteHandshakeHeaders(
  request: SocketRequest,
  handshake: ClientHandshake,
  available: readonly string[],
  rules: ListRules,
): HeaderPair[] {
  checkHeaderPairs(request.headers);
  // The subprotocol of the client's handshake is Bare's.
  const listed = request.forwardHeaders.filter((name) => name !== 'sec-websocket-protocol');
  const pairs = forwardHeaders(request.headers, available, listed, { rules, hasCache: false });
  const own = new Map<string, HeaderPair>([
    ['connection', ['Connection', 'Upgrade']],
    ['upgrade', ['Upgrade', 'websocket']],
    ['sec-websocket-version', ['Sec-WebSocket-Version', handshake.version]],
    ['sec-websocket-key', ['Sec-WebSocket-Key', handshake.key]],
  ]);
  const result: HeaderPair[] = [];
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    const replacement = own.get(lower);
    own.delete(lower);
    if (replacement) result.push([name, replacement[1]]);
    else if (lower === 'sec-websocket-extensions') {
      // An extension that the client has not offered is one that it does not understand.
      if (handshake.extensions !== null) result.push([name, handshake.extensions]);
    } else if (!notOfHandshake.has(lower)) result.push([name, value]);
  }
  if (!result.some(([name]) => name.toLowerCase() === 'host')) result.unshift(['Host', new URL(request.url).host]);
  result.push(...own.values());
  return result;
}

/** Headers about a body, or about a connection that is not this one. Repeats of the four above are dropped as well. */
const notOfHandshake = new Set([
  'connection',
  'upgrade',
  'sec-websocket-version',
  'sec-websocket-key',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'expect',
]);

function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} is not an object`);
  return value as Record<string, unknown>;
}

function invalid(reason: string, cause?: unknown): BareProtocolError {
  return new BareProtocolError('INVALID_BARE_HEADER', where, `Sec-WebSocket-Protocol is not valid: ${reason}.`, {
    cause,
  });
}
