/**
 * @module
 * Requests that Node's parser refuses (an unknown method, headers over the limit): they never reach a route, but still get an
 * answer that a page can read.
 */
import type { Duplex } from 'node:stream';
import { BareProtocolError, serializeBareErrorBody } from '@culvert/bare-protocol';
import { commonHeaders } from './answer.js';

/** Listener for the `clientError` event of the HTTP server. */
export function handleClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // ECONNRESET and the like: nobody is there to read.
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { code, id, message, status } = toProtocolError(error);
  const body = serializeBareErrorBody({ code, id, message });
  const headers = { ...commonHeaders, 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}\r\n${lines.join('')}Connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  431: 'Request Header Fields Too Large',
};

function toProtocolError({ code }: NodeJS.ErrnoException): BareProtocolError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new BareProtocolError(
      'IMPL_HEADERS_TOO_LARGE',
      'request.headers',
      'The request headers are larger than the server accepts (maxHeaderSize).',
    );
  }
  if (code === 'HPE_INVALID_METHOD') {
    return new BareProtocolError(
      'IMPL_METHOD_NOT_ALLOWED',
      'request',
      'The method is not one that the server can read.',
    );
  }
  return new BareProtocolError('IMPL_INVALID_REQUEST', 'request', 'The request is not valid HTTP/1.1.');
}
