/**
 * @module
 * A port on loopback that tells what it was asked, and clients that can be put into one another: each takes the stream that it speaks
 * over. Node's own, so that what they send is not ours.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import http2, { type ClientHttp2Session } from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { certificate, privateKey } from '../../../../test/support/certificates/secure-test.js';
import { createServer, type ServerOptions } from '../create-server.js';
import { onCleanup } from '../local-servers.test-support.js';
import { NestedStream } from './nested-stream.js';

/** What the port answers every request with. */
export interface Told {
  url: string;
  path: string;
  form: string;
  method: string;
  httpVersion: string;
  layers: string[];
  clientAddress: string;
  localPort: number;
  headers: Record<string, string>;
  body: string;
}

export const testTls = { cert: certificate, key: privateKey };

/** Its port number. WebSockets are echoed, and begin with a message that came with the handshake. */
export async function startPort(options: ServerOptions = {}): Promise<number> {
  const webSockets = new WebSocketServer({ noServer: true });
  const server = createServer({
    tls: testTls,
    async request(request, response, { url, form, connection }) {
      const body: Buffer[] = [];
      for await (const chunk of request) body.push(chunk as Buffer);
      const told: Partial<Told> = {
        url: url.href,
        path: request.url!,
        form,
        method: request.method!,
        httpVersion: request.httpVersion,
        layers: [...connection.layers],
        clientAddress: request.socket.remoteAddress!,
        localPort: request.socket.localPort!,
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(body).toString(),
      };
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(told));
    },
    upgrade(request, socket, head, { url }) {
      webSockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => undefined);
        client.send(url.href);
        client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
      });
    },
    ...options,
    bare: { ...options.bare, upstream: { allowPrivate: true, ...options.bare?.upstream } },
  });
  onCleanup(() => void server.close());
  return (await server.listen({ host: '127.0.0.1', port: 0 })).port;
}

export async function tcp(port: number): Promise<Duplex> {
  const socket = net.connect(port, '127.0.0.1');
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
  return socket.on('error', () => undefined);
}

export async function secure(stream: Duplex, ...protocols: string[]): Promise<tls.TLSSocket> {
  const socket = tls.connect({
    socket: stream,
    ALPNProtocols: protocols,
    servername: 'secure.test',
    rejectUnauthorized: false,
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

/** Over HTTP/1.1. */
export async function tunnel(stream: Duplex, target: string): Promise<Duplex> {
  stream.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const head = await readHead(stream);
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head);
  return stream;
}

/** Over a stream of HTTP/2. */
export async function tunnelOverHttp2(stream: Duplex, target: string): Promise<Duplex> {
  const session = await openSession(stream);
  const request = session.request({ ':method': 'CONNECT', ':authority': target }, { endStream: false });
  request.on('error', () => undefined);
  const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
  if (headers[':status'] !== 200) throw new Error(`status ${String(headers[':status'])}`);
  return request;
}

export async function openSession(stream: Duplex): Promise<ClientHttp2Session> {
  const session = http2.connect('http://secure.test', {
    createConnection: () => stream,
    maxSendHeaderBlockLength: 1 << 20,
  });
  session.on('error', () => undefined);
  onCleanup(() => session.destroy());
  await once(session, 'connect');
  return session;
}

/** The answer's head, and not a byte more is taken. */
export async function readHead(stream: Duplex): Promise<string> {
  let text = '';
  while (!text.endsWith('\r\n\r\n')) {
    const byte = stream.read(1) as Buffer | null;
    if (byte !== null) text += byte.toString('latin1');
    else if (stream.readableEnded || stream.destroyed)
      throw new Error(`The stream ended after ${JSON.stringify(text)}.`);
    else await Promise.race([once(stream, 'readable'), once(stream, 'end'), once(stream, 'close')]);
  }
  return text;
}

export interface Asking {
  path?: string;
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

export async function askHttp1(stream: Duplex, { path = '/x?y', method, headers, body }: Asking = {}): Promise<Told> {
  const request = http.request({
    createConnection: () => stream,
    path,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { Host: 'asked.test', ...headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return JSON.parse(await readAll(response)) as Told;
}

export async function askHttp10(stream: Duplex, head = 'GET /x?y HTTP/1.0\r\n\r\n'): Promise<Told> {
  stream.write(head);
  const text = await readAll(stream);
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Told;
}

export async function askHttp2(stream: Duplex, { path = '/x?y', method, headers, body }: Asking = {}): Promise<Told> {
  const session = await openSession(stream);
  const request = session.request({
    ':path': path,
    ':method': method ?? (body === undefined ? 'GET' : 'POST'),
    ':authority': 'asked.test',
    ':scheme': stream instanceof tls.TLSSocket ? 'https' : 'http',
    ...headers,
  });
  request.end(body);
  return JSON.parse(await readAll(request)) as Told;
}

export async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** What the port sends first, and the echo of `text`. */
export async function webSocket(stream: Duplex, text: string): Promise<string[]> {
  const socket = new WebSocket('ws://asked.test/socket', { createConnection: () => stream as net.Socket });
  return exchangeMessages(socket, text);
}

export async function webSocketOverHttp2(session: ClientHttp2Session, text: string): Promise<string[]> {
  return exchangeMessages(await openWebSocketOverHttp2(session, '/socket'), text);
}

/** RFC 8441; the frames are those of `ws`, whose handshake is answered on this side. */
export async function openWebSocketOverHttp2(session: ClientHttp2Session, path: string): Promise<WebSocket> {
  if (!session.remoteSettings?.enableConnectProtocol) await once(session, 'remoteSettings');
  const stream = session.request(
    {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'http',
      ':path': path,
      ':authority': 'asked.test',
      'sec-websocket-version': '13',
    },
    { endStream: false },
  );
  stream.on('error', () => undefined);
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  if (headers[':status'] !== 200) throw new Error(`status ${String(headers[':status'])}`);
  const socket = new WebSocket('ws://asked.test/socket', {
    createConnection: () => new Handshake(stream) as unknown as net.Socket,
  });
  return socket;
}

const noEndpoints = { remoteAddress: undefined, remotePort: undefined, localAddress: undefined, localPort: undefined };

/** Answers the HTTP/1.1 handshake of a client itself, and passes on what follows. */
class Handshake extends NestedStream {
  #isOver = false;

  constructor(stream: Duplex) {
    super(stream, noEndpoints);
    stream.pause();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#isOver) return super._write(chunk, encoding, callback);
    this.#isOver = true;
    const key = /Sec-WebSocket-Key: (\S+)/i.exec(chunk.toString())![1]!;
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const lines = ['HTTP/1.1 101 OK', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    this.push(`${lines.join('\r\n')}\r\n\r\n`);
    callback();
  }

  override _read(): void {
    if (this.#isOver) super._read();
  }
}

async function exchangeMessages(socket: WebSocket, text: string): Promise<string[]> {
  const messages: string[] = [];
  const [first] = await once(socket, 'message');
  messages.push(String(first));
  socket.send(text);
  const [second] = await once(socket, 'message');
  messages.push(String(second));
  socket.terminate();
  return messages;
}

/** The same bytes, seen as no socket: Node's HTTP/2 client looks at what is below it. */
export function asPlain(stream: Duplex): Duplex {
  const plain = new NestedStream(stream, noEndpoints);
  plain.on('error', () => undefined);
  return plain;
}
