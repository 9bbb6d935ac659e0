/**
 * @module
 * The command: reads the files that its arguments name, runs the proxy until it is told to stop.
 */
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { describeUsage, parseDescribeArguments, type DescribeArguments } from './cli-arguments.js';
import { createDescribingProxy, type DescribingProxyOptions } from './describing-proxy.js';
import { DescribeConfigurationError } from './errors.js';
import { loadSchema } from './protobuf/schema.js';
import { KeyLogFile } from './tls/key-log-file.js';

export interface CommandEnvironment {
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable;
  env: Record<string, string | undefined>;
  /** Stops the proxy. */
  signal: AbortSignal;
}

/** Runs to the end; resolves to the exit code. */
export async function main(argv: string[], { stdout, stderr, env, signal }: CommandEnvironment): Promise<number> {
  try {
    const values = parseDescribeArguments(argv, { isTerminal: stdout.isTTY === true, env });
    if (values.help) {
      stdout.write(describeUsage);
      return 0;
    }
    const proxy = createDescribingProxy({ ...proxyOptions(values), write: boundedWriter(stdout, values.format) });
    await proxy.listen();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await proxy.close();
    return 0;
  } catch (error) {
    if (!(error instanceof DescribeConfigurationError)) throw error;
    stderr.write(`${error.message}\n`);
    return error.code === 'H2_DESCRIBE_BAD_ARGUMENT' ? 2 : 1;
  }
}

function proxyOptions(values: DescribeArguments): DescribingProxyOptions {
  const { tlsCertificate, tlsKey, serverCertificateAuthority: authority } = values;
  const serverTls = {
    rejectUnauthorized: !values.insecure,
    ...(authority !== null && { ca: readNamedFile(authority, '--server-ca') }),
  };
  return {
    serverHost: values.serverHost,
    serverPort: values.serverPort,
    proxyHost: values.proxyHost,
    proxyPort: values.proxyPort,
    format: values.format,
    colour: values.colour,
    sections: values.sections,
    schema: values.protoFiles.length > 0 ? loadSchema(values.protoFiles, values.protoDirectories) : null,
    ...(tlsCertificate !== null &&
      tlsKey !== null && {
        tls: { cert: readNamedFile(tlsCertificate, '--tls-cert'), key: readNamedFile(tlsKey, '--tls-key') },
      }),
    ...(values.serverTls && { serverTls }),
    ...(values.tlsKeyLog !== null && { tlsSecrets: new KeyLogFile(values.tlsKeyLog) }),
    ...(values.keyLogFile !== null && { keyLogFile: values.keyLogFile }),
  };
}

function readNamedFile(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `Failed to read ${path}, which ${option} names: ${(error as Error).message}.`;
    throw new DescribeConfigurationError('H2_DESCRIBE_BAD_ARGUMENT', message, { cause: error });
  }
}

/** Text that waits for a slow reader; past it descriptions are dropped, since the bytes have to go on. */
const longestBacklog = 64 << 20;

/** Writes as long as the reader keeps up, and tells how much it missed. */
export function boundedWriter(
  stream: Writable,
  format: 'text' | 'json',
  backlog = longestBacklog,
): (text: string) => void {
  let dropped = 0;
  return (text) => {
    if (stream.destroyed) return;
    if (stream.writableLength > backlog) {
      dropped++;
      return;
    }
    if (dropped > 0) {
      const notice = { event: 'dropped', count: dropped };
      stream.write(
        format === 'json' ? `${JSON.stringify(notice)}\n` : `Dropped ${dropped} descriptions, as output was too slow\n`,
      );
    }
    dropped = 0;
    stream.write(text);
  };
}
