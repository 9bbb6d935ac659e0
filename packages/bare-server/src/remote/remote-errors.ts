/**
 * @module
 * What can go wrong on the way to a remote, as the protocol's codes and in words that say what to do.
 */
import { BareProtocolError } from '@culvert/bare-protocol';

/** An address that the policy refuses; travels through `lookup` to the request's error event. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';

  constructor(
    readonly host: string,
    readonly address: string,
    readonly range: string,
    /** Whether a rule of the lists said no, or the range that the address lies in. */
    readonly by: 'rule' | 'range' = 'range',
  ) {
    super(`${host} is blocked: ${address} (${range})`);
  }
}

/** A limit of ours that has run out. */
export class RemoteTimeoutError extends Error {
  override readonly name = 'RemoteTimeoutError';

  constructor(
    readonly stage: 'connect' | 'headers',
    readonly milliseconds: number,
  ) {
    super(`Timeout (${stage})`);
  }
}

/** OpenSSL's and Node's verdicts on a certificate, in words. */
const certificateFaults: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate has been revoked',
  CERT_UNTRUSTED: 'its certificate is not trusted',
  CERT_REJECTED: 'its certificate was rejected',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain ends in a self-signed certificate that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'the issuer of its certificate is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is self-signed, or an intermediate certificate is missing',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET']);
const notFoundCodes = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'EAI_FAIL',
  'ENODATA',
  'ESERVFAIL',
]);
const unreachableCodes = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);

export function toRemoteError(error: unknown, url: URL): BareProtocolError {
  if (error instanceof BareProtocolError) return error;
  const where = url.host;
  const fail = (code: BareProtocolError['code'], id: string, reason: string): BareProtocolError =>
    new BareProtocolError(code, id, `Failed to connect to ${where}: ${reason}.`, { cause: error });
  if (error instanceof BlockedAddressError) {
    if (error.by === 'rule') {
      return fail(
        'IMPL_BLOCKED_ADDRESS',
        'request.headers.x-bare-url',
        `the server's rules say no: it is ${error.range}`,
      );
    }
    return fail(
      'IMPL_BLOCKED_ADDRESS',
      'request.headers.x-bare-url',
      `${error.address} is not a public address (${error.range}); start the server with --allow-private to allow it`,
    );
  }
  if (error instanceof RemoteTimeoutError) {
    const seconds = `${error.milliseconds / 1000} s`;
    return error.stage === 'connect'
      ? fail('CONNECTION_TIMEOUT', 'response', `no connection within ${seconds}`)
      : fail('CONNECTION_TIMEOUT', 'response', `it did not answer within ${seconds}`);
  }
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  if (notFoundCodes.has(code)) return fail('HOST_NOT_FOUND', 'request', `the name was not found (${code})`);
  if (code === 'ECONNREFUSED') return fail('CONNECTION_REFUSED', 'response', 'the connection was refused');
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT')
    return fail('CONNECTION_TIMEOUT', 'response', 'the connection timed out');
  if (unreachableCodes.has(code)) return fail('IMPL_HOST_UNREACHABLE', 'response', `there is no route to it (${code})`);
  const certificateFault = certificateFaults[code];
  if (certificateFault !== undefined) {
    return fail('IMPL_TLS_ERROR', 'response', `${certificateFault} (${code})${altNames(error)}`);
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' || code.startsWith('CERT_')) {
    return fail('IMPL_TLS_ERROR', 'response', `TLS failed: ${opensslReason(message)}`);
  }
  if (code.startsWith('HPE_')) {
    return fail(
      'IMPL_INVALID_RESPONSE',
      code === 'HPE_HEADER_OVERFLOW' ? 'response.headers' : 'response',
      code === 'HPE_HEADER_OVERFLOW' ? 'its headers are too large' : `its answer is not HTTP (${code})`,
    );
  }
  if (resetCodes.has(code) || code.startsWith('ERR_HTTP2_'))
    return fail('CONNECTION_RESET', 'response', 'it closed the connection before answering');
  return new BareProtocolError(
    'UNKNOWN',
    'unknown',
    `Failed to connect to ${where}${code === '' ? '' : ` (${code})`}.`,
    {
      cause: error,
    },
  );
}

function altNames(error: unknown): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? `: ${reason.replace(/\.$/, '')}` : '';
}

/** OpenSSL writes `80EB...:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/...:`. */
function opensslReason(message: string): string {
  const fields = message.split(':');
  const index = fields.findIndex((field) => field === 'SSL routines');
  return index >= 0 ? (fields[index + 2] ?? message) : (message.split('\n')[0] ?? message);
}
