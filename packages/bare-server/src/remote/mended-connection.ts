/**
 * @module
 * A connection whose first answer has its head mended before Node's parser sees it: browsers show answers that the parser refuses even
 * when it is lenient. It serves one request, and only those that may be sent twice: what was wrong is known when the first try has failed.
 */
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { connect } from './connect.js';
import type { Upstream } from './upstream.js';

/** As much as a head may have in all. */
const maxHeadSize = 256 * 1024;
const endOfHead = /\r?\n\r?\n/;

/**
 * Lines end alike; of equal lengths one is left (RFC 9112 section 6.3). Different ones stay, and make the answer invalid: which of them
 * counts is what request smuggling plays with.
 */
export function mendHead(head: string): string {
  const lines = head.split(/\r?\n/);
  const lengths = new Set<string>();
  const kept = lines.filter((line) => {
    const length = /^content-length:[\t ]*(\d+)[\t ]*$/i.exec(line)?.[1];
    if (length === undefined) return true;
    const isFirst = !lengths.has(length);
    lengths.add(length);
    return isFirst;
  });
  return `${kept.join('\r\n')}\r\n\r\n`;
}

/** @returns a connection for `http.request`'s `createConnection` */
export function connectMended(upstream: Upstream, url: URL): Duplex {
  const isSecure = url.protocol === 'https:';
  const stream: MendedConnection = new MendedConnection(
    connect(upstream.target(url), isSecure, () => stream.emit(isSecure ? 'secureConnect' : 'connect')),
    // Over TLS a cut head may be somebody else's cut.
    !isSecure,
  );
  return stream;
}

class MendedConnection extends Duplex {
  readonly #socket: Socket;
  /** What has come of the head; null behind it. */
  #head: string | null = '';

  constructor(socket: Socket, mayEndInHead: boolean) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (!this.#receive(chunk)) socket.pause();
    });
    socket.on('end', () => this.#end(mayEndInHead));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      if (!socket.readableEnded) this.destroy();
    });
  }

  #end(mayEndInHead: boolean): void {
    // libuv tells of an end as well where a reset has come together with the last bytes; the socket has no peer then.
    const isReset = this.#socket.remoteAddress === undefined;
    if (mayEndInHead && !isReset && this.#head?.startsWith('HTTP/'))
      this.push(mendHead(this.#head.replace(/(?:\r?\n)+$/, '')), 'latin1');
    this.push(null);
  }

  #receive(chunk: Buffer): boolean {
    if (this.#head === null) return this.push(chunk);
    this.#head += chunk.toString('latin1');
    const end = endOfHead.exec(this.#head);
    if (end === null && this.#head.length <= maxHeadSize) return true;
    const [head, rest] =
      end === null ? ['', this.#head] : [this.#head.slice(0, end.index), this.#head.slice(end.index + end[0].length)];
    this.#head = null;
    return this.push(Buffer.from(end === null ? rest : mendHead(head) + rest, 'latin1'));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy();
    callback(error);
  }
}
