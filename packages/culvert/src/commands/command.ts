/**
 * @module
 * What a subcommand is. Each is one file here, made with `defineCommand` and listed in index.ts.
 */
import type { OptionTable, OptionValues } from '../options/option.js';

export interface CommandContext {
  /** Arguments that are no options; empty where the command takes none. */
  positionals: string[];
  /** What the user types to run this command, for advice: `culvert serve`, `npm start --`. */
  invocation: string;
  env: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  printError(text: string): void;
}

export interface Command {
  name: string;
  /** One line for `culvert --help`. */
  summary: string;
  /** The names of the arguments that are no options, such as `<url>`; none by default. */
  positionals?: string;
  options: OptionTable;
  /** @returns the exit code, once all is over */
  run(values: Record<string, unknown>, context: CommandContext): Promise<number>;
}

/** Gives `run` the types that the table of options says. */
export function defineCommand<T extends OptionTable>(
  command: Omit<Command, 'options' | 'run'> & {
    options: T;
    run(values: OptionValues<T>, context: CommandContext): Promise<number>;
  },
): Command {
  return { ...command, run: (values, context) => command.run(values as OptionValues<T>, context) };
}
