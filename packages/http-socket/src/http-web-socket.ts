/**
 * @module
 * A stand-in for the WebSocket class where WebSockets are blocked: what a library needs that takes an implementation of it. The
 * events are plain objects and the listeners are kept here, so that nothing a page has replaced is used.
 */
import { HttpSocket, type BrowserHttpSocketOptions } from './client/http-socket.js';
import type { HttpSocketError } from './errors.js';
import { openMessageChannel, type MessageChannel, type MessageChannelOptions } from './message-channel.js';

export interface HttpWebSocketOptions extends BrowserHttpSocketOptions, MessageChannelOptions {
  /** Where the HTTP socket for a WebSocket's URL is; by default at the same URL with http: for ws:. */
  socketUrl?(url: string, protocols: string[]): string;
}

export interface HttpWebSocketEvent {
  readonly type: 'open' | 'message' | 'error' | 'close';
  readonly data?: string | ArrayBuffer | Blob;
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
  /** Of `error`: what went wrong. */
  readonly error?: HttpSocketError;
}

type Listener = (event: HttpWebSocketEvent) => void;

const BlobClass = globalThis.Blob;
const readBlob = BlobClass?.prototype.arrayBuffer;

export class HttpWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly url: string;
  /** A channel negotiates neither. */
  readonly protocol = '';
  readonly extensions = '';
  binaryType: BinaryType = 'blob';
  readyState: 0 | 1 | 2 | 3 = HttpWebSocket.CONNECTING;
  onopen: Listener | null = null;
  onmessage: Listener | null = null;
  onerror: Listener | null = null;
  onclose: Listener | null = null;
  readonly #socket: HttpSocket;
  readonly #channel: MessageChannel;
  /** Blobs are read before what is sent after them. */
  #pending: Promise<void> | null = null;
  #unread = 0;
  readonly #listeners: { type: string; listener: Listener }[] = [];

  constructor(url: string | URL, protocols: string | string[] = [], options: HttpWebSocketOptions = {}) {
    this.url = String(url);
    const list = typeof protocols === 'string' ? [protocols] : protocols;
    const socketUrl = options.socketUrl?.(this.url, list) ?? this.url.replace(/^ws/, 'http');
    this.#socket = new HttpSocket(socketUrl, options);
    this.#channel = openMessageChannel(
      this.#socket,
      {
        message: (data) => this.#receive(data),
        close: (code, reason, wasClean, error) => this.#close(code, reason, wasClean, error),
      },
      options,
    );
    this.#socket.opened.then(
      () => {
        if (this.readyState !== HttpWebSocket.CONNECTING) return;
        this.readyState = HttpWebSocket.OPEN;
        this.#dispatch({ type: 'open' });
      },
      // The channel closes as well, and tells.
      () => undefined,
    );
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount + this.#unread;
  }

  send(data: string | ArrayBuffer | ArrayBufferView | Blob): void {
    if (this.readyState === HttpWebSocket.CONNECTING)
      throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
    if (BlobClass !== undefined && data instanceof BlobClass) {
      this.#unread += data.size;
      this.#later(async () => {
        const bytes = (await Reflect.apply(readBlob, data, [])) as ArrayBuffer;
        this.#unread -= data.size;
        this.#channel.send(bytes);
      });
      return;
    }
    const value = data as string | ArrayBuffer | ArrayBufferView;
    if (this.#pending === null) {
      this.#channel.send(value);
    } else {
      // The caller may change its buffer meanwhile.
      const copy = typeof value === 'string' ? value : copyOf(value);
      this.#later(() => this.#channel.send(copy));
    }
  }

  close(code?: number, reason?: string): void {
    if (this.readyState >= HttpWebSocket.CLOSING) return;
    const isConnecting = this.readyState === HttpWebSocket.CONNECTING;
    this.readyState = HttpWebSocket.CLOSING;
    if (isConnecting) this.#socket.abort();
    else if (this.#pending === null) this.#channel.close(code, reason);
    else this.#later(() => this.#channel.close(code, reason));
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  removeEventListener(type: string, listener: Listener): void {
    const index = this.#listeners.findIndex((entry) => entry.type === type && entry.listener === listener);
    if (index !== -1) this.#listeners.splice(index, 1);
  }

  #later(action: () => void | Promise<void>): void {
    const pending = (this.#pending ?? Promise.resolve()).then(action).catch((error: unknown) => {
      // A Blob whose file is gone: a WebSocket fails the connection.
      this.#socket.abort(error);
    });
    this.#pending = pending;
    void pending.then(() => {
      if (this.#pending === pending) this.#pending = null;
    });
  }

  #receive(data: string | ArrayBuffer): void {
    const value = typeof data === 'string' || this.binaryType === 'arraybuffer' ? data : new BlobClass([data]);
    this.#dispatch({ type: 'message', data: value });
  }

  #close(code: number, reason: string, wasClean: boolean, error: HttpSocketError | null): void {
    this.readyState = HttpWebSocket.CLOSED;
    if (!wasClean) this.#dispatch(error === null ? { type: 'error' } : { type: 'error', error });
    this.#dispatch({ type: 'close', code, reason, wasClean });
    // The other end has said its last word; whether it ends its stream does not matter.
    this.#socket.close();
  }

  #dispatch(event: HttpWebSocketEvent): void {
    this[`on${event.type}`]?.(event);
    for (const { type, listener } of [...this.#listeners]) if (type === event.type) listener(event);
  }
}

function copyOf(data: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  const bytes = 'buffer' in data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  return bytes.slice().buffer as ArrayBuffer;
}
