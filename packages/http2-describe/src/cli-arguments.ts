/**
 * @module
 * The arguments of the command line, without any effect: what they mean, or a DescribeConfigurationError.
 */
import { parseArgs } from 'node:util';
import { DescribeConfigurationError } from './errors.js';

export interface DescribeArguments {
  help: boolean;
  serverHost: string;
  serverPort: number;
  proxyHost: string;
  proxyPort: number;
  format: 'text' | 'json';
  colour: boolean;
  sections: 'chunk' | 'turn';
  protoFiles: string[];
  protoDirectories: string[];
  tlsCertificate: string | null;
  tlsKey: string | null;
  serverTls: boolean;
  serverCertificateAuthority: string | null;
  insecure: boolean;
  /** Written. */
  keyLogFile: string | null;
  /** Read. */
  tlsKeyLog: string | null;
}

export const describeUsage = `Usage: culvert describe [options]

Passes TCP connections on to a server and describes the HTTP/2 in them, byte by byte.

  --server-host <host>    where to pass connections on to (localhost)
  --server-port <port>    (80)
  --proxy-host <host>     where to accept them (0.0.0.0)
  --proxy-port <port>     (24909)
  --json                  one JSON object a line, for programs
  --color, --no-color     colours; the default is to use them on a terminal
  --sections <chunk|turn> head a section for every chunk that arrives (chunk), or only when the direction changes (turn)
  --proto <file>          names for gRPC's messages; may be repeated
  --proto-path <dir>      where imports of .proto files are looked for; may be repeated
  --tls-cert <file>       end TLS here with this certificate and key (PEM), and describe what is inside
  --tls-key <file>
  --tls-key-log <file>    read the secrets of TLS that passes from the key log that a client or the server writes
  --server-tls            speak TLS to the server
  --server-ca <file>      trust this certificate authority (PEM) for it
  --insecure              do not verify the server's certificate
  --help

With SSLKEYLOGFILE in the environment the secrets of TLS connections made or ended here are appended to that file;
where none are (no --tls-cert, no --server-tls) it is what --tls-key-log reads.
`;

const options = {
  'server-host': { type: 'string', default: 'localhost' },
  'server-port': { type: 'string', default: '80' },
  'proxy-host': { type: 'string', default: '0.0.0.0' },
  'proxy-port': { type: 'string', default: '24909' },
  json: { type: 'boolean', default: false },
  color: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  sections: { type: 'string', default: 'chunk' },
  proto: { type: 'string', multiple: true, default: [] as string[] },
  'proto-path': { type: 'string', multiple: true, default: [] as string[] },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-key-log': { type: 'string' },
  'server-tls': { type: 'boolean', default: false },
  'server-ca': { type: 'string' },
  insecure: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** `argv` is what follows the command's name. */
export function parseDescribeArguments(
  argv: string[],
  environment: { isTerminal?: boolean; env?: Record<string, string | undefined> } = {},
): DescribeArguments {
  const { isTerminal = false, env = {} } = environment;
  const values = parseValues(argv);
  if (values.sections !== 'chunk' && values.sections !== 'turn')
    throw badArgument(`--sections ${values.sections} is neither chunk nor turn`);
  if ((values['tls-cert'] === undefined) !== (values['tls-key'] === undefined)) {
    throw badArgument('--tls-cert and --tls-key are needed together');
  }
  if (values.insecure && !values['server-tls'])
    throw badArgument('--insecure is about --server-tls, which is not given');
  const endsTls = values['tls-cert'] !== undefined || values['server-tls'];
  const keyLogFile = env.SSLKEYLOGFILE || null;
  // https://no-color.org
  const isColourWanted = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    help: values.help,
    serverHost: values['server-host'],
    serverPort: portFrom(values['server-port'], '--server-port', 1),
    proxyHost: values['proxy-host'],
    proxyPort: portFrom(values['proxy-port'], '--proxy-port', 0),
    format: values.json ? 'json' : 'text',
    colour: values['no-color'] ? false : (values.color ?? isColourWanted),
    sections: values.sections,
    protoFiles: values.proto,
    protoDirectories: values['proto-path'],
    tlsCertificate: values['tls-cert'] ?? null,
    tlsKey: values['tls-key'] ?? null,
    serverTls: values['server-tls'],
    serverCertificateAuthority: values['server-ca'] ?? null,
    insecure: values.insecure,
    keyLogFile: endsTls ? keyLogFile : null,
    tlsKeyLog: values['tls-key-log'] ?? (endsTls ? null : keyLogFile),
  };
}

function parseValues(argv: string[]) {
  try {
    return parseArgs({ args: argv, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw badArgument((error as Error).message.replace(/\.$/, ''));
  }
}

function portFrom(text: string, option: string, least: number): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= least && port <= 65535)) throw badArgument(`${option} ${text} is not a port`);
  return port;
}

function badArgument(reason: string): DescribeConfigurationError {
  return new DescribeConfigurationError(
    'H2_DESCRIBE_BAD_ARGUMENT',
    `Failed to read the arguments: ${reason}. See --help.`,
  );
}
