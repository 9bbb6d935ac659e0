import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../main.js';
import { OptionError } from '../options/errors.js';
import { parseOptions } from '../options/parse-options.js';
import { describe, proxyOptions } from './describe.js';

function read(
  line: string,
  { env = {}, isTerminal = false }: { env?: Record<string, string>; isTerminal?: boolean } = {},
) {
  const { values } = parseOptions(describe, line.split(' ').filter(Boolean), env);
  return proxyOptions(values as Parameters<typeof proxyOptions>[0], env, isTerminal);
}

it('has the defaults of tcp-h2-describe', () => {
  expect(read('')).toEqual({
    serverHost: 'localhost',
    serverPort: 80,
    proxyHost: '0.0.0.0',
    proxyPort: 24909,
    format: 'text',
    colour: false,
    sections: 'chunk',
    schema: null,
    tlsSecrets: null,
  });
});

it('reads every option', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'culvert-describe-'));
  try {
    const named = (name: string) => {
      const file = path.join(folder, name);
      writeFileSync(file, name === 'a.proto' ? 'syntax = "proto3"; message A {}' : name);
      return file;
    };
    const line =
      '--server-host website.invalid --server-port 8080 --proxy-port 0 --proxy-host ::1 --json --sections turn --color ' +
      `--proto ${named('a.proto')} --proto-path ${folder} --tls-cert ${named('cert')} --tls-key ${named('key')} ` +
      `--server-tls --server-ca ${named('ca')} --insecure --tls-key-log ${named('log')}`;
    expect(read(line, { env: { SSLKEYLOGFILE: 'written' } })).toMatchObject({
      serverHost: 'website.invalid',
      serverPort: 8080,
      proxyHost: '::1',
      proxyPort: 0,
      format: 'json',
      colour: true,
      sections: 'turn',
      schema: expect.anything() as unknown,
      tls: { cert: Buffer.from('cert'), key: Buffer.from('key') },
      serverTls: { ca: Buffer.from('ca'), rejectUnauthorized: false },
      tlsSecrets: { path: path.join(folder, 'log') },
      keyLogFile: 'written',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('reads the key log of the environment where TLS passes, and writes it where TLS is made here', () => {
  const env = { SSLKEYLOGFILE: 'keys' };
  expect(read('', { env })).toMatchObject({ tlsSecrets: { path: 'keys' } });
  expect(read('', { env })).not.toHaveProperty('keyLogFile');
  expect(read('--server-tls', { env })).toMatchObject({ tlsSecrets: null, keyLogFile: 'keys' });
});

it('colours on a terminal, unless told otherwise', () => {
  const colour = (line: string, isTerminal: boolean, env = {}) => read(line, { env, isTerminal }).colour;
  expect(colour('', true)).toBe(true);
  expect(colour('', true, { NO_COLOR: '1' })).toBe(false);
  expect(colour('--no-color', true)).toBe(false);
  expect(colour('--color', false)).toBe(true);
});

it.each([
  ['--server-port 0', '--server-port is "0"'],
  ['--proxy-port 65536', 'which is no port'],
  ['--sections frames', 'Use chunk or turn'],
  ['--tls-cert c', '--tls-cert and --tls-key are needed together'],
  ['--insecure', '--insecure is about --server-tls'],
  ['--server-ca c', '--server-ca is about --server-tls'],
  ['--tls-cert nowhere --tls-key nowhere', 'Failed to read nowhere, which --tls-cert names'],
  ['extra', 'Unknown option extra'],
])('refuses %s', (line, reason) => {
  expect(() => read(line)).toThrow(OptionError);
  expect(() => read(line)).toThrow(reason);
});

it('tells of a .proto file that does not parse, with exit code 1', async () => {
  const errors: string[] = [];
  const printError = (text: string) => void errors.push(text);
  expect(await main(['describe', '--proto', 'none.proto'], { env: {}, printError })).toBe(1);
  expect(errors.join()).toMatch(/none\.proto: ENOENT/);
});
