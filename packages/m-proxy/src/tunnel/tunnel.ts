/**
 * @module
 * One tunnel: many clients over one Duplex. Knows messages, fairness, pauses and heartbeats, and nothing of routes and
 * tokens, which are the relay's and the device's.
 */
import type { Duplex } from 'node:stream';
import {
  addrToId,
  isServiceEvent,
  MProxyError,
  packMessage,
  Unpacker,
  type Address,
  type ControlError,
  type ErrorMessage,
  type Message,
} from '../index.js';
import { CommandChannel } from './command-channel.js';
import type { TunnelOptions } from './options.js';
import { TunnelSocket } from './tunnel-socket.js';

export interface TunnelHandlers {
  command(command: string, args: unknown[]): unknown;
  notice?(error: ControlError): void;
  /** A client the peer opens. Without it, such messages are dropped. */
  connection?(socket: TunnelSocket): void;
  /** The last that is heard of the tunnel; its sockets are destroyed. Null: the peer, or `close()`, ended it in order. */
  close(error: MProxyError | null): void;
}

/** Larger chunks go as several messages, so that clients take turns. */
const maxSentLength = 64 * 1024;

/** How long a closed tunnel's stream has for its last bytes. */
const closePatience = 1000;

interface Outgoing {
  rest: Uint8Array;
  done(): void;
}

export class Tunnel {
  #sockets = new Map<string, TunnelSocket>();
  /** Chunks that wait for the transport or for the client's resume. A socket has at most one. */
  #outgoing = new Map<TunnelSocket, Outgoing>();
  /** Sockets whose chunk waits for the transport alone, in the order of their turns. */
  #turns = new Set<TunnelSocket>();
  #isFlushing = false;
  #isBlocked = false;
  #blockedSince = 0;
  #lastReceived = Date.now();
  #backlog = 0;
  #closed: { error: MProxyError | null } | undefined;
  readonly #unpacker: Unpacker;
  readonly #commands: CommandChannel;
  readonly #tick: NodeJS.Timeout;

  constructor(
    private readonly stream: Duplex,
    private readonly handlers: TunnelHandlers,
    private readonly options: TunnelOptions,
  ) {
    this.#commands = new CommandChannel(
      (message) => this.#write(message),
      {
        command: (command, args) => handlers.command(command, args),
        notice: (error) => handlers.notice?.(error),
      },
      options.requestTimeout,
    );
    this.#unpacker = new Unpacker(
      {
        onmessage: (message) => this.#receiveData(message),
        oncontrol: (message) => this.#commands.receive(message.data),
        onconnection: (message) => this.#receiveConnection(message),
        onpause: (message) => this.#receivePause(message),
        onresume: (message) => this.#receiveResume(message),
        onend: (message) => this.#receiveEnd(message),
        onerror: (message) => this.#receiveError(message),
      },
      { maxDataLength: options.maxMessageLength },
    );
    stream.on('data', (chunk: Uint8Array) => this.#receive(() => this.#unpacker.addChunk(chunk)));
    stream.on('end', () => {
      this.#receive(() => this.#unpacker.end());
      this.#finish(null);
    });
    stream.on('drain', () => this.#drain());
    stream.on('error', (cause) => this.#finish(closedError('its stream failed', cause)));
    stream.on('close', () => this.#finish(closedError('its stream was closed')));
    this.#tick = setInterval(() => this.#heartbeat(), options.heartbeatInterval);
    this.#tick.unref();
  }

  get size(): number {
    return this.#sockets.size;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  has(address: Pick<Address, 'family' | 'address' | 'port'>): boolean {
    return this.#sockets.has(addrToId(address));
  }

  /**
   * Opens a client to the peer.
   * @throws MProxyError M_PROXY_LIMIT, M_PROXY_CLOSED, or what makes the address impossible to pack
   */
  open(address: Address): TunnelSocket {
    if (this.#closed) {
      throw closedError('it is closed already');
    }
    if (this.#sockets.size >= this.options.maxClients) {
      throw new MProxyError('M_PROXY_LIMIT', `Failed to open a client: the tunnel has ${this.#sockets.size} of them.`);
    }
    const id = addrToId(address);
    if (this.#sockets.has(id) || isServiceEvent(address.service ?? '')) {
      throw new MProxyError(
        'M_PROXY_BAD_OPTION',
        `Failed to open the client ${id}: its id, or its service, is in use.`,
      );
    }
    const message = packMessage(address, undefined, 'connection');
    const socket = this.#createSocket(address);
    this.#write(message);
    return socket;
  }

  request(command: string, ...args: unknown[]): Promise<unknown> {
    return this.#closed
      ? Promise.reject(closedError('it is closed already'))
      : this.#commands.request(command, ...args);
  }

  /** Ends the tunnel, its clients with it; the peer is told the reason if there is one. */
  close(reason?: MProxyError): void {
    if (reason && !this.#closed) {
      this.#commands.notify(reason);
    }
    this.#finish(reason ?? null);
  }

  // Receiving ------------------------------------------------------------------------------------------------------

  #receive(read: () => void): void {
    if (this.#closed) {
      return;
    }
    this.#lastReceived = Date.now();
    try {
      read();
    } catch (error) {
      const failure = error instanceof MProxyError ? error : closedError('a handler failed', error);
      this.close(failure);
    }
  }

  #receiveData(message: Message): void {
    const socket = this.#sockets.get(addrToId(message));
    if (!socket || !message.data) {
      return; // Data that was under way when the client was reset here.
    }
    socket.receive(message.data);
    if (socket.backlogLength > this.options.maxClientBuffer || this.#backlog > this.options.maxTunnelBuffer) {
      socket.destroy(
        new MProxyError(
          'M_PROXY_BUFFER_EXCEEDED',
          `Failed to keep ${socket.backlogLength} bytes for the client ${socket.id}: the peer did not pause.`,
        ),
      );
    }
  }

  #receiveConnection(message: Message): void {
    // A second opening of a live client can only be a peer's mistake; to answer it would hit the first.
    if (!this.handlers.connection || this.has(message)) {
      return;
    }
    if (this.#sockets.size >= this.options.maxClients) {
      this.#write(packMessage(clientOf(message), errorData('M_PROXY_LIMIT'), 'error'));
      return;
    }
    const socket = this.#createSocket(message as Address);
    // Whoever takes the socket adds its own listener; a failure before that is told to the peer all the same.
    socket.on('error', () => {});
    try {
      this.handlers.connection(socket);
    } catch (error) {
      socket.destroy(error as Error);
    }
  }

  #receivePause(message: Message): void {
    const socket = this.#sockets.get(addrToId(message));
    if (socket) {
      socket.peerPaused = true;
      this.#turns.delete(socket);
    }
  }

  #receiveResume(message: Message): void {
    const socket = this.#sockets.get(addrToId(message));
    if (socket) {
      socket.peerPaused = false;
      if (this.#outgoing.has(socket)) {
        this.#turns.add(socket);
        this.#flush();
      }
    }
  }

  #receiveEnd(message: Message): void {
    const socket = this.#sockets.get(addrToId(message));
    if (socket) {
      socket.receiveEnd();
      this.#forgetIfOver(socket);
    }
  }

  #receiveError(message: ErrorMessage): void {
    const socket = this.#sockets.get(addrToId(message));
    if (!socket) {
      return;
    }
    socket.receivedLast = true;
    const code = typeof message.code === 'string' ? message.code : 'none';
    socket.destroy(
      new MProxyError('M_PROXY_CLIENT_RESET', `The peer has reset the client ${socket.id} (${code}).`, {
        cause: { code, message: message.message },
      }),
    );
    this.#forgetIfOver(socket);
  }

  // Sending --------------------------------------------------------------------------------------------------------

  #write(message: Uint8Array): void {
    if (this.#closed) {
      return;
    }
    if (!this.stream.write(message) && !this.#isBlocked) {
      this.#isBlocked = true;
      this.#blockedSince = Date.now();
    }
    if (this.stream.writableLength > this.options.maxTunnelBuffer) {
      this.#finish(new MProxyError('M_PROXY_STALLED', 'Failed to send: the peer asks for more than it reads.'));
    }
  }

  #drain(): void {
    this.#isBlocked = false;
    this.#flush();
  }

  /** One message a turn, until the transport is full. */
  #flush(): void {
    if (this.#isFlushing) {
      return; // A socket's next chunk, given in its callback: it is at the end of the turns.
    }
    this.#isFlushing = true;
    try {
      for (const socket of this.#turns) {
        if (this.#isBlocked || this.#closed) {
          break;
        }
        this.#turns.delete(socket);
        this.#sendTurn(socket);
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  #sendTurn(socket: TunnelSocket): void {
    const outgoing = this.#outgoing.get(socket);
    if (!outgoing) {
      return;
    }
    const part = outgoing.rest.subarray(0, maxSentLength);
    outgoing.rest = outgoing.rest.subarray(part.byteLength);
    this.#write(packMessage(clientOf(socket), part));
    if (outgoing.rest.byteLength > 0) {
      this.#turns.add(socket);
    } else {
      this.#outgoing.delete(socket);
      outgoing.done();
    }
  }

  #createSocket(address: Address): TunnelSocket {
    const socket = new TunnelSocket(address, {
      send: (sender, rest, done) => {
        sender.lastActive = Date.now();
        this.#outgoing.set(sender, { rest, done });
        if (!sender.peerPaused) {
          this.#turns.add(sender);
          this.#flush();
        }
      },
      sendEnd: (sender) => {
        this.#write(packMessage(clientOf(sender), undefined, 'end'));
        sender.sentLast = true;
        this.#forgetIfOver(sender);
      },
      sendFlow: (sender, event) => this.#write(packMessage(clientOf(sender), undefined, event)),
      backlogChanged: (bytes) => {
        this.#backlog += bytes;
      },
      destroyed: (sender, error) => this.#socketDestroyed(sender, error),
    });
    this.#sockets.set(socket.id, socket);
    return socket;
  }

  /** A socket that is destroyed before its end resets the client at the peer. */
  #socketDestroyed(socket: TunnelSocket, error: Error | null): void {
    this.#outgoing.delete(socket);
    this.#turns.delete(socket);
    socket.lastActive = Date.now();
    if (!socket.receivedLast) {
      this.#write(packMessage(clientOf(socket), errorData((error as { code?: unknown } | null)?.code), 'error'));
      socket.sentLast = true;
    } else if (!socket.sentLast) {
      // The peer has sent its last: one of ours, and its id is free. Data cut off is an error, an answer to one is an end.
      const isAnswer = error instanceof MProxyError && error.code === 'M_PROXY_CLIENT_RESET';
      this.#write(
        isAnswer
          ? packMessage(clientOf(socket), undefined, 'end')
          : packMessage(clientOf(socket), errorData((error as { code?: unknown } | null)?.code), 'error'),
      );
      socket.sentLast = true;
    }
    this.#forgetIfOver(socket);
  }

  #forgetIfOver(socket: TunnelSocket): void {
    if (socket.sentLast && socket.receivedLast) {
      this.#sockets.delete(socket.id);
    }
  }

  // Time -----------------------------------------------------------------------------------------------------------

  #heartbeat(): void {
    const now = Date.now();
    const silent = now - this.#lastReceived;
    if (silent > this.options.heartbeatTimeout) {
      this.#finish(new MProxyError('M_PROXY_HEARTBEAT_LOST', `The peer has sent nothing for ${silent} ms.`));
      return;
    }
    if (this.#isBlocked && now - this.#blockedSince > this.options.stallTimeout) {
      this.#finish(
        new MProxyError('M_PROXY_STALLED', `The peer has taken nothing for ${now - this.#blockedSince} ms.`),
      );
      return;
    }
    for (const socket of this.#sockets.values()) {
      if (socket.sentLast && now - socket.lastActive > this.options.halfOpenTimeout) {
        // The peer takes our end for the whole client's end, and says nothing more.
        socket.receivedLast = true;
        socket.destroy();
        this.#forgetIfOver(socket);
      }
    }
    this.#commands.ping();
  }

  #finish(error: MProxyError | null): void {
    if (this.#closed) {
      return;
    }
    this.#closed = { error };
    clearInterval(this.#tick);
    const reason = error ?? closedError('its peer has ended it');
    this.#commands.close(reason);
    for (const socket of this.#sockets.values()) {
      socket.destroy(reason);
    }
    this.#sockets.clear();
    this.#outgoing.clear();
    this.#turns.clear();
    if (this.#isBlocked || error?.code === 'M_PROXY_HEARTBEAT_LOST') {
      this.stream.destroy();
    } else {
      // A notice may still be on its way out; a late failure of the stream concerns nobody.
      this.stream.end();
      const patience = setTimeout(() => this.stream.destroy(), closePatience);
      patience.unref();
      this.stream.once('close', () => clearTimeout(patience));
    }
    this.handlers.close(error);
  }
}

/** After the first message a client is named by its address alone: header bytes are paid for each message. */
function clientOf(from: Message | TunnelSocket): Address {
  return from instanceof TunnelSocket
    ? { family: from.remoteFamily, address: from.remoteAddress, port: String(from.id.split(',')[2]) }
    : { family: from.family, address: from.address, port: from.port };
}

/** The code alone: the text of a system's error names addresses behind the device. */
function errorData(code: unknown): { message: string; code: string } {
  const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'ECONNRESET';
  return { message: `The connection failed: ${known}.`, code: known };
}

function closedError(why: string, cause?: unknown): MProxyError {
  return new MProxyError('M_PROXY_CLOSED', `The tunnel is closed: ${why}.`, cause === undefined ? {} : { cause });
}
