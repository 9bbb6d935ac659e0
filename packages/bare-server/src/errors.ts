/**
 * @module
 * Mistakes in the configuration, thrown when the server is made. What goes wrong in a request is a BareProtocolError.
 */

export type BareServerErrorCode =
  'BARE_SERVER_BAD_DIRECTORY' | 'BARE_SERVER_BAD_RESOLVE_ENTRY' | 'BARE_SERVER_BAD_VERSIONS';

export class BareServerError extends Error {
  override readonly name = 'BareServerError';

  constructor(
    readonly code: BareServerErrorCode,
    message: string,
  ) {
    super(message);
  }
}
