/**
 * @module
 * The `culvert` command: finds the subcommand, reads its options, runs it. What can be wrong on a command line ends here, in one line of
 * text and exit code 2; what a subcommand fails at, in its message and exit code 1.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from './commands/command.js';
import { commands } from './commands/index.js';
import { OptionError } from './options/errors.js';
import { parseOptions } from './options/parse-options.js';
import { describeCommand, describeCommands } from './options/usage.js';

export interface MainOptions {
  env?: Readonly<Record<string, string | undefined>>;
  /** How the user has called this, where it was not `culvert <command>`: `npm start --`. */
  invocation?: string;
  print?: (text: string) => void;
  printError?: (text: string) => void;
}

const misused = 2;

/** @returns the exit code */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const { env = process.env, print = console.log, printError = console.error } = options;
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? printError : print)(describeCommands(commands));
    return name === undefined ? misused : 0;
  }
  if (name === '--version' || name === '-v') {
    print(readVersion());
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const known = commands.map((candidate) => candidate.name).join(', ');
    printError(`Unknown command ${name}. The commands are ${known}; culvert --help says what they do.`);
    return misused;
  }
  const invocation = options.invocation ?? `culvert ${command.name}`;
  try {
    return await run(command, rest, invocation, { env, print, printError });
  } catch (error) {
    if (error instanceof OptionError) {
      printError(`${error.message} See ${invocation} --help`);
      return misused;
    }
    // A reason that a user can act on needs no stack.
    const isExplained = error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
    printError(isExplained ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
}

async function run(
  command: Command,
  args: readonly string[],
  invocation: string,
  { env, print, printError }: Required<Omit<MainOptions, 'invocation'>>,
): Promise<number> {
  const parsed = parseOptions(command, args, env);
  if (parsed.help) {
    print(describeCommand(command, invocation));
    return 0;
  }
  return command.run(parsed.values, { positionals: parsed.positionals, invocation, env, print, printError });
}

function readVersion(): string {
  const file = path.join(import.meta.dirname, '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
