/**
 * @module
 * Mistakes in the configuration, thrown when the server is made. What goes wrong in a request is a BareProtocolError.
 */

export type BareServerErrorCode =
  | 'BARE_SERVER_BAD_DIRECTORY'
  | 'BARE_SERVER_BAD_RESOLVE_ENTRY'
  | 'BARE_SERVER_BAD_VERSIONS'
  | 'BARE_SERVER_BAD_RULE'
  | 'BARE_SERVER_BAD_LIMIT'
  | 'BARE_SERVER_BAD_TRUST_PROXY'
  | 'BARE_SERVER_BAD_TOKEN'
  | 'BARE_SERVER_BAD_ORIGIN'
  | 'BARE_SERVER_BAD_META_STORE'
  | 'BARE_SERVER_WORKER_FAILED';

export class BareServerError extends Error {
  override readonly name = 'BareServerError';

  constructor(
    readonly code: BareServerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
