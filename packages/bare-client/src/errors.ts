/**
 * @module
 * The client's one error class. Its code is the Bare server's, or one of ours for what goes wrong before and after the server.
 */

/** Codes that the client itself gives; the server's are in bare-protocol. */
export type BareClientErrorCode =
  /** No usable Bare server URL was given. */
  | 'IMPL_INVALID_SERVER'
  /** The Bare server did not answer at all. */
  | 'IMPL_SERVER_UNREACHABLE'
  /** The Bare server did not answer within the time allowed. */
  | 'IMPL_SERVER_TIMEOUT'
  /** Something answered, but not as a Bare server does. */
  | 'IMPL_NOT_A_BARE_SERVER'
  /** The server speaks no version that the client speaks, or not the one that was asked for. */
  | 'IMPL_NO_COMMON_VERSION'
  /** The URL to fetch is not an http: or https: one. */
  | 'IMPL_INVALID_URL'
  | 'IMPL_INVALID_METHOD'
  /** CONNECT, TRACE and TRACK, as in Fetch. */
  | 'IMPL_METHOD_NOT_ALLOWED'
  /** A header that HTTP does not allow. */
  | 'INVALID_HEADER'
  /** GET and HEAD have no body, and a body can be read once. */
  | 'IMPL_INVALID_BODY'
  /** `cache: 'only-if-cached'`, and it is not. */
  | 'IMPL_NOT_CACHED'
  | 'IMPL_REDIRECT_REFUSED'
  | 'IMPL_TOO_MANY_REDIRECTS'
  | 'IMPL_INVALID_REDIRECT'
  /** A redirect asks to send a streamed body again. */
  | 'IMPL_BODY_NOT_REPLAYABLE'
  /** A transport given to `fromTransport` failed, in its own words. */
  | 'IMPL_TRANSPORT_FAILED';

export interface BareFault {
  code: string;
  id: string;
  status?: number;
  message: string;
  remoteUrl?: string | undefined;
}

export class BareError extends Error {
  override readonly name = 'BareError';
  /** A Bare code, such as HOST_NOT_FOUND. */
  declare readonly code: string;
  /** The part of the exchange the error is about, such as `request.headers.x-bare-url`. */
  declare readonly id: string;
  /** Status of the Bare server's answer, 0 when there was none. */
  declare readonly status: number;
  declare readonly remoteUrl?: string;

  constructor({ message, code, id, status = 0, remoteUrl }: BareFault, options?: { cause?: unknown }) {
    super(message, options);
    Object.assign(this, { code, id, status, remoteUrl });
  }
}
