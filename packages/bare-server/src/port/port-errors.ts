/**
 * @module
 * What a port says of a request or a connection that it cannot read.
 */
import type { IncomingMessage } from 'node:http';
import { BareProtocolError } from '@culvert/bare-protocol';

export function badTarget(request: IncomingMessage): BareProtocolError {
  const what = `${JSON.stringify(request.url)} with the Host ${JSON.stringify(request.headers.host ?? '')}`;
  return new BareProtocolError(
    'IMPL_INVALID_REQUEST',
    'request',
    `The request's target is no http: or https: URL: ${what}.`,
  );
}

export function timedOut(milliseconds: number): BareProtocolError {
  const message = `The connection did not say within ${milliseconds / 1000} s which protocol it speaks.`;
  return new BareProtocolError('IMPL_REQUEST_TIMEOUT', 'request', message);
}

export function unknownProtocol(): BareProtocolError {
  const message = 'The protocol is not known here. This port speaks HTTP/1, HTTP/2 and TLS.';
  return new BareProtocolError('IMPL_INVALID_REQUEST', 'request', message);
}
