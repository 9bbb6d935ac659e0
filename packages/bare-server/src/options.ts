/**
 * @module
 * What a Bare server can be told.
 */
import type { BareManifest } from '@culvert/bare-protocol';

/** How remotes are reached. */
export interface UpstreamOptions {
  /**
   * Addresses to use instead of DNS: curl's `host:port:address[,address...]`. Host and port may be `*`, an IPv6 address stands in
   * brackets, and a leading `+` is accepted.
   */
  resolve?: string[];
  /** Accept any certificate. */
  insecure?: boolean;
  /** Certificate authorities to trust besides the usual ones, as PEM. */
  ca?: string[];
  /** Allow addresses that are not public (loopback, private networks, link-local, ...) and this server itself. */
  allowPrivate?: boolean;
  /** Milliseconds for DNS, TCP and TLS together. */
  connectTimeout?: number;
  /** Milliseconds from the end of the request to the head of the answer. */
  headersTimeout?: number;
}

export interface BareServerOptions {
  /** Path the server is mounted at; begins and ends with a slash. */
  directory?: string;
  upstream?: UpstreamOptions;
  /** Milliseconds a client has to send the connect message after its WebSocket is open. */
  connectMessageTimeout?: number;
  /** Bytes of the largest WebSocket message, either way. */
  maxMessageSize?: number;
  maintainer?: BareManifest['maintainer'];
  project?: BareManifest['project'];
  /** Called with what went wrong on our side (code UNKNOWN), which the client only learns in general terms. */
  onInternalError?: (error: unknown) => void;
}
