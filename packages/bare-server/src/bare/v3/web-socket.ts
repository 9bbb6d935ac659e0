/**
 * @module
 * A v3 WebSocket tunnel: connect message in, open message out, then messages both ways until either side closes.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  BareProtocolError,
  bareErrorStatus,
  parseConnectMessage,
  serializeOpenMessage,
  serializeSocketFailure,
  toHeaderPairs,
} from '@culvert/bare-protocol';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { defaults, type BareServerOptions } from '../../options.js';
import { noteError, noteRemote } from '../../operation/visit.js';
import { openRemoteWebSocket, type RemoteSocketRequest } from '../../remote/remote-web-socket.js';
import type { Upstream } from '../../remote/upstream.js';
import { checkNames, rulesFor, type ListRules } from '../header-lists.js';
import { checkHeaderPairs, forwardHeaders } from '../remote-headers.js';
import { ChannelClient, type TunnelClient } from './tunnel-client.js';

interface Message {
  data: RawData;
  isBinary: boolean;
}

/** A receiver that has this much waiting holds back its sender, until half of it is gone. */
const highWaterMark = 1024 * 1024;
/** Messages that a client sends before its tunnel is open are kept up to this size. */
const maxEarlyBytes = 16 * 1024 * 1024;
/** RFC 6455 section 7.4.1. */
const goingAway = 1001;
const policyViolation = 1008;
const internalError = 1011;
const noStatusReceived = 1005;
const abnormalClosure = 1006;

export class V3WebSocketServer {
  readonly #upstream: Upstream;
  readonly #rules: ListRules;
  readonly #connectMessageTimeout: number;
  readonly #maxMessageSize: number;
  readonly #onInternalError: ((error: unknown) => void) | undefined;
  readonly #server: WebSocketServer;

  constructor(upstream: Upstream, options: BareServerOptions) {
    this.#upstream = upstream;
    this.#rules = rulesFor('v3', options.forbiddenHeaders).forward;
    this.#connectMessageTimeout = options.connectMessageTimeout ?? defaults.connectMessageTimeout;
    this.#maxMessageSize = options.maxMessageSize ?? defaults.maxMessageSize;
    this.#onInternalError = options.onInternalError;
    // Compressing again what comes compressed from the remote costs more than it saves on the way to the client.
    this.#server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: this.#maxMessageSize });
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => this.#serve(client, request, socket));
  }

  /** Says goodbye to the clients (RFC 6455 section 7.4.1: 1001 is for a server that goes down); what is not over then is ended by `close`. */
  sayGoodbye(): void {
    for (const client of this.#server.clients) client.close(goingAway, 'The server is shutting down.');
  }

  /** The same over a stream of message frames, such as an HTTP socket. */
  acceptStream(request: IncomingMessage, stream: Duplex): void {
    this.#serve(new ChannelClient(stream, this.#maxMessageSize), request, stream);
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  /** Listeners are added in the turn of the upgrade, so that nothing a client sends with or right after it is lost. */
  #serve(client: TunnelClient, request: IncomingMessage, carrier: Duplex): void {
    let remote: WebSocket | null = null;
    let isOpen = false;
    let early: Message[] = [];
    let earlyBytes = 0;
    let earlyClose: { code: number; reason: Buffer } | null = null;

    const refuse = (error: unknown): void => {
      noteError(carrier, toProtocolError(error).code);
      clearTimeout(timer);
      early = [];
      if (!(error instanceof BareProtocolError)) this.#onInternalError?.(error);
      const { code, message } = toProtocolError(error);
      client.close(
        bareErrorStatus(code) < 500 ? policyViolation : internalError,
        serializeSocketFailure({ code, message }),
      );
    };
    const timer = setTimeout(
      () => refuse(invalidFirstMessage(`none came within ${this.#connectMessageTimeout / 1000} s`)),
      this.#connectMessageTimeout,
    );

    const connect = ({ data, isBinary }: Message): void => {
      clearTimeout(timer);
      const wanted = this.#readConnectMessage(data, isBinary, request);
      noteRemote(carrier, wanted.url);
      const connecting = openRemoteWebSocket(this.#upstream, wanted, {
        open(handshake) {
          client.send(serializeOpenMessage(handshake), { binary: false });
          isOpen = true;
          for (const message of early) relay(client, connecting, message);
          early = [];
          if (earlyClose) closeLike(connecting, earlyClose.code, earlyClose.reason);
          if (client.isPaused && connecting.bufferedAmount < highWaterMark) client.resume();
        },
        error: refuse,
      });
      remote = connecting;
      connecting.on('message', (data, isBinary) => relay(connecting, client, { data, isBinary }));
      connecting.on('close', (code, reason) => {
        if (isOpen) closeLike(client, code, reason);
      });
    };

    client.on('message', (data, isBinary) => {
      if (client.readyState !== WebSocket.OPEN) return;
      if (remote === null) {
        try {
          connect({ data, isBinary });
        } catch (error) {
          refuse(error);
        }
      } else if (isOpen) {
        relay(client, remote, { data, isBinary });
      } else {
        early.push({ data, isBinary });
        earlyBytes += byteLength(data);
        // Not paused before: a paused socket does not notice that its peer goes away.
        if (earlyBytes > maxEarlyBytes) client.pause();
      }
    });
    client.on('close', (code, reason) => {
      clearTimeout(timer);
      if (remote === null) return;
      if (isOpen) closeLike(remote, code, reason);
      // A client that said something, then goodbye, before we could pass it on has still said it.
      else if (early.length > 0 && code !== abnormalClosure) earlyClose = { code, reason };
      else remote.terminate();
    });
    // `close` follows; there is nobody to tell about a client that breaks the protocol.
    client.on('error', () => undefined);
  }

  /** @throws BareProtocolError */
  #readConnectMessage(data: RawData, isBinary: boolean, request: IncomingMessage): RemoteSocketRequest {
    if (isBinary) throw invalidFirstMessage('it is binary');
    const message = parseConnectMessage(data.toString());
    const url = URL.canParse(message.remote) ? new URL(message.remote) : null;
    if (url === null || (url.protocol !== 'ws:' && url.protocol !== 'wss:')) {
      throw invalidFirstMessage('remote is not a ws: or wss: URL');
    }
    const names = message.forwardHeaders.map((name) => name.toLowerCase());
    const listed = checkNames(names, 'bare.forward_headers', 'forwardHeaders', this.#rules);
    const pairs = toHeaderPairs(message.headers);
    checkHeaderPairs(pairs);
    return {
      url,
      protocols: message.protocols,
      headers: forwardHeaders(pairs, request.rawHeaders, listed, { rules: this.#rules, hasCache: false }),
      maxMessageSize: this.#maxMessageSize,
    };
  }
}

function relay(from: TunnelClient, to: TunnelClient, { data, isBinary }: Message): void {
  if (to.readyState !== WebSocket.OPEN) return;
  to.send(data, { binary: isBinary }, () => {
    if (from.isPaused && to.bufferedAmount < highWaterMark / 2) from.resume();
  });
  if (to.bufferedAmount > highWaterMark) from.pause();
}

/** Ends one side as the other has ended. */
function closeLike(socket: TunnelClient, code: number, reason: Buffer): void {
  // Held back by a peer that is gone, it would never read the answer to our close frame.
  socket.resume();
  if (code === abnormalClosure) terminateWhenSent(socket);
  else if (code === noStatusReceived) socket.close();
  else socket.close(code, reason);
}

/** Ends without a close frame, but only once all that came before the end has been handed to the system. */
function terminateWhenSent(socket: TunnelClient): void {
  if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount === 0) socket.terminate();
  // A ping waits its turn behind the messages, and no page can see it.
  else socket.ping(undefined, undefined, () => socket.terminate());
}

function byteLength(data: RawData): number {
  return Array.isArray(data) ? data.reduce((total, part) => total + part.length, 0) : data.byteLength;
}

function toProtocolError(error: unknown): BareProtocolError {
  return error instanceof BareProtocolError
    ? error
    : new BareProtocolError('UNKNOWN', 'error', 'The Bare server failed.');
}

function invalidFirstMessage(reason: string): BareProtocolError {
  return new BareProtocolError(
    'IMPL_INVALID_SOCKET_MESSAGE',
    'request.body',
    `The connect message is not valid: ${reason}.`,
  );
}
