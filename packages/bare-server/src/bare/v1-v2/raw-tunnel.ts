/**
 * @module
 * A v1 or v2 WebSocket: the remote's handshake answers the client's, and from then on bytes go both ways as they are. Frames,
 * extensions and close codes are between the client and the remote.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { BareProtocolError, isHeaderValue } from '@culvert/bare-protocol';
import type { BareServerOptions } from '../../options.js';
import { noteRemote } from '../../operation/visit.js';
import { openRemoteTunnel } from '../../remote/remote-tunnel.js';
import type { Upstream } from '../../remote/upstream.js';
import { refuseConnection } from '../client-error.js';
import { rulesFor } from '../header-lists.js';
import { toPairs } from '../remote-answer.js';
import type { MetaVersion, SocketAnswer, SocketMeta, SocketRequest } from './socket-meta.js';
import { readHandshake, readV1Protocols, remoteHandshakeHeaders, type ClientHandshake } from './tunnel-request.js';

/** A client may not send before it has its answer; one that does all the same is not read for ever. */
const maxEarlyBytes = 1024 * 1024;
/** RFC 6455 section 1.3. */
const acceptSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export class RawTunnelServer {
  readonly #upstream: Upstream;
  readonly #meta: SocketMeta;
  readonly #options: BareServerOptions;
  readonly #sockets = new Set<Duplex>();

  constructor(upstream: Upstream, meta: SocketMeta, options: BareServerOptions) {
    this.#upstream = upstream;
    this.#meta = meta;
    this.#options = options;
  }

  accept(version: MetaVersion, request: IncomingMessage, client: Duplex, head: Buffer): void {
    this.#track(client);
    const early = new EarlyBytes(client, head);
    void this.#serve(version, request, client, early).catch((error: unknown) => {
      if (!(error instanceof BareProtocolError)) this.#options.onInternalError?.(error);
      refuseConnection(client, error instanceof BareProtocolError ? error : internalError());
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(version: MetaVersion, request: IncomingMessage, client: Duplex, early: EarlyBytes): Promise<void> {
    const handshake = readHandshake(request);
    const { id, ...wanted } = await this.#readRequest(version, handshake);
    const { forward } = rulesFor(version, this.#options.forbiddenHeaders);
    const headers = remoteHandshakeHeaders(wanted, handshake, request.rawHeaders, forward);
    const url = new URL(wanted.url);
    noteRemote(client, url);
    if (client.destroyed || early.hasEnded) {
      client.destroy();
      return;
    }
    const remote = await this.#openRemote(url, headers, client);
    if (remote === null) return;
    const { answer, socket, remoteHead } = remote;
    const kept: SocketAnswer = {
      status: answer.statusCode ?? 0,
      statusText: answer.statusMessage ?? '',
      headers: toPairs(answer.rawHeaders),
    };
    const isRefusal = checkAnswer(answer, handshake, url);
    // v1's meta data cannot say that the remote refused.
    if (id !== null && (isRefusal === null || version === 'v2')) await this.#meta.keepAnswer(version, id, kept);
    if (socket === null || isRefusal !== null) {
      socket?.destroy();
      throw isRefusal ?? internalError();
    }
    this.#track(socket);
    client.write(switchingProtocols(answer, version === 'v1' ? 'bare' : handshake.protocols[0]!));
    join(client, early, socket, remoteHead);
  }

  async #readRequest(
    version: MetaVersion,
    { protocols }: ClientHandshake,
  ): Promise<SocketRequest & { id: string | null }> {
    const where = 'request.headers.sec-websocket-protocol';
    if (version === 'v1') {
      const request = readV1Protocols(protocols, rulesFor('v1', this.#options.forbiddenHeaders).forward);
      if (request.id !== null) await this.#meta.takeId('v1', request.id, where);
      return request;
    }
    const id = protocols[0] ?? '';
    const request = await this.#meta.takeId('v2', id, where);
    if (request === null) throw internalError();
    return { ...request, id };
  }

  /** Null when the client has gone in the meantime. @throws BareProtocolError */
  #openRemote(
    url: URL,
    headers: [string, string][],
    client: Duplex,
  ): Promise<{ answer: IncomingMessage; socket: Duplex | null; remoteHead: Buffer } | null> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        tunnel.abort();
        client.destroy();
        resolve(null);
      };
      const settled = (): void => {
        client.removeListener('close', giveUp);
        client.removeListener('end', giveUp);
      };
      const tunnel = openRemoteTunnel(
        this.#upstream,
        { url, headers },
        {
          open(answer, socket, remoteHead) {
            settled();
            resolve({ answer, socket, remoteHead });
          },
          refused(answer) {
            settled();
            resolve({ answer, socket: null, remoteHead: Buffer.alloc(0) });
          },
          error(error) {
            settled();
            reject(error);
          },
        },
      );
      client.once('close', giveUp);
      client.once('end', giveUp);
    });
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

/** What the client sends before the tunnel stands. It is read, and not left in the socket, so that its going away is noticed. */
class EarlyBytes {
  readonly #client: Duplex;
  #chunks: Buffer[];
  #length: number;
  hasEnded = false;
  readonly #receive = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length > maxEarlyBytes) this.#client.pause();
  };
  readonly #end = (): void => {
    this.hasEnded = true;
  };

  constructor(client: Duplex, head: Buffer) {
    this.#client = client;
    this.#chunks = head.length > 0 ? [head] : [];
    this.#length = head.length;
    client.on('data', this.#receive);
    client.once('end', this.#end);
  }

  /** Hands the client over to the next reader, which has to begin to read in this turn. */
  take(): Buffer[] {
    this.#client.removeListener('data', this.#receive);
    this.#client.removeListener('end', this.#end);
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}

/** Relays bytes until both have said all. When one breaks off, so does the other. */
function join(client: Duplex, early: EarlyBytes, remote: Duplex, remoteHead: Buffer): void {
  for (const chunk of early.take()) remote.write(chunk);
  if (remoteHead.length > 0) client.write(remoteHead);
  for (const [from, to] of [
    [client, remote],
    [remote, client],
  ] as const) {
    from.on('error', () => to.destroy());
    // After an orderly end `to` has been ended too, and is left to send what it has.
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
      else if (!to.writableEnded) to.end();
    });
    from.pipe(to);
  }
  // One may have gone while the answer was put away.
  if (client.destroyed || remote.destroyed) {
    client.destroy();
    remote.destroy();
  }
}

/** Null when the remote has agreed to speak WebSocket. */
function checkAnswer(answer: IncomingMessage, handshake: ClientHandshake, url: URL): BareProtocolError | null {
  const refuse = (reason: string): BareProtocolError =>
    new BareProtocolError('IMPL_SOCKET_REFUSED', 'response', `${url.host} ${reason}.`);
  const status = `${answer.statusCode} ${answer.statusMessage ?? ''}`.trim();
  if (answer.statusCode !== 101) return refuse(`answered the handshake with ${status}`);
  const expected = createHash('sha1')
    .update(handshake.key + acceptSalt)
    .digest('base64');
  if (answer.headers['sec-websocket-accept'] !== expected) return refuse('did not accept the WebSocket handshake');
  return null;
}

function switchingProtocols({ headers }: IncomingMessage, protocol: string): string {
  const extensions = headers['sec-websocket-extensions'];
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${headers['sec-websocket-accept']}`,
    `Sec-WebSocket-Protocol: ${protocol}`,
    ...(extensions !== undefined && isHeaderValue(extensions) ? [`Sec-WebSocket-Extensions: ${extensions}`] : []),
    '\r\n',
  ].join('\r\n');
}

function internalError(): BareProtocolError {
  return new BareProtocolError('UNKNOWN', 'error', 'The Bare server failed; its log says more.');
}
