/**
 * @module
 * `culvert describe`: a reverse proxy that tells what the HTTP/2 that passes through it says, byte by byte.
 */
import { readFileSync } from 'node:fs';
import {
  boundedWriter,
  createDescribingProxy,
  KeyLogFile,
  loadSchema,
  type DescribingProxyOptions,
} from '@culvert/http2-describe';
import { OptionError } from '../options/errors.js';
import { flag, list, value, type OptionValues } from '../options/option.js';
import { oneOf, readHost, readPort } from '../options/values.js';
import { closeOnSignal } from './close-on-signal.js';
import { defineCommand } from './command.js';

const file = (help: string, placeholder = '<file>') =>
  value<string | null>({ placeholder, help, fallback: null, read: (text) => text });
const files = (help: string, placeholder = '<file>') => list<string>({ placeholder, help, read: (text) => text });

const options = {
  'server-host': value({
    placeholder: '<name or address>',
    example: 'localhost',
    help: 'where to pass connections on to',
    fallback: 'localhost',
    read: readHost,
  }),
  'server-port': value({
    placeholder: '<number>',
    example: '8080',
    help: 'its port',
    fallback: 80,
    read: readServerPort,
  }),
  'proxy-host': value({
    placeholder: '<name or address>',
    example: '127.0.0.1',
    help: 'where to accept connections; whoever reaches it reaches the server',
    fallback: '0.0.0.0',
    read: readHost,
  }),
  'proxy-port': value({
    placeholder: '<number>',
    example: '24909',
    help: 'its port; 0 takes any free one',
    fallback: 24909,
    read: readPort,
  }),
  json: flag({ help: 'write one JSON object a line, for programs' }),
  color: flag({ help: 'use colours; without, a terminal gets them' }),
  'no-color': flag({ help: 'use no colours; so does NO_COLOR in the environment' }),
  sections: value<'chunk' | 'turn'>({
    placeholder: '<chunk|turn>',
    example: 'turn',
    help: 'head a section for every chunk that arrives, or only when the direction changes',
    fallback: 'chunk',
    read: oneOf('chunk', 'turn'),
  }),
  proto: files("names for gRPC's messages"),
  'proto-path': files('where imports of .proto files are looked for', '<folder>'),
  'tls-cert': file('end TLS here with this certificate (PEM), and describe what is inside'),
  'tls-key': file('the key of --tls-cert (PEM)'),
  'tls-key-log': file(
    'read the secrets of TLS that passes from this log, which a client or the server writes. SSLKEYLOGFILE in the environment does ' +
      'the same; where TLS is ended or made here, its secrets are appended to that file',
  ),
  'server-tls': flag({ help: 'speak TLS to the server' }),
  'server-ca': file('trust this certificate authority (PEM) for it'),
  insecure: flag({ help: "do not verify the server's certificate" }),
};

export const describe = defineCommand({
  name: 'describe',
  summary: 'Passes connections on to a server and describes the HTTP/2 in them, byte by byte.',
  options,
  async run(values, context) {
    const format = values.json ? 'json' : 'text';
    const proxy = createDescribingProxy({
      ...proxyOptions(values, context.env, process.stdout.isTTY),
      write: boundedWriter(process.stdout, format),
    });
    await proxy.listen();
    return closeOnSignal(proxy, context);
  },
});

/** @throws OptionError */
export function proxyOptions(
  values: OptionValues<typeof options>,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): DescribingProxyOptions {
  const { 'tls-cert': cert, 'tls-key': key, 'tls-key-log': keyLog, 'server-ca': authority } = values;
  if ((cert === null) !== (key === null)) throw new OptionError('--tls-cert and --tls-key are needed together.');
  for (const name of ['server-ca', 'insecure'] as const) {
    const isGiven = values[name] !== null && values[name] !== false;
    if (isGiven && !values['server-tls']) throw new OptionError(`--${name} is about --server-tls, which is not given.`);
  }
  const hasTlsHere = cert !== null || values['server-tls'];
  const environmentLog = env.SSLKEYLOGFILE || null;
  const readLog = keyLog ?? (hasTlsHere ? null : environmentLog);
  return {
    serverHost: values['server-host'],
    serverPort: values['server-port'],
    proxyHost: values['proxy-host'],
    proxyPort: values['proxy-port'],
    format: values.json ? 'json' : 'text',
    colour: isColourWanted(values, env, isTerminal),
    sections: values.sections,
    schema: values.proto.length > 0 ? loadSchema(values.proto, values['proto-path']) : null,
    tlsSecrets: readLog === null ? null : new KeyLogFile(readLog),
    ...(cert !== null &&
      key !== null && { tls: { cert: readNamedFile(cert, '--tls-cert'), key: readNamedFile(key, '--tls-key') } }),
    ...(values['server-tls'] && {
      serverTls: {
        rejectUnauthorized: !values.insecure,
        ...(authority !== null && { ca: readNamedFile(authority, '--server-ca') }),
      },
    }),
    ...(hasTlsHere && environmentLog !== null && { keyLogFile: environmentLog }),
  };
}

/** @see https://no-color.org */
function isColourWanted(
  values: { color: boolean; 'no-color': boolean },
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (values['no-color']) return false;
  return values.color || (isTerminal && !env.NO_COLOR && env.TERM !== 'dumb');
}

/** A server has no port 0. */
function readServerPort(text: string, name: string): number {
  const port = readPort(text, name);
  if (port === 0) throw new OptionError(`${name} is "0", which no server has. Use a number from 1 to 65535.`);
  return port;
}

function readNamedFile(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new OptionError(`Failed to read ${path}, which ${option} names: ${(error as Error).message}.`);
  }
}
