/**
 * @module
 * One client in a tunnel, as a Duplex with the address properties of a net.Socket: it can be piped, or handed to a
 * server as its connection. The tunnel moves its bytes; this decides when the peer has to pause.
 */
import { Duplex } from 'node:stream';
import { addrToId, type Address } from '../index.js';
import { Backlog } from './backlog.js';

/** What the tunnel does for its sockets. */
export interface SocketCarrier {
  send(socket: TunnelSocket, data: Uint8Array, done: () => void): void;
  sendEnd(socket: TunnelSocket): void;
  sendFlow(socket: TunnelSocket, event: 'pause' | 'resume'): void;
  backlogChanged(bytes: number): void;
  destroyed(socket: TunnelSocket, error: Error | null): void;
}

/** Enough for a pause to be rare where both ends keep up, and little enough for a thousand stalled clients. */
const highWaterMark = 256 * 1024;

export class TunnelSocket extends Duplex {
  readonly id: string;
  readonly remoteFamily: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The port the client connected to at the relay. */
  readonly localPort: number | undefined;
  readonly service: string;
  /** The host name the client asked for, if the relay knows one. */
  readonly servername: string | undefined;

  /** Which last messages have passed: each side sends an end or an error, and a client is over when both have. */
  sentLast = false;
  receivedLast = false;
  /** The peer has asked for no more. */
  peerPaused = false;
  lastActive = Date.now();

  #backlog = new Backlog();
  #isFull = false;
  #pauseSent = false;
  #endPending = false;
  readonly #carrier: SocketCarrier;

  constructor(address: Address, carrier: SocketCarrier) {
    super({ readableHighWaterMark: highWaterMark, writableHighWaterMark: highWaterMark });
    this.#carrier = carrier;
    this.id = addrToId(address);
    this.remoteFamily = address.family;
    this.remoteAddress = address.address;
    this.remotePort = Number(address.port);
    this.localPort = address.serviceport ? Number(address.serviceport) : undefined;
    this.service = address.service ?? '';
    this.servername = address.name || undefined;
  }

  /** How many bytes came after the pause. */
  get backlogLength(): number {
    return this.#backlog.byteLength;
  }

  receive(data: Uint8Array): void {
    this.lastActive = Date.now();
    if (this.destroyed || this.receivedLast) {
      return;
    }
    if (this.#isFull) {
      this.#backlog.add(data);
      this.#carrier.backlogChanged(data.byteLength);
      return;
    }
    // A small view would keep the whole chunk of the transport alive for as long as it waits.
    const isSmallView = data.buffer.byteLength > 2 * data.byteLength;
    if (!this.push(isSmallView ? Buffer.from(data) : data)) {
      this.#isFull = true;
      this.#pauseSent = true;
      this.#carrier.sendFlow(this, 'pause');
    }
  }

  receiveEnd(): void {
    this.receivedLast = true;
    if (this.destroyed) {
      return;
    }
    if (this.#backlog.byteLength > 0) {
      this.#endPending = true;
    } else {
      this.push(null);
    }
  }

  // Stream contract ------------------------------------------------------------------------------------------------

  override _read(): void {
    this.#isFull = false;
    for (let block = this.#backlog.take(); block; block = this.#backlog.take()) {
      this.#carrier.backlogChanged(-block.byteLength);
      if (!this.push(block)) {
        this.#isFull = true;
        break;
      }
    }
    if (this.#backlog.byteLength > 0) {
      return;
    }
    if (this.#endPending) {
      this.#endPending = false;
      this.push(null);
    } else if (this.#pauseSent && !this.#isFull) {
      this.#pauseSent = false;
      this.#carrier.sendFlow(this, 'resume');
    }
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#carrier.send(this, chunk, done);
  }

  override _final(done: () => void): void {
    this.#carrier.sendEnd(this);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#carrier.backlogChanged(-this.#backlog.byteLength);
    this.#backlog.clear();
    this.#carrier.destroyed(this, error);
    done(error);
  }

  // What servers call on a connection that they take for a net.Socket; here they have nothing to act on.

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
