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
  /** Something answered, but not as a Bare server does. */
  | 'IMPL_NOT_A_BARE_SERVER'
  /** The URL to fetch is not an http: or https: one. */
  | 'IMPL_INVALID_URL'
  | 'IMPL_REDIRECT_REFUSED'
  | 'IMPL_TOO_MANY_REDIRECTS'
  | 'IMPL_INVALID_REDIRECT'
  /** A redirect asks to send a streamed body again. */
  | 'IMPL_BODY_NOT_REPLAYABLE';

export class BareError extends Error {
  override readonly name = 'BareError';
  /** A Bare code, such as HOST_NOT_FOUND. */
  readonly code: string;
  /** The part of the exchange the error is about, such as `request.headers.x-bare-url`. */
  readonly id: string;
  /** Status of the Bare server's answer, 0 when there was none. */
  readonly status: number;
  remoteUrl?: string;

  constructor(
    fault: { code: string; id: string; status?: number; message: string; remoteUrl?: string },
    options?: { cause?: unknown },
  ) {
    super(fault.message, options);
    this.code = fault.code;
    this.id = fault.id;
    this.status = fault.status ?? 0;
    if (fault.remoteUrl !== undefined) this.remoteUrl = fault.remoteUrl;
  }
}
