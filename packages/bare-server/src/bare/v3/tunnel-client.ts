/**
 * @module
 * The client's end of a v3 tunnel as the tunnel sees it: the WebSocket of `ws`, or a message channel over an HTTP socket, where a
 * middlebox lets no WebSocket through.
 */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { MessageChannel } from '@culvert/http-socket';
import { openMessageChannelOnDuplex } from '@culvert/http-socket/node';
import type { RawData } from 'ws';

interface TunnelClientEvents {
  message: [data: RawData, isBinary: boolean];
  close: [code: number, reason: Buffer];
  error: [error: Error];
}

/** The part of the WebSocket class of `ws` that a tunnel uses. */
export interface TunnelClient {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly isPaused: boolean;
  on<E extends keyof TunnelClientEvents>(event: E, listener: (...data: TunnelClientEvents[E]) => void): unknown;
  send(data: RawData | string, options: { binary: boolean }, sent?: (error?: Error) => void): void;
  ping(data: undefined, mask: undefined, sent: (error?: Error) => void): void;
  pause(): void;
  resume(): void;
  close(code?: number, reason?: string | Buffer): void;
  terminate(): void;
}

/** The states of a WebSocket; connecting is over before there is one of these. */
const open = 1;
const closed = 3;

/** A message channel over a stream, with the members of a WebSocket. */
export class ChannelClient extends EventEmitter<TunnelClientEvents> implements TunnelClient {
  readyState = open;
  readonly #channel: MessageChannel;
  readonly #stream: Duplex;

  constructor(stream: Duplex, maxMessageSize: number) {
    super();
    this.#stream = stream;
    this.#channel = openMessageChannelOnDuplex(
      stream,
      {
        message: (data) => {
          const isBinary = typeof data !== 'string';
          this.emit('message', isBinary ? Buffer.from(data) : Buffer.from(data, 'utf8'), isBinary);
        },
        close: (code, reason) => {
          this.readyState = closed;
          this.emit('close', code, Buffer.from(reason));
        },
      },
      { maxPayload: maxMessageSize },
    );
  }

  /** The stream's own count, which is down when `sent` is called; the channel's follows a moment later. */
  get bufferedAmount(): number {
    return this.#stream.writableLength;
  }

  get isPaused(): boolean {
    return this.#stream.isPaused();
  }

  send(data: RawData | string, { binary }: { binary: boolean }, sent?: (error?: Error) => void): void {
    if (typeof data === 'string') this.#channel.send(data);
    else this.#channel.send(binary ? toBuffer(data) : toBuffer(data).toString('utf8'));
    // Writes are called back in their order: this one comes after the message's.
    if (sent) this.#stream.write(noBytes, (error) => sent(error ?? undefined));
  }

  /** An empty write instead: all that is asked of a ping here is that it waits its turn. */
  ping(_data: undefined, _mask: undefined, sent: (error?: Error) => void): void {
    this.#stream.write(noBytes, (error) => sent(error ?? undefined));
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(code?: number, reason: string | Buffer = ''): void {
    this.#channel.close(code, reason.toString());
  }

  /** Ends the stream without a close frame, which the other end reads as code 1006. */
  terminate(): void {
    this.#stream.end(() => this.#channel.receiveEnd());
  }
}

const noBytes = Buffer.alloc(0);

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
