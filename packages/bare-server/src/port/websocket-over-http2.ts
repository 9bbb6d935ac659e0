/**
 * @module
 * A WebSocket over one stream of HTTP/2 (RFC 8441), for handlers that know WebSockets over HTTP/1.1: the extended CONNECT becomes the
 * GET of RFC 6455 with a key made up here, and the head that the handler answers with becomes the stream's.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2';
import type { Connection } from './connection.js';
import { asHttp1Request } from './http2-message.js';
import { NestedStream } from './nested-stream.js';

/** No handler answers with a longer head. */
const maxHeadLength = 64 * 1024;

/** The handshake of RFC 6455 section 4.1 that says the same. */
export function asUpgradeRequest(request: Http2ServerRequest, connection: Connection): IncomingMessage {
  const upgrade = asHttp1Request(request, connection);
  const isAdded = (name: string): boolean => ['transfer-encoding', 'sec-websocket-key'].includes(name);
  const pairs: string[] = [];
  for (let index = 0; index + 1 < upgrade.rawHeaders.length; index += 2) {
    const name = upgrade.rawHeaders[index]!;
    if (!isAdded(name)) pairs.push(name, upgrade.rawHeaders[index + 1]!);
  }
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  delete upgrade.headers['transfer-encoding'];
  Object.assign(upgrade.headers, handshake);
  upgrade.rawHeaders.splice(0, upgrade.rawHeaders.length, ...pairs, ...Object.entries(handshake).flat());
  upgrade.method = 'GET';
  return upgrade;
}

/** The stream as a handler of upgrades sees it: a socket on which an HTTP/1.1 head is written first. */
export class WebSocketStream extends NestedStream {
  readonly #stream: ServerHttp2Stream;
  #head: Buffer | null = Buffer.alloc(0);

  constructor(stream: ServerHttp2Stream, connection: Connection) {
    super(stream, connection.stream);
    this.#stream = stream;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#head === null) {
      super._write(chunk, encoding, callback);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) {
      callback(
        this.#head.length > maxHeadLength ? new Error('The answer to a WebSocket has no end of its head.') : null,
      );
      return;
    }
    const head = this.#head.subarray(0, end).toString('latin1');
    const body = this.#head.subarray(end + 4);
    this.#head = null;
    this.#stream.respond(responseHeaders(head));
    if (body.length > 0) super._write(body, encoding, callback);
    else callback();
  }
}

/** What the handshake of HTTP/1.1 needs and this one does not (RFC 8441 section 5). */
const notForHttp2 = new Set(['connection', 'upgrade', 'sec-websocket-accept', 'keep-alive', 'transfer-encoding']);

function responseHeaders(head: string): Record<string, string | number> {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 500);
  const headers: Record<string, string | number> = { ':status': status === 101 ? 200 : status };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !notForHttp2.has(name)) headers[name] = line.slice(colon + 1).trim();
  }
  return headers;
}
