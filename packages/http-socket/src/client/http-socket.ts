/**
 * @module
 * The client for windows and workers: a session as a pair of WHATWG streams.
 */
import { HttpSocketError } from '../errors.js';
import { HttpSocketConnection } from './connection.js';
import { createFetchTransport } from './fetch-transport.js';
import type { HttpSocketOptions } from './options.js';
import { gateOf } from './poll-gate.js';

export interface BrowserHttpSocketOptions extends HttpSocketOptions {
  /** By default the global one, as it was when the module was loaded. */
  fetch?: typeof fetch;
  /** `same-origin` by default. The protocol needs no cookies. */
  credentials?: RequestCredentials;
  /** GETs that all sockets to one origin keep waiting at a time, of a browser's six connections; 3 by default. */
  maxWaitingPerOrigin?: number;
  /** Received bytes kept for a slow reader before no more are asked for; 256 KiB by default. */
  readBufferBytes?: number;
}

/**
 * @example
 * const socket = new HttpSocket('https://example.com/api/v1/socket');
 * const writer = socket.writable.getWriter();
 * await writer.write(new TextEncoder().encode('Hello, World!'));
 * await writer.close();
 * for await (const bytes of socket.readable) console.log(bytes);
 */
export class HttpSocket {
  readonly url: string;
  /** Bytes of the far end. Closes when it ends its side; cancelling it aborts the socket. */
  readonly readable: ReadableStream<Uint8Array>;
  /** A write resolves when there is room for another; closing it, when the server has everything. */
  readonly writable: WritableStream<Uint8Array>;
  /** Resolves when the session is open. */
  readonly opened: Promise<void>;
  /** Resolves when both sides have ended, or after `close`; rejects with the HttpSocketError that ended the socket. */
  readonly closed: Promise<void>;
  readonly #connection: HttpSocketConnection;

  constructor(url: string | URL, options: BrowserHttpSocketOptions = {}) {
    const absolute = new URL(url, globalThis.location?.href);
    if (!/^https?:$/.test(absolute.protocol)) {
      throw new TypeError(`Failed to open a socket at ${absolute.href}: the scheme is neither http: nor https:.`);
    }
    absolute.hash = '';
    this.url = absolute.href;
    let readable!: ReadableStreamDefaultController<Uint8Array>;
    let writable!: WritableStreamDefaultController;
    let isReadableOver = false;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (readable = controller),
        pull: () => this.#connection.resumeReading(),
        cancel: (reason) => {
          isReadableOver = true;
          this.abort(reason);
        },
      },
      { highWaterMark: options.readBufferBytes ?? 262_144, size: (bytes) => bytes.length },
    );
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => void (writable = controller),
      write: (bytes) => this.#connection.write(toBytes(bytes)),
      close: () => this.#connection.end(),
      abort: (reason) => this.abort(reason),
    });
    let settle!: { resolve(): void; reject(error: HttpSocketError): void };
    this.closed = new Promise((resolve, reject) => (settle = { resolve, reject }));
    this.closed.catch(() => undefined);
    this.#connection = new HttpSocketConnection(
      {
        ...options,
        url: this.url,
        transport: createFetchTransport(options.fetch, options.credentials),
        gate: gateOf(absolute.origin, options.maxWaitingPerOrigin ?? 3),
      },
      {
        data: (bytes) => {
          readable.enqueue(bytes);
          if ((readable.desiredSize ?? 0) <= 0) this.#connection.pauseReading();
        },
        end: () => {
          isReadableOver = true;
          readable.close();
        },
        close: (error) => {
          if (!isReadableOver) {
            if (error === null) readable.close();
            else readable.error(error);
          }
          // Has no effect on a writable that is closed already.
          writable.error(error ?? new HttpSocketError('HTTP_SOCKET_ABORTED', 'The socket is closed.'));
          if (error === null) settle.resolve();
          else settle.reject(error);
        },
      },
    );
    this.opened = this.#connection.opened;
  }

  /** Ends both directions without waiting for the far end's side. What was written and acknowledged is delivered. */
  close(): void {
    this.#connection.close();
  }

  abort(reason?: unknown): void {
    this.#connection.abort(reason);
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError('Failed to write: the chunk is neither an ArrayBuffer nor a view of one.');
}
