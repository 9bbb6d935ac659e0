/**
 * @module
 * What `--help` prints, made from the tables.
 */
import type { Command } from '../commands/command.js';
import type { Option } from './option.js';

const lineLength = 120;

export function describeCommands(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => row(name, summary, 12));
  return [
    'Usage: culvert <command> [options]',
    '',
    ...rows,
    '',
    'culvert <command> --help  the options of a command',
    'culvert --version         the version',
  ].join('\n');
}

export function describeCommand(command: Command, invocation: string): string {
  const options = Object.entries(command.options).map(([name, option]) => [left(name, option), right(option)] as const);
  options.push(['--help', 'show this']);
  const width = Math.max(...options.map(([text]) => text.length)) + 2;
  const usage = [invocation, '[options]', command.positionals].filter(Boolean).join(' ');
  return [`Usage: ${usage}`, '', command.summary, '', ...options.map(([a, b]) => row(a, b, width))].join('\n');
}

function left(name: string, { placeholder }: Option<unknown>): string {
  return placeholder === null ? `--${name}` : `--${name} ${placeholder}`;
}

function right({ help, env, placeholder, isList, fallback }: Option<unknown>): string {
  const notes: string[] = [];
  if (env !== undefined) notes.push(placeholder === null ? `${env}=1` : isList ? `${env}, comma separated` : env);
  if (isList) notes.push('may be repeated');
  if (placeholder !== null && !isList && fallback !== null && fallback !== undefined)
    notes.push(`default: ${fallback}`);
  return notes.length === 0 ? help : `${help} (${notes.join('; ')})`;
}

function row(name: string, text: string, width: number): string {
  const indent = ' '.repeat(width + 2);
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const line = lines[last] ?? '';
    if (line !== '' && indent.length + line.length + word.length >= lineLength) lines.push(word);
    else lines[last] = line === '' ? word : `${line} ${word}`;
  }
  return `  ${name.padEnd(width)}${lines.join(`\n${indent}`)}`;
}
