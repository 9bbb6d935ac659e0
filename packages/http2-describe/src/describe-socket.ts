/**
 * @module
 * The server's own connections, described from within: the entry to described-socket.ts.
 */
import type { Socket } from 'node:net';
import { addressText } from './address-text.js';
import { DescribedSocket } from './described-socket.js';
import { LiveTranscript, type LiveTranscriptOptions } from './live-transcript.js';

export interface DescribeSocketOptions extends Omit<LiveTranscriptOptions, 'client' | 'server' | 'write'> {
  /** Names of the two ends; the default are the socket's addresses. */
  client?: string;
  server?: string;
  /** Takes the text, or with `format: 'json'` lines of JSON. The default writes to standard output. */
  write?: (text: string) => void;
}

/**
 * A stream to be used in the socket's place from the start, whose bytes are described. For TLS inside, give `tlsSecrets` a
 * KeyLog that the TLS server's `keylog` event fills.
 *
 * @example
 * net.createServer((socket) => httpServer.emit('connection', describeSocket(socket)));
 */
export function describeSocket(socket: Socket, options: DescribeSocketOptions = {}): DescribedSocket {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  const transcript = new LiveTranscript({
    ...options,
    client: options.client ?? addressText(remoteAddress ?? 'unknown', remotePort ?? 0),
    server: options.server ?? addressText(localAddress ?? 'unknown', localPort ?? 0),
    write: options.write ?? ((text) => void process.stdout.write(text)),
  });
  return new DescribedSocket(socket, transcript);
}
