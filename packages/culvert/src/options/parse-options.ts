/**
 * @module
 * Reads the options of a command from the command line and the environment. The command line wins; lists add up.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command } from '../commands/command.js';
import { OptionError } from './errors.js';
import type { Option, OptionTable } from './option.js';

export interface ParsedOptions {
  help: boolean;
  values: Record<string, unknown>;
  positionals: string[];
}

/** @throws OptionError */
export function parseOptions(
  command: Pick<Command, 'options' | 'positionals'>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): ParsedOptions {
  const { options } = command;
  const values = defaults(options);
  readEnvironment(options, env, values);
  const positionals: string[] = [];
  let help = false;
  // Not strict: what is wrong is said here, in words that name what would be right.
  const { tokens } = parseArgs({ args: [...args], options: syntaxOf(options), strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (name === 'help') {
      help = true;
      continue;
    }
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw new OptionError(`Unknown option ${rawName}.${suggest(options, name)}`);
    if (option.placeholder === null) {
      if (value !== undefined) throw new OptionError(`${rawName} takes no value, but got "${value}".`);
    } else if (value === undefined || (!inlineValue && value.startsWith('--'))) {
      throw new OptionError(`${rawName} needs a value: ${rawName} ${option.example ?? option.placeholder}`);
    }
    keep(values, name, option, option.read(value ?? '', rawName));
  }
  const [unexpected] = positionals;
  if (unexpected !== undefined && command.positionals === undefined && !help) {
    throw new OptionError(`Unknown option ${unexpected}.${suggest(options, unexpected)}`);
  }
  return { help, values, positionals };
}

function defaults(options: OptionTable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { isList, fallback }]) => [name, isList ? [] : fallback]),
  );
}

function syntaxOf(options: OptionTable): NonNullable<ParseArgsConfig['options']> {
  const types = Object.entries(options).map(([name, { placeholder }]) => {
    return [name, { type: placeholder === null ? ('boolean' as const) : ('string' as const) }];
  });
  return { ...Object.fromEntries(types), help: { type: 'boolean', short: 'h' } };
}

function readEnvironment(
  options: OptionTable,
  env: Readonly<Record<string, string | undefined>>,
  values: Record<string, unknown>,
): void {
  for (const [name, option] of Object.entries(options)) {
    const variable = option.env;
    const text = variable === undefined ? undefined : env[variable];
    if (variable === undefined || text === undefined || text === '') continue;
    if (option.placeholder === null) values[name] = readSwitch(text, variable);
    else if (!option.isList) values[name] = option.read(text, variable);
    else
      for (const item of (option.split ?? splitAtCommas)(text)) keep(values, name, option, option.read(item, variable));
  }
}

function keep(values: Record<string, unknown>, name: string, option: Option<unknown>, value: unknown): void {
  if (option.isList) (values[name] as unknown[]).push(value);
  else values[name] = value;
}

function splitAtCommas(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

function readSwitch(text: string, variable: string): boolean {
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new OptionError(`${variable} is "${text}". Use 1 or 0.`);
}

function suggest(options: OptionTable, name: string): string {
  const plain = (text: string): string => text.replace(/-/g, '').toLowerCase();
  const known = Object.keys(options).find((option) => plain(option) === plain(name));
  return known === undefined ? '' : ` Did you mean --${known}?`;
}
