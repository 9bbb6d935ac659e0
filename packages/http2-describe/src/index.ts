/**
 * @module
 * @culvert/http2-describe: what HTTP/2 connections say, byte by byte. A library (`ConnectionDescriber`, the renderers), a
 * reverse proxy that describes what passes (`createDescribingProxy`), and a stream that describes a server's own
 * connections (`describeSocket`). The command line is `culvert describe`, in another package.
 */
export { ConnectionDescriber, type ConnectionDescriberOptions } from './connection-describer.js';
export type { Description, DescriptionItem, DescriptionKind, Direction, JsonValue, Span } from './description.js';
export { errorsOf } from './description.js';
export { renderText, type TextOptions } from './render-text.js';
export { renderJson, type DescriptionRecord } from './render-json.js';
export { Transcript, type TranscriptOptions } from './transcript.js';
export { type DescribeLimits, defaultLimits } from './limits.js';
export { loadSchema, parseSchema, type ProtobufSchema } from './protobuf/schema.js';
export { createDescribingProxy, type DescribingProxy, type DescribingProxyOptions } from './describing-proxy.js';
export { describeSocket, type DescribeSocketOptions } from './describe-socket.js';
export { KeyLog, type SecretLabel, type TlsSecrets } from './tls/key-log.js';
export { KeyLogFile } from './tls/key-log-file.js';
export { boundedWriter } from './bounded-writer.js';
export {
  DescribeConfigurationError,
  DescribeError,
  type DescribeConfigurationErrorCode,
  type DescribeErrorCode,
} from './errors.js';
