/**
 * @module
 * HTTP/2 over Node's TLS, recorded on its way together with the key log that Node gives.
 */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls, { type SecureVersion } from 'node:tls';
import { certificate, certificateAuthority, privateKey } from '../../../../test/support/certificates/secure-test.js';
import type { Turn } from '../frames.test-support.js';

export interface RecordedTls {
  turns: Turn[];
  keyLog: string;
}

export interface TlsChoice {
  version: SecureVersion;
  ciphers: string;
  /** What the server insists on; the client offers a key for X25519 first. */
  serverCurve?: string;
  /** Bytes of a response body, so that there are many records. */
  bodyLength?: number;
}

export async function recordTls({
  version,
  ciphers,
  serverCurve,
  bodyLength = 40_000,
}: TlsChoice): Promise<RecordedTls> {
  const turns: Turn[] = [];
  let keyLog = '';
  const server = http2.createSecureServer({
    key: privateKey,
    cert: certificate,
    minVersion: version,
    maxVersion: version,
    ciphers,
    ...(serverCurve !== undefined && { ecdhCurve: serverCurve }),
  });
  server.on('keylog', (line) => (keyLog += line.toString()));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.destroy());
    stream.respond({ ':status': 200, 'x-path': String(headers[':path']) });
    stream.end(Buffer.alloc(bodyLength, 'secret '));
  });
  const port = await listening(server);
  const recorder = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    near.on('data', (bytes) => void (turns.push({ direction: 'client', bytes }), far.write(bytes)));
    far.on('data', (bytes) => void (turns.push({ direction: 'server', bytes }), near.write(bytes)));
    near.on('end', () => far.end()).on('error', () => far.destroy());
    far.on('end', () => near.end()).on('error', () => near.destroy());
  });
  const session = http2.connect(`https://secure.test:${await listening(recorder)}`, {
    lookup: (_name, options, callback) => {
      if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    },
    ca: certificateAuthority,
    ciphers,
    ecdhCurve: 'X25519:P-256:P-384',
  });
  for (const path of ['/first', '/second']) {
    const stream = session.request({ ':path': path });
    await new Promise((resolve, reject) => stream.on('error', reject).on('close', resolve).resume());
  }
  await new Promise<void>((resolve) => session.close(resolve));
  await Promise.all([server, recorder].map((one) => new Promise((resolve) => one.close(resolve))));
  return { turns, keyLog };
}

/** The second of two connections, which goes on with the session of the first; it sends the head of a request. */
export async function recordResumedTls(version: SecureVersion): Promise<RecordedTls> {
  let keyLog = '';
  const options = { key: privateKey, cert: certificate, minVersion: version, maxVersion: version } as const;
  const server = tls.createServer(options, (socket) => socket.on('data', () => socket.end('HTTP/1.1 204\r\n\r\n')));
  server.on('keylog', (line) => (keyLog += line.toString()));
  const port = await listening(server);
  let session: Buffer | undefined;
  let turns: Turn[] = [];
  for (const isResumed of [false, true]) {
    turns = [];
    const socket = net.connect(port, '127.0.0.1');
    const recorded = new RecordingDuplex(socket, turns);
    const secured = tls.connect({
      socket: recorded,
      servername: 'secure.test',
      ca: certificateAuthority,
      ...(session !== undefined && { session }),
    });
    secured.on('session', (given) => (session = given));
    await once(secured, 'secureConnect');
    if (secured.isSessionReused() !== isResumed) throw new Error(`Failed to resume a session of ${version}.`);
    secured.end('GET / HTTP/1.1\r\n\r\n');
    await once(secured.resume(), 'close');
  }
  await new Promise((resolve) => server.close(resolve));
  return { turns, keyLog };
}

class RecordingDuplex extends Duplex {
  constructor(
    private readonly socket: net.Socket,
    private readonly turns: Turn[],
  ) {
    super();
    socket.on('data', (bytes) => {
      turns.push({ direction: 'server', bytes });
      this.push(bytes);
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.turns.push({ direction: 'client', bytes: Buffer.from(bytes) });
    this.socket.write(bytes, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.socket.end(callback);
  }
}

async function listening(server: net.Server | http2.Http2SecureServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}
