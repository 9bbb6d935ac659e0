/**
 * @module
 * Requests that Node's parser refuses (an unknown method, headers over the limit): they never reach a route, but still get an
 * answer that a page can read. Upgrades that are refused are answered in the same way.
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { BareProtocolError, bareErrorStatus, serializeBareErrorBody } from '@culvert/bare-protocol';
import { noteError } from '../operation/visit.js';
import { commonHeaders, errorHeaders } from './answer.js';

/** Listener for the `clientError` event of the HTTP server. */
export function handleClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // More came after a request that said it was the last: that one's answer is under way, and ends the connection.
  if (error.code === 'HPE_CLOSED_CONNECTION') return;
  // ECONNRESET and the like: nobody is there to read.
  if (error.code === 'ECONNRESET') socket.destroy();
  else refuseConnection(socket, toProtocolError(error));
}

/** Answers on a connection that Node's server has let go of, and ends it. */
export function refuseConnection(socket: Duplex, error: BareProtocolError): void {
  noteError(socket, error.code);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { code, id, message } = error;
  const status = bareErrorStatus(code);
  const body = Buffer.from(serializeBareErrorBody({ code, id, message }));
  const headers = {
    ...commonHeaders,
    ...errorHeaders(status),
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}Connection: close\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]), () => socket.destroy());
}

function toProtocolError({ code }: NodeJS.ErrnoException): BareProtocolError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new BareProtocolError(
      'IMPL_HEADERS_TOO_LARGE',
      'request.headers',
      'The request headers are larger than the server accepts (maxHeaderSize).',
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new BareProtocolError('IMPL_REQUEST_TIMEOUT', 'request', 'The request did not come in time.');
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
