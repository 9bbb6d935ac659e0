/**
 * @module
 * A large body of known length, from the remote's connection to the client with nothing in between. What comes together with the head
 * still goes through the HTTP parser.
 */
import type { ServerResponse } from 'node:http';
import { BulkReader } from '../remote/bulk-reader.js';
import type { RemoteResponse } from '../remote/remote-request.js';

/** Where the connection to the remote, which cannot be used again, costs less than it saves. */
const bulkLength = 1024 * 1024;

/** @returns whether the body will be sent this way; else nothing has happened */
export function sendBulkBody(remote: RemoteResponse, response: ServerResponse): boolean {
  const { headers, socket } = remote;
  const length = Number(headers['content-length'] ?? 0);
  if (!(length >= bulkLength) || 'transfer-encoding' in headers) return false;
  const reader = socket && BulkReader.of(socket);
  if (reader === undefined) return false;

  let left = length;
  let isWaiting = false;
  const resume = (): void => {
    isWaiting = false;
    remote.resume();
    reader.resume();
  };
  const send = (bytes: Buffer, sent?: () => void): boolean => {
    left -= bytes.length;
    if (response.write(bytes, sent)) return true;
    if (!isWaiting) {
      isWaiting = true;
      response.once('drain', resume);
    }
    return false;
  };
  const finish = (): void => {
    response.end();
    // The parser still waits for the body.
    reader.destroy();
  };
  remote.on('error', () => {
    if (left > 0) response.destroy();
  });
  remote.on('data', (chunk: Buffer) => {
    if (!send(chunk)) remote.pause();
  });
  remote.on('end', () => response.end());
  reader.divert({
    isReady: () => left > 0 && !isWaiting && remote.readableLength === 0,
    receive(bytes, release) {
      // More than was announced is not of this message.
      const isWanted = send(bytes.length > left ? bytes.subarray(0, left) : bytes, release);
      if (left === 0) finish();
      return isWanted;
    },
  });
  return true;
}
