/**
 * @module
 * What a describer can say is wrong. Faults of the peers are `DescribeError`s: they are part of the description, name the
 * offset and the field, and are thrown only inside this package. Faults of the caller are `DescribeConfigurationError`s.
 */

export type DescribeErrorCode =
  /** The client's first bytes are not HTTP/2's connection preface. */
  | 'H2_DESCRIBE_NOT_HTTP2'
  /** A PROXY protocol header that does not parse. */
  | 'H2_DESCRIBE_BAD_PROXY_HEADER'
  /** The connection ended inside a frame, a preface or a header. */
  | 'H2_DESCRIBE_TRUNCATED'
  /** A frame, or a field in it, has fewer or more bytes than its type prescribes. */
  | 'H2_DESCRIBE_BAD_LENGTH'
  /** A frame is longer than the receiver's SETTINGS_MAX_FRAME_SIZE. */
  | 'H2_DESCRIBE_FRAME_SIZE'
  /** Padding is longer than the frame. */
  | 'H2_DESCRIBE_BAD_PADDING'
  /** A frame where HTTP/2 does not allow it, or on a stream identifier that it may not have. */
  | 'H2_DESCRIBE_PROTOCOL'
  /** A field holds a value that its specification forbids. */
  | 'H2_DESCRIBE_BAD_VALUE'
  /** A header block that HPACK cannot decode. */
  | 'H2_DESCRIBE_HPACK'
  /** A header block came after one that could not be decoded; the dynamic table is no longer known. */
  | 'H2_DESCRIBE_HPACK_LOST'
  /** A gRPC message that cannot be read: its prefix, its compression. */
  | 'H2_DESCRIBE_BAD_GRPC'
  /** A message that is not the protobuf it should be. */
  | 'H2_DESCRIBE_BAD_PROTOBUF'
  /** A WebSocket frame that breaks RFC 6455. */
  | 'H2_DESCRIBE_BAD_WEB_SOCKET'
  /** Bytes that are no TLS record, or a hello that does not parse. */
  | 'H2_DESCRIBE_BAD_TLS_RECORD'
  /** The key log has no secret for this TLS connection, or none that fits. */
  | 'H2_DESCRIBE_TLS_NO_SECRET'
  /** A TLS record that the logged secret does not open. */
  | 'H2_DESCRIBE_TLS_DECRYPT'
  /** A version, cipher suite or part of TLS that is not decrypted. */
  | 'H2_DESCRIBE_TLS_UNSUPPORTED'
  /** The describer's own limit is reached: bytes are passed on, but not all of them are described. */
  | 'H2_DESCRIBE_LIMIT';

export class DescribeError extends Error {
  override readonly name = 'DescribeError';

  constructor(
    readonly code: DescribeErrorCode,
    /** Bytes from the start of this direction of the connection. */
    readonly offset: number,
    /** The field as the description names it. */
    readonly field: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`Failed to describe ${field} at byte ${offset}: ${reason}.`, options);
  }

  toJSON(): { code: DescribeErrorCode; offset: number; field: string; message: string } {
    return { code: this.code, offset: this.offset, field: this.field, message: this.reason };
  }
}

export type DescribeConfigurationErrorCode =
  'H2_DESCRIBE_BAD_SCHEMA' | 'H2_DESCRIBE_CANNOT_LISTEN' | 'H2_DESCRIBE_BAD_TLS';

export class DescribeConfigurationError extends Error {
  override readonly name = 'DescribeConfigurationError';

  constructor(
    readonly code: DescribeConfigurationErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
