/**
 * @module
 * A stream carried by another: by an HTTP/2 stream, or by a socket of which nobody below shall see that it is one. It passes bytes with
 * backpressure, and answers for the addresses of the socket at the bottom.
 *
 * Node's TLS and HTTP/2 take over the handle of a socket and look at its ALPN protocol. A tunnel's inside has to know nothing of its
 * outside, so it never gets the socket itself.
 */
import { Duplex } from 'node:stream';
import type { Endpoints } from './connection.js';

type Carrier = Duplex & { setTimeout?(milliseconds: number, callback?: () => void): unknown };

export class NestedStream extends Duplex implements Endpoints {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  /** As a socket's: by these a request is found idle. */
  bytesRead = 0;
  bytesWritten = 0;
  readonly #carrier: Carrier;

  constructor(carrier: Carrier, endpoints: Endpoints) {
    super({ allowHalfOpen: true });
    this.#carrier = carrier;
    ({
      remoteAddress: this.remoteAddress,
      remotePort: this.remotePort,
      localAddress: this.localAddress,
      localPort: this.localPort,
    } = endpoints);
    carrier.on('data', (chunk: Buffer) => {
      this.bytesRead += chunk.length;
      if (!this.receive(chunk)) carrier.pause();
    });
    carrier.pause();
    carrier.on('end', () => this.receiveEnd());
    carrier.on('error', (error) => this.destroy(error));
    carrier.on('close', () => {
      // A tunnel that breaks off must not look like one that has ended.
      if (!carrier.readableEnded) this.destroy();
      else if (!this.writableFinished) this.destroy();
    });
    carrier.on('timeout', () => this.emit('timeout'));
  }

  /** @returns whether there is room for more */
  protected receive(chunk: Buffer): boolean {
    return this.push(chunk);
  }

  protected receiveEnd(): void {
    this.push(null);
  }

  /** As a socket's: the carrier's activity counts. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.#carrier.setTimeout?.(milliseconds);
    if (callback) this.once('timeout', callback);
    return this;
  }

  override _read(): void {
    this.#carrier.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length;
    this.#carrier.write(chunk, callback);
  }

  /** For a `_writev`, in one packet. That there is none here lets others override `_write` alone. */
  protected writeAll(chunks: readonly { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.#carrier.cork();
    const last = chunks.length - 1;
    for (const [index, { chunk }] of chunks.entries()) {
      this.bytesWritten += chunk.length;
      this.#carrier.write(chunk, index === last ? callback : undefined);
    }
    this.#carrier.uncork();
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#carrier.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#carrier.destroy();
    callback(error);
  }
}
