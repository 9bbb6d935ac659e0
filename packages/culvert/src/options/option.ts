/**
 * @module
 * One option of a command line, as data: the same entry drives parsing, the environment and `--help`.
 */

export interface Option<T> {
  /** What stands for the value in `--help`, such as `<port>`; null for a flag, which takes none. */
  placeholder: string | null;
  help: string;
  /** The variable that is read where the command line says nothing (lists: before it). */
  env?: string;
  /** A value that can be used as it stands, for advice. */
  example?: string;
  isList: boolean;
  fallback: T;
  /** Reads one value. @throws OptionError */
  read(text: string, name: string): unknown;
  /** Parts the variable's text into the values of a list. */
  split?(text: string): string[];
}

/** By their names without the dashes. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type OptionValues<T extends OptionTable> = { [K in keyof T]: T[K] extends Option<infer V> ? V : never };

type Described<T> = Pick<Option<T>, 'help' | 'env'>;
type Valued<T> = Described<T> & { placeholder: string; example?: string };

export function flag(option: Described<boolean>): Option<boolean> {
  return { ...option, placeholder: null, isList: false, fallback: false, read: () => true };
}

/** @param option its `fallback` may be of another type than what is read, such as null for "not given" */
export function value<T, const F = T>(
  option: Valued<T | F> & { fallback: F; read(text: string, name: string): T },
): Option<T | F> {
  return { ...option, isList: false };
}

export function list<T>(
  option: Valued<T[]> & { read(text: string, name: string): T; split?(text: string): string[] },
): Option<T[]> {
  return { ...option, isList: true, fallback: [] };
}
