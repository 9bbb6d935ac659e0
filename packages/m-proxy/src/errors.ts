/**
 * @module
 * The one error class of the package, with its stable codes. Match on `code`; the text may change.
 */

/** What the bytes of a peer, or the arguments of a caller, can be wrong in. */
export type CodecErrorCode =
  | 'M_PROXY_BAD_VERSION'
  | 'M_PROXY_BAD_HEADER'
  | 'M_PROXY_BAD_LENGTH'
  | 'M_PROXY_BAD_CONTROL'
  | 'M_PROXY_BAD_DATA'
  | 'M_PROXY_COMMA_IN_FIELD'
  | 'M_PROXY_HEADER_TOO_LONG'
  | 'M_PROXY_DATA_TOO_LONG'
  | 'M_PROXY_REENTERED'
  | 'M_PROXY_TRUNCATED';

/** What can go wrong between a relay and a device. */
export type TunnelErrorCode =
  | 'M_PROXY_AUTH_TIMEOUT'
  | 'M_PROXY_BAD_HELLO'
  | 'M_PROXY_BAD_OPTION'
  | 'M_PROXY_BAD_TOKEN'
  | 'M_PROXY_BUFFER_EXCEEDED'
  | 'M_PROXY_CLIENT_RESET'
  | 'M_PROXY_CLOSED'
  | 'M_PROXY_DEVICE_OFFLINE'
  | 'M_PROXY_HEARTBEAT_LOST'
  | 'M_PROXY_LIMIT'
  | 'M_PROXY_NOT_EXPOSED'
  | 'M_PROXY_NO_ROUTE'
  | 'M_PROXY_PORT_UNAVAILABLE'
  | 'M_PROXY_REPLACED'
  | 'M_PROXY_REQUEST_TIMEOUT'
  | 'M_PROXY_ROUTE_TAKEN'
  | 'M_PROXY_SNIFF_FAILED'
  | 'M_PROXY_STALLED'
  | 'M_PROXY_UNKNOWN_COMMAND';

export type MProxyErrorCode = CodecErrorCode | TunnelErrorCode;

/** The parts of a message that an error can name. */
export type MessageField =
  'version' | 'headerLength' | 'family' | 'address' | 'port' | 'datalen' | 'service' | 'serviceport' | 'name' | 'data';

export interface MProxyErrorDetails {
  /** Where in the stream of bytes it broke, counted from the first byte the unpacker was given. */
  offset?: number;
  field?: MessageField;
  cause?: unknown;
}

export class MProxyError extends Error {
  override readonly name = 'MProxyError';
  readonly offset: number | undefined;
  readonly field: MessageField | undefined;

  constructor(
    readonly code: MProxyErrorCode,
    message: string,
    details: MProxyErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.offset = details.offset;
    this.field = details.field;
  }
}
