/**
 * @module
 * Describes a connection that a server accepted, from beside it: what is read and written is looked at on its way, and who
 * uses the socket notices nothing.
 */
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { addressText } from './address-text.js';
import { LiveTranscript, type LiveTranscriptOptions } from './live-transcript.js';

export interface DescribeSocketOptions extends Omit<LiveTranscriptOptions, 'client' | 'server' | 'write'> {
  /** Names of the two ends; the default are the socket's addresses. */
  client?: string;
  server?: string;
  /** Takes the text, or with `format: 'json'` lines of JSON. The default writes to standard output. */
  write?: (text: string) => void;
}

/**
 * To be called when the connection is accepted, before anything reads from it or writes to it. The client is the one at
 * the other end of `socket`. TLS inside takes `tlsSecrets`; a `TLSSocket` is described as what it carries.
 *
 * @example
 * server.on('connection', (socket) => describeSocket(socket));
 */
export function describeSocket(socket: Duplex, options: DescribeSocketOptions = {}): void {
  const { remoteAddress, remotePort, localAddress, localPort } = socket as Partial<Socket>;
  const transcript = new LiveTranscript({
    ...options,
    client: options.client ?? addressText(remoteAddress ?? 'unknown', remotePort ?? 0),
    server: options.server ?? addressText(localAddress ?? 'unknown', localPort ?? 0),
    write: options.write ?? ((text) => void process.stdout.write(text)),
  });
  tapReads(socket, (bytes) => transcript.describe(bytes, 'client'));
  tapWrites(socket, (bytes) => transcript.describe(bytes, 'server'));
  socket.once('close', () => {
    transcript.end('client');
    transcript.end('server');
  });
}

/** All that a stream reads comes in through `push`; listening for data would make it flow before its user is there. */
function tapReads(socket: Duplex, see: (bytes: Uint8Array) => void): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    const goesOn = push(chunk, encoding);
    if (chunk instanceof Uint8Array) see(chunk);
    return goesOn;
  };
}

/** All that is written goes out through `_write` or `_writev`. */
function tapWrites(socket: Duplex, see: (bytes: Uint8Array) => void): void {
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, callback) => {
    see(bytesOf(chunk, encoding));
    write(chunk, encoding, callback);
  };
  const writev = socket._writev?.bind(socket);
  if (writev === undefined) return;
  socket._writev = (chunks, callback) => {
    for (const { chunk, encoding } of chunks) see(bytesOf(chunk, encoding));
    writev(chunks, callback);
  };
}

function bytesOf(chunk: Uint8Array | string, encoding: BufferEncoding): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}
