/**
 * @module
 * An option that cannot be used as it is written. The message says which, and what would be right.
 */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly code = 'CULVERT_BAD_OPTION';
}
