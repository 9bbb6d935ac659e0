/**
 * @module
 * What can keep the site from starting, with what to do next.
 */

import type { ListenErrorCode } from '@culvert/bare-server';

export type SiteErrorCode = 'NOT_BUILT' | 'SITE_MISSING' | ListenErrorCode;

export class SiteError extends Error {
  readonly code: SiteErrorCode;

  constructor(code: SiteErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SiteError';
    this.code = code;
  }
}
