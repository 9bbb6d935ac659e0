/**
 * @module
 * How connections to remotes are read. Node reads each socket into a new 64 KiB buffer; ours share one buffer that small reads are
 * copied out of, and a large body is read into a few big buffers that are used again and again, past the HTTP parser, which has
 * nothing more to say once it has told the length. Measured in docs/bare-server.md.
 */
import type { Socket } from 'node:net';

/** Takes what a connection receives, in place of the stream. */
export interface BulkSink {
  /** Whether the sink can take bytes now: what came before has to have reached it. */
  isReady(): boolean;
  /** @param release to be called when the bytes are not needed any more. @returns false to stop reading until `resume` */
  receive(bytes: Buffer, release: () => void): boolean;
}

/** One for all connections: what a read puts there is copied before the next read begins. */
const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024);
const bulkBufferSize = 128 * 1024;

const readers = new WeakMap<object, BulkReader>();

export class BulkReader {
  #socket: Socket | null = null;
  #sink: BulkSink | null = null;
  #free: Buffer[] = [];

  /** For `net.connect` and `tls.connect`. */
  readonly onread = {
    buffer: (): Buffer =>
      this.#sink === null ? sharedBuffer : (this.#free.pop() ?? Buffer.allocUnsafeSlow(bulkBufferSize)),
    callback: (length: number, buffer: Uint8Array): boolean => this.#receive(length, buffer as Buffer),
  };

  /** The reader of a connection, when it has one. */
  static of(socket: object): BulkReader | undefined {
    return readers.get(socket);
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    readers.set(socket, this);
  }

  /** From now on the sink gets what comes, as soon as it is ready. The connection cannot be used for another request. */
  divert(sink: BulkSink): void {
    this.#sink = sink;
  }

  resume(): void {
    this.#socket?.resume();
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  #receive(length: number, buffer: Buffer): boolean {
    const bytes = buffer.subarray(0, length);
    const isShared = buffer === sharedBuffer;
    const release = (): void => {
      if (!isShared) this.#free.push(buffer);
    };
    if (this.#sink?.isReady() && this.#socket!.readableLength === 0) {
      return this.#sink.receive(isShared ? Buffer.from(bytes) : bytes, release);
    }
    // As Node would have done it.
    const isWanted = this.#socket!.push(Buffer.from(bytes));
    release();
    return isWanted;
  }
}
