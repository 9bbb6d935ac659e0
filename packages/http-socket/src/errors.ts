/**
 * @module
 * The one error class of the package, its stable codes, and the HTTP status of those that a server answers with.
 */

/** What a server refuses a request with: the code goes in `X-Error`, the sentence in `X-Error-Message`. */
export const refusalStatuses = {
  /** A header of the protocol is malformed; `field` names it. */
  HTTP_SOCKET_BAD_HEADER: 400,
  /** An offset lies beyond what was ever sent, or data beyond the announced end. */
  HTTP_SOCKET_BAD_OFFSET: 400,
  /** The policy of the server (its `connect`) does not allow the session. */
  HTTP_SOCKET_REFUSED: 403,
  /** No such session for this client: never opened, expired, closed, lost in a restart, or somebody else's. */
  HTTP_SOCKET_UNKNOWN_SESSION: 404,
  HTTP_SOCKET_METHOD_NOT_ALLOWED: 405,
  /** Bytes are asked for that were acknowledged before and are gone. */
  HTTP_SOCKET_OFFSET_GONE: 409,
  /** Two requests announce different ends. */
  HTTP_SOCKET_END_CONFLICT: 409,
  /** The session is over: a repeated POST does not open it again. */
  HTTP_SOCKET_CLOSED: 410,
  HTTP_SOCKET_TOO_LARGE: 413,
  HTTP_SOCKET_TOO_MANY_REQUESTS: 429,
  HTTP_SOCKET_CONNECT_FAILED: 502,
  HTTP_SOCKET_TOO_MANY_SESSIONS: 503,
  HTTP_SOCKET_SHUTTING_DOWN: 503,
  HTTP_SOCKET_CONNECT_TIMEOUT: 504,
} as const;

export type HttpSocketRefusalCode = keyof typeof refusalStatuses;

export type HttpSocketErrorCode =
  | HttpSocketRefusalCode
  /** No request got through for as long as retries are allowed. */
  | 'HTTP_SOCKET_UNREACHABLE'
  /** An answer that no server of this protocol gives, or that belongs to another request (a cache). */
  | 'HTTP_SOCKET_INVALID_ANSWER'
  /** A request failed and the server, which knows no offsets, may or may not have taken its bytes. */
  | 'HTTP_SOCKET_NOT_REPLAYABLE'
  /** The far end of the stream failed; `remoteCode` says how (`ECONNRESET`, say). */
  | 'HTTP_SOCKET_REMOTE_ERROR'
  /** The client has aborted the session. */
  | 'HTTP_SOCKET_PEER_RESET'
  /** The session saw no request of its client for longer than the idle timeout. */
  | 'HTTP_SOCKET_IDLE'
  | 'HTTP_SOCKET_ABORTED'
  /** A frame of the message channel is malformed; `offset` is where in the stream. */
  | 'HTTP_SOCKET_BAD_FRAME'
  | 'HTTP_SOCKET_FRAME_TOO_LARGE';

export interface HttpSocketErrorDetails {
  /** HTTP status of the answer, when there was one. */
  status?: number | undefined;
  /** The far end's own code. */
  remoteCode?: string | undefined;
  /** Header or frame field at fault. */
  field?: string | undefined;
  /** Byte offset in the stream. */
  offset?: number | undefined;
  cause?: unknown;
}

export class HttpSocketError extends Error {
  override readonly name = 'HttpSocketError';
  readonly code: HttpSocketErrorCode;
  readonly status: number | undefined;
  readonly remoteCode: string | undefined;
  readonly field: string | undefined;
  readonly offset: number | undefined;

  constructor(code: HttpSocketErrorCode, message: string, details: HttpSocketErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.remoteCode = details.remoteCode;
    this.field = details.field;
    this.offset = details.offset;
  }
}

export function isRefusalCode(code: string): code is HttpSocketRefusalCode {
  return Object.hasOwn(refusalStatuses, code);
}
