/**
 * @module
 * A reverse proxy that passes every byte as it came and tells what the bytes say. Describing comes after passing on, and a
 * fault in it never reaches the connection.
 */
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { addressText } from './address-text.js';
import { DescribeConfigurationError } from './errors.js';
import type { Direction } from './description.js';
import { LiveTranscript } from './live-transcript.js';
import { pump } from './pump.js';
import { readProxyHeader } from './read-proxy-header.js';
import { createTerminator, type Terminator } from './tls-terminator.js';
import { routeText, type TranscriptOptions } from './transcript.js';

type Presentation = Pick<TranscriptOptions, 'sections' | 'format' | 'colour' | 'schema' | 'limits' | 'tlsSecrets'>;

export interface DescribingProxyOptions extends Presentation {
  /** Where connections are passed on to: localhost:80. */
  serverHost?: string;
  serverPort?: number;
  /** Where they are accepted: 0.0.0.0:24909, as within a container any narrower address is out of reach. Port 0 picks one. */
  proxyHost?: string;
  proxyPort?: number;
  /** Takes the text, or with `format: 'json'` lines of JSON. The default writes to standard output. */
  write?: (text: string) => void;
  /** Ends TLS here, so that what is inside can be described. Connections without TLS are accepted too. */
  tls?: Pick<tls.TlsOptions, 'key' | 'cert' | 'pfx' | 'passphrase'>;
  /** Speaks TLS to the server; the options are those of Node's `tls.connect`. */
  serverTls?: boolean | tls.ConnectionOptions;
  /** Appends the secrets of TLS that is made or ended here to this file, for Wireshark and its like. */
  keyLogFile?: string;
  /** How long TLS that passes may wait for its secrets (`tlsSecrets`), in milliseconds: 2000. */
  secretsTimeout?: number;
}

export interface DescribingProxy {
  /** Resolves to the port, once connections are accepted. */
  listen(): Promise<number>;
  /** Cuts the connections that are open. */
  close(): Promise<void>;
}

interface Settings extends DescribingProxyOptions {
  serverHost: string;
  serverPort: number;
  write: (text: string) => void;
}

/** How long a client may take over what precedes its first byte of TLS. */
const frontTimeout = 30_000;

export function createDescribingProxy(options: DescribingProxyOptions = {}): DescribingProxy {
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const settings: Settings = {
    ...options,
    serverHost: options.serverHost ?? 'localhost',
    serverPort: options.serverPort ?? 80,
    write,
  };
  const sockets = new Set<net.Socket>();
  const track = (socket: net.Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const terminator = options.tls === undefined ? null : createTerminator(options.tls, options.keyLogFile);
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    track(socket);
    acceptConnection(socket, settings, terminator, track);
  });
  return {
    listen: () => listen(server, settings),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: net.Server, settings: Settings): Promise<number> {
  const { proxyHost = '0.0.0.0', proxyPort = 24909 } = settings;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      const message = `Failed to listen on ${addressText(proxyHost, proxyPort)}: ${error.message}.`;
      reject(new DescribeConfigurationError('H2_DESCRIBE_CANNOT_LISTEN', message, { cause: error }));
    };
    server.once('error', fail);
    server.listen(proxyPort, proxyHost, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const { port } = server.address() as net.AddressInfo;
  const serverAddress = addressText(settings.serverHost, settings.serverPort);
  tell(settings, { event: 'listening', port, server: serverAddress }, [
    `Starting tcp-h2-describe proxy server on port ${port}`,
    `  Proxying server located at ${serverAddress}`,
  ]);
  return port;
}

function tell(settings: Settings, event: Record<string, string | number>, lines: string[]): void {
  settings.write(settings.format === 'json' ? `${JSON.stringify(event)}\n` : lines.map((line) => `${line}\n`).join(''));
}

/** One connection, until both ends are closed. */
async function acceptConnection(
  rawClient: net.Socket,
  settings: Settings,
  terminator: Terminator | null,
  track: (socket: net.Socket) => net.Socket,
): Promise<void> {
  const client = addressText(rawClient.remoteAddress ?? 'unknown', rawClient.remotePort ?? 0);
  const server = addressText(settings.serverHost, settings.serverPort);
  tell(settings, { event: 'accepted', client, server }, [`Accepted connection from ${client}`]);
  const fail = (what: string) => (error: Error) => {
    tell(settings, { event: 'failed', client, server, message: `${what}: ${error.message}` }, [
      `Failed to ${what}: ${error.message}`,
    ]);
    // A reset, not an orderly end: the client's bytes have not been taken.
    rawClient.resetAndDestroy();
  };
  // Until the pumps listen: a client may reset at any time.
  rawClient.on('error', () => rawClient.destroy());
  const say = describerOf(settings, client, server);

  let front: Buffer = Buffer.alloc(0);
  let near: net.Socket = rawClient;
  if (terminator !== null) {
    try {
      const read = await readProxyHeader(rawClient, frontTimeout);
      front = read.header;
      if (read.isTls) near = await terminator.secure(rawClient);
    } catch (error) {
      fail(`accept TLS from ${client}`)(error as Error);
      return;
    }
  }
  const far = track(connectToServer(settings, near, front));
  far.once('error', fail(`redirect ${client} to ${server}`));
  if (front.length > 0) say(front, 'client');
  const done = (direction: Direction) =>
    tell(settings, { event: 'done', direction, client, server }, [
      `Done redirecting socket for ${routeText(direction, client, server)}`,
    ]);
  pump(near, far, 'client', say, done);
  pump(far, near, 'server', say, done);
}

/** TLS to the server offers what the client and the proxy agreed on, so that both sides speak the same protocol. */
function connectToServer(
  { serverHost, serverPort, serverTls, keyLogFile }: Settings,
  near: net.Socket,
  front: Buffer,
): net.Socket {
  const socket = net.connect({ host: serverHost, port: serverPort, allowHalfOpen: true });
  socket.setNoDelay(true);
  if (front.length > 0) socket.write(front);
  if (!serverTls) return socket;
  const agreed = near instanceof tls.TLSSocket ? near.alpnProtocol : 'h2';
  const secured = tls.connect({
    ...(net.isIP(serverHost) === 0 && { servername: serverHost }),
    ...(agreed ? { ALPNProtocols: [agreed] } : {}),
    ...(serverTls === true ? {} : serverTls),
    socket,
  });
  socket.on('error', (error) => secured.destroy(error));
  if (keyLogFile !== undefined) secured.on('keylog', (line) => appendFileSync(keyLogFile, line));
  return secured;
}

/** Describes what passes; `null` bytes are the end of a direction. */
function describerOf(
  settings: Settings,
  client: string,
  server: string,
): (bytes: Buffer | null, direction: Direction) => void {
  const transcript = new LiveTranscript({ ...settings, client, server });
  return (bytes, direction) => {
    if (bytes === null) transcript.end(direction);
    else transcript.describe(bytes, direction);
  };
}
