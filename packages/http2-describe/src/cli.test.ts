import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { parseDescribeArguments } from './cli-arguments.js';
import { boundedWriter, main } from './cli.js';

it('has the defaults of tcp-h2-describe', () => {
  expect(parseDescribeArguments([])).toMatchObject({
    serverHost: 'localhost',
    serverPort: 80,
    proxyHost: '0.0.0.0',
    proxyPort: 24909,
    format: 'text',
    colour: false,
    sections: 'chunk',
    serverTls: false,
  });
});

it('reads every option', () => {
  const text =
    '--server-host website.invalid --server-port 8080 --proxy-port 0 --proxy-host ::1 --json --sections turn --proto a.proto --proto b.proto --proto-path p --tls-cert c --tls-key k --server-tls --server-ca ca --insecure --tls-key-log read';
  expect(parseDescribeArguments(text.split(' '), { env: { SSLKEYLOGFILE: 'keys' } })).toEqual({
    help: false,
    serverHost: 'website.invalid',
    serverPort: 8080,
    proxyHost: '::1',
    proxyPort: 0,
    format: 'json',
    colour: false,
    sections: 'turn',
    protoFiles: ['a.proto', 'b.proto'],
    protoDirectories: ['p'],
    tlsCertificate: 'c',
    tlsKey: 'k',
    serverTls: true,
    serverCertificateAuthority: 'ca',
    insecure: true,
    keyLogFile: 'keys',
    tlsKeyLog: 'read',
  });
});

it('colours on a terminal, unless told otherwise', () => {
  const colour = (argv: string[], isTerminal: boolean, env = {}) =>
    parseDescribeArguments(argv, { isTerminal, env }).colour;
  expect(colour([], true)).toBe(true);
  expect(colour([], true, { NO_COLOR: '1' })).toBe(false);
  expect(colour(['--no-color'], true)).toBe(false);
  expect(colour(['--color'], false)).toBe(true);
});

it.each([
  [['--server-port', '0'], '--server-port 0 is not a port'],
  [['--proxy-port', '65536'], '--proxy-port 65536 is not a port'],
  [['--sections', 'frames'], 'neither chunk nor turn'],
  [['--tls-cert', 'c'], '--tls-cert and --tls-key are needed together'],
  [['--insecure'], '--insecure is about --server-tls'],
  [['--unknown'], "Unknown option '--unknown'"],
  [['extra'], "Unexpected argument 'extra'"],
])('refuses %j', (argv, reason) => {
  expect(() => parseDescribeArguments(argv)).toThrow(reason);
});

function environment() {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stop = new AbortController();
  let out = '';
  let err = '';
  stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return { io: { stdout, stderr, env: {}, signal: stop.signal }, stop, out: () => out, err: () => err };
}

it('announces where it listens, and ends when told to', async () => {
  const { io, stop, out } = environment();
  const running = main(['--proxy-host', '127.0.0.1', '--proxy-port', '0', '--server-host', 'website.invalid'], io);
  while (out() === '') await new Promise((resolve) => setTimeout(resolve, 5));
  expect(out()).toMatch(
    /^Starting tcp-h2-describe proxy server on port \d+\n {2}Proxying server located at website\.invalid:80\n$/,
  );
  stop.abort();
  expect(await running).toBe(0);
});

it('tells what is wrong with its arguments and files, with an exit code', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'describe-'));
  try {
    const proto = join(directory, 'bad.proto');
    writeFileSync(proto, 'message {');
    const cases: [string[], number, RegExp][] = [
      [['--nonsense'], 2, /Failed to read the arguments: Unknown option '--nonsense'/],
      [['--tls-cert', 'nowhere', '--tls-key', 'nowhere'], 2, /Failed to read nowhere, which --tls-cert names/],
      [['--proto', proto], 1, /Failed to read .*bad\.proto: illegal/],
      [['--proto', join(directory, 'none.proto')], 1, /none\.proto: ENOENT/],
    ];
    for (const [argv, code, message] of cases) {
      const { io, err } = environment();
      expect(await main(argv, io)).toBe(code);
      await new Promise(setImmediate);
      expect(err()).toMatch(message);
    }
    const { io, out } = environment();
    expect(await main(['--help'], io)).toBe(0);
    await new Promise(setImmediate);
    expect(out()).toContain('Usage: culvert describe');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('drops what a slow reader does not take, and tells how much', () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const write = boundedWriter(stream, 'text', 100);
  for (let count = 0; count < 10; count++) write('x'.repeat(60));
  const taken = String(stream.read() ?? '') + String(stream.read() ?? '') + String(stream.read() ?? '');
  expect(taken.length).toBeLessThanOrEqual(240);
  while (stream.read() !== null);
  write('on again\n');
  expect(String(stream.read())).toMatch(/^Dropped \d descriptions, as output was too slow\n/);
});
