/**
 * @module
 * What can keep the files of a static site from being written.
 */
export class InitError extends Error {
  override readonly name = 'InitError';

  constructor(
    readonly code: 'NOT_BUILT' | 'FOLDER_NOT_WRITABLE',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
