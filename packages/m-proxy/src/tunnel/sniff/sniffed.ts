/**
 * @module
 * What a sniffer says of the first bytes of a connection.
 */

export type Sniffed =
  /** Not enough bytes yet. */
  | { state: 'more' }
  /** Understood; the name is missing where the client told none. */
  | { state: 'done'; name: string | undefined }
  /** Not what the sniffer reads. */
  | { state: 'invalid' };
