/**
 * @module
 * A WebSocket tunnel over Bare v1 and v2: an ID first, then a WebSocket that the server joins with the remote's byte by byte, then
 * the remote's answer to the handshake, asked for by the ID. Frames, extensions and close codes are the remote's own.
 */
import {
  encodeSubprotocol,
  parseBareHeaders,
  serializeBareHeaders,
  toHeaderPairs,
  type HeaderPair,
} from '@culvert/bare-protocol';
import { BareError } from '../errors.js';
import { fetchWithin } from '../fetch-within.js';
import { withoutHeaders } from '../header-pairs.js';
import { readServerError } from '../server-errors.js';
import {
  decodeBareResponse,
  forwardedByDefault,
  encodeBareRequest,
  requestUrl,
  splitAddress,
} from '../versions/http-messages.js';
import type { BareSocket, BareSocketHandlers } from './bare-socket.js';
import { openNativeSocket, type NativeSocket } from './native-socket.js';

export interface MetaSocketOptions {
  /** Absolute URL of the Bare directory. */
  server: string;
  version: 'v1' | 'v2';
  /** ws: or wss:. */
  remote: string;
  protocols: string[];
  /** All of the handshake, Host included. */
  headers: Record<string, string | string[]>;
  fetch: typeof fetch | undefined;
  WebSocket: typeof WebSocket;
}

interface HandshakeAnswer {
  status: number;
  headers: HeaderPair[];
}

/** V1's server forwards nothing by itself. The frames are the client's, so the remote has to agree with it on what they are. */
const v1ForwardHeaders = [
  ...forwardedByDefault,
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-version',
];
const requestLimit = 10_000;

export function connectMetaSocket(options: MetaSocketOptions, handlers: BareSocketHandlers): BareSocket {
  const { remote, version } = options;
  let native: NativeSocket | null = null;
  let isOpen = false;
  let isFailed = false;
  /** What came before the remote's answer to the handshake was known. */
  let early: (string | ArrayBuffer)[] = [];
  let earlyClose: [code: number, reason: string, wasClean: boolean] | null = null;

  const fail = (reason: string, isServerFault: boolean): void => {
    if (isFailed) return;
    isFailed = true;
    native?.close();
    handlers.error(`Failed to connect to ${remote}: ${reason}`, isServerFault);
    handlers.close(1006, '', false);
  };
  const failWith = (error: Error): void => fail(error.message, true);

  const receiveAnswer = (answer: HandshakeAnswer): void => {
    if (isFailed) return;
    const chosen = valuesOf(answer.headers, 'sec-websocket-protocol')[0] ?? '';
    const offered = options.protocols.length === 0 ? [''] : options.protocols;
    if (!offered.includes(chosen)) {
      fail(`the remote chose the subprotocol ${JSON.stringify(chosen)} of ${JSON.stringify(offered)}.`, false);
      return;
    }
    isOpen = true;
    handlers.open(chosen, valuesOf(answer.headers, 'set-cookie'));
    for (const data of early) handlers.message(data);
    early = [];
    if (earlyClose) handlers.close(...earlyClose);
  };

  const open = async (): Promise<void> => {
    const id = await requestId(options);
    if (isFailed) return;
    const url = requestUrl(options.server, version).replace(/^http/, 'ws');
    let isReached = false;
    native = openNativeSocket(
      options.WebSocket,
      url,
      {
        open() {
          isReached = true;
          requestAnswer(options, id).then(receiveAnswer, failWith);
        },
        message(data) {
          if (isOpen) handlers.message(data);
          else early.push(data);
        },
        close(code, reason, wasClean) {
          if (isOpen) handlers.close(code, reason, wasClean);
          else if (isReached) earlyClose = [code, reason, wasClean];
          else void explainRefusal(id);
        },
      },
      version === 'v1' ? ['bare', encodeV1Request(options, id)] : [id],
    );
  };

  /** The engine does not tell why a WebSocket could not be opened. Some servers know what the remote said. */
  const explainRefusal = async (id: string): Promise<void> => {
    const answer = version === 'v2' ? await requestAnswer(options, id).catch(() => null) : null;
    if (answer === null) fail('the Bare server could not open the WebSocket, or the remote refused it.', true);
    else fail(`the remote answered the handshake with ${answer.status}.`, false);
  };

  open().catch(failWith);
  return {
    send: (data) => native!.send(data),
    close(code, reason) {
      if (isOpen) native!.close(code, reason);
      else fail('it was closed before the connection was established.', false);
    },
    get bufferedAmount() {
      return isOpen ? native!.bufferedAmount() : 0;
    },
    get extensions() {
      return isOpen ? native!.extensions() : '';
    },
  };
}

async function requestId(options: MetaSocketOptions): Promise<string> {
  const { version, remote } = options;
  const headers = version === 'v1' ? [] : encodeBareRequest(remote, handshakePairs(options), { version });
  const id = await ask(options, 'ws-new-meta', headers, async (answer) => (await answer.text()).trim());
  if (/^[!#$&'*+\-.0-9A-Z^_`a-z|~]+$/.test(id)) return id;
  throw invalidAnswer(options, `an ID for a WebSocket is ${JSON.stringify(id.slice(0, 40))}`);
}

async function requestAnswer(options: MetaSocketOptions, id: string): Promise<HandshakeAnswer> {
  return ask(options, 'ws-meta', [['X-Bare-ID', id]], async (answer) => {
    if (options.version === 'v2') {
      const decoded = decodeBareResponse((name) => answer.headers.get(name));
      if (decoded === null) throw invalidAnswer(options, 'X-Bare-Status is missing');
      return decoded;
    }
    const text = await answer.text();
    try {
      return { status: 101, headers: parseBareHeaders(JSON.stringify(JSON.parse(text).headers)) };
    } catch {
      throw invalidAnswer(options, `the meta data is ${JSON.stringify(text.slice(0, 40))}`);
    }
  });
}

function ask<T>(
  options: MetaSocketOptions,
  endpoint: string,
  headers: HeaderPair[],
  read: (answer: Response) => Promise<T>,
): Promise<T> {
  const { server, version, remote } = options;
  const init: RequestInit = { headers, cache: 'no-store' };
  return fetchWithin(requestUrl(server, version) + endpoint, init, {
    server,
    remoteUrl: remote,
    timeout: requestLimit,
    fetch: options.fetch,
    read: async (answer) => {
      if (!answer.ok) throw await readServerError(answer, server, remote);
      return read(answer);
    },
  });
}

/** As JSON with nothing above ASCII in it, which the encoding could not carry. */
function encodeV1Request(options: MetaSocketOptions, id: string): string {
  const { port, ...address } = splitAddress(new URL(options.remote));
  // The headers' JSON is ASCII already; whatever else is not comes from no URL.
  const headers = serializeBareHeaders(handshakePairs(options));
  const rest = JSON.stringify({
    remote: { ...address, port: Number(port) },
    forward_headers: v1ForwardHeaders,
    id,
  });
  return encodeSubprotocol(`${rest.slice(0, -1)},"headers":${headers}}`);
}

/** v3 names the subprotocols beside the headers; here they are one. */
function handshakePairs({ headers, protocols }: MetaSocketOptions): HeaderPair[] {
  const pairs = withoutHeaders(toHeaderPairs(headers), /^sec-websocket-protocol$/i);
  return protocols.length > 0 ? [...pairs, ['Sec-WebSocket-Protocol', protocols.join(', ')]] : pairs;
}

function valuesOf(headers: HeaderPair[], wanted: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

function invalidAnswer({ server, version }: MetaSocketOptions, reason: string): BareError {
  return new BareError({
    code: 'IMPL_INVALID_RESPONSE',
    id: 'response',
    message: `the Bare server ${server} does not answer as ${version} says: ${reason}. Name another version with the option "version".`,
  });
}
