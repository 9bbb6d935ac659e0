/**
 * @module
 * A connection that a server accepted, looked at on its way: what the client sent is told before the server reads it, what
 * the server wrote as it goes out. Node's servers take the bytes of a net.Socket from below JavaScript, so they are given this
 * stream in its place.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { LiveTranscript } from './live-transcript.js';

export class DescribedSocket extends Duplex {
  constructor(
    private readonly socket: Socket,
    private readonly transcript: LiveTranscript,
  ) {
    super({ allowHalfOpen: true });
    socket.on('data', (bytes) => {
      transcript.describe(bytes, 'client');
      if (!this.push(bytes)) socket.pause();
    });
    socket.pause();
    socket.once('end', () => {
      transcript.end('client');
      this.push(null);
    });
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => {
      transcript.end('client');
      transcript.end('server');
      this.destroy();
    });
    socket.on('timeout', () => this.emit('timeout'));
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.socket.write(bytes, callback);
    this.transcript.describe(bytes, 'server');
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.transcript.end('server');
    this.socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.socket.destroy();
    callback(error);
  }

  // What servers ask a socket for.
  get remoteAddress() {
    return this.socket.remoteAddress;
  }

  get remotePort() {
    return this.socket.remotePort;
  }

  get remoteFamily() {
    return this.socket.remoteFamily;
  }

  get localAddress() {
    return this.socket.localAddress;
  }

  get localPort() {
    return this.socket.localPort;
  }

  get bytesRead() {
    return this.socket.bytesRead;
  }

  get bytesWritten() {
    return this.socket.bytesWritten;
  }

  get timeout() {
    return this.socket.timeout;
  }

  setTimeout(milliseconds: number, callback?: () => void): this {
    this.socket.setTimeout(milliseconds);
    if (callback) this.once('timeout', callback);
    return this;
  }

  setNoDelay(isOn?: boolean): this {
    this.socket.setNoDelay(isOn);
    return this;
  }

  setKeepAlive(isOn?: boolean, delay?: number): this {
    this.socket.setKeepAlive(isOn, delay);
    return this;
  }

  ref(): this {
    this.socket.ref();
    return this;
  }

  unref(): this {
    this.socket.unref();
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): this {
    this.socket.resetAndDestroy();
    return this;
  }
}
