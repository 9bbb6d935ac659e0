/**
 * @module
 * What can keep the demo server from starting, with what to do next.
 */

export type DemoServerErrorCode = 'NOT_BUILT' | 'PORT_IN_USE' | 'PORT_FORBIDDEN' | 'HOST_UNKNOWN' | 'LISTEN_FAILED';

export class DemoServerError extends Error {
  readonly code: DemoServerErrorCode;

  constructor(code: DemoServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DemoServerError';
    this.code = code;
  }
}
