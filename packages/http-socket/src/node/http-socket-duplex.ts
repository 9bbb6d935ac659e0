/**
 * @module
 * The client for Node: a session as a Duplex that behaves like a `net.Socket`, so that TLS and other protocols run over it.
 */
import { Duplex } from 'node:stream';
import { HttpSocketConnection } from '../client/connection.js';
import type { HttpSocketOptions } from '../client/options.js';
import { createNodeTransport, type NodeTransportOptions } from './http-transport.js';

export interface NodeHttpSocketOptions extends HttpSocketOptions, NodeTransportOptions {
  /** As with `net.connect`: without it our side ends when the far end's does. */
  allowHalfOpen?: boolean;
}

/**
 * Events of a `net.Socket`: `connect` and `ready` when the session is open, `data`, `end`, `close`, `error` with an HttpSocketError,
 * `timeout`.
 */
export class HttpSocketDuplex extends Duplex {
  connecting = true;
  bytesRead = 0;
  bytesWritten = 0;
  readonly #connection: HttpSocketConnection;
  readonly #closeTransport: () => void;
  #isClosed = false;
  #timeout = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string | URL, options: NodeHttpSocketOptions = {}) {
    super({ allowHalfOpen: options.allowHalfOpen ?? false });
    const { href, protocol } = new URL(url);
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new TypeError(`Failed to open a socket at ${href}: the scheme is neither http: nor https:.`);
    }
    const { transport, close } = createNodeTransport(href, options);
    this.#closeTransport = close;
    this.#connection = new HttpSocketConnection(
      { ...options, url: href, transport },
      {
        data: (bytes) => {
          this.bytesRead += bytes.length;
          this.#restartTimer();
          if (!this.push(bytes)) this.#connection.pauseReading();
        },
        end: () => this.push(null),
        close: (error) => {
          this.#isClosed = true;
          if (error !== null) this.destroy(error);
        },
      },
    );
    this.#connection.opened.then(
      () => {
        this.connecting = false;
        this.emit('connect');
        this.emit('ready');
      },
      // `close` of the connection tells.
      () => undefined,
    );
  }

  get readyState(): string {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    return this.readable ? 'readOnly' : this.writable ? 'writeOnly' : 'closed';
  }

  get pending(): boolean {
    return this.connecting;
  }

  /** Emits `timeout` after so long without data in either direction; 0 turns it off. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    this.#timeout = milliseconds;
    if (listener) this.once('timeout', listener);
    this.#restartTimer();
    return this;
  }

  /** Nothing is held back for longer than a fraction of the round trip in any case. */
  setNoDelay(): this {
    return this;
  }

  /** The waiting GETs are what keeps it alive. */
  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    this.#connection.resumeReading();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length;
    this.#restartTimer();
    this.#connection.write(chunk).then(() => callback(), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#connection.end().then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.connecting = false;
    if (!this.#isClosed) {
      // As with a TCP connection, what was written and not ended properly is lost.
      if (this.writableFinished && error === null) this.#connection.close();
      else this.#connection.abort(error ?? undefined);
    }
    // The DELETE is still to go out over the agent's connections.
    setTimeout(this.#closeTransport, 1000).unref();
    callback(error);
  }

  #restartTimer(): void {
    clearTimeout(this.#timer);
    if (this.#timeout > 0) this.#timer = setTimeout(() => this.emit('timeout'), this.#timeout).unref();
  }
}

/**
 * @example
 * const socket = connectHttpSocket('http://localhost:10000/api/v1/socket');
 * const secure = tls.connect({ socket, servername: 'example.com' });
 */
export function connectHttpSocket(url: string | URL, options?: NodeHttpSocketOptions): HttpSocketDuplex {
  return new HttpSocketDuplex(url, options);
}
