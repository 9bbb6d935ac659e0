/**
 * @module
 * What can keep the site from starting, with what to do next.
 */

export type SiteErrorCode = 'NOT_BUILT' | 'PORT_IN_USE' | 'PORT_FORBIDDEN' | 'HOST_UNKNOWN' | 'LISTEN_FAILED';

export class SiteError extends Error {
  readonly code: SiteErrorCode;

  constructor(code: SiteErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SiteError';
    this.code = code;
  }
}
