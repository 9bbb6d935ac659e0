/**
 * @module
 * HTTP/2 by `Upgrade: h2c` (RFC 7540 section 3.2; RFC 9113 no longer has it, clients do). Node's HTTP/2 server knows no connection that
 * begins with a request already made. So the request is said again, in HTTP/2: after the client's preface and SETTINGS, which follow the
 * 101, a HEADERS frame for stream 1 is put in, and the settings of the HTTP2-Settings header in front of those of the frame. The client
 * gets one acknowledgement, for the frame that it has sent, and its answer on stream 1.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestTarget } from './absolute-url.js';
import { defaultMaxFrameSize as maxFrameSize, flags, frameHeaderLength, frameTypes } from './http2-frame.js';
import { http2Preface } from './sniff-protocol.js';
import type { Decision } from './read-beginning.js';

export const switchingProtocols = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';

const upgradedStream = 1;

/** What HTTP/2 says by other means, section 8.2.2. */
const connectionHeaders = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The payload of the HTTP2-Settings header; null when the request cannot be switched, and is answered as it is. */
export function readH2cSettings(request: IncomingMessage): Buffer | null {
  const { headers, rawHeaders } = request;
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  // A body would have to come whole before the first frame: such a request is answered over HTTP/1.1, which is allowed.
  if (names.includes('transfer-encoding') || (headers['content-length'] ?? '0') !== '0') return null;
  const settings = headers['http2-settings'];
  const isOnce = names.filter((name) => name === 'http2-settings').length === 1;
  const isNamed = /(?:^|,)\s*http2-settings\s*(?:,|$)/i.test(headers.connection ?? '');
  if (!isOnce || !isNamed || typeof settings !== 'string' || !/^[\w-]*={0,2}$/.test(settings)) return null;
  const payload = Buffer.from(settings, 'base64url');
  return payload.length % 6 === 0 ? payload : null;
}

/** For `readBeginning`: puts the request behind the client's SETTINGS. What does not begin as HTTP/2 has to is left to be refused. */
export function insertRequest(request: IncomingMessage, target: RequestTarget, settings: Buffer) {
  return (bytes: Buffer): Decision<null> | null => {
    const known = Math.min(bytes.length, http2Preface.length);
    if (http2Preface.compare(bytes, 0, known, 0, known) !== 0) return { value: null };
    const start = http2Preface.length;
    const payload = start + frameHeaderLength;
    if (bytes.length < payload) return null;
    const length = bytes.readUIntBE(start, 3);
    const [type, flag] = [bytes[start + 3], bytes[start + 4]];
    if (type !== frameTypes.settings || flag !== 0 || length + settings.length > maxFrameSize) return { value: null };
    if (bytes.length < payload + length) return null;
    const replacement = Buffer.concat([
      http2Preface,
      frame(frameTypes.settings, 0, 0, Buffer.concat([settings, bytes.subarray(payload, payload + length)])),
      requestFrames(request, target),
      bytes.subarray(payload + length),
    ]);
    return { value: null, replacement };
  };
}

function requestFrames(request: IncomingMessage, { url, path }: RequestTarget): Buffer {
  const fields = [
    literal(':method', request.method ?? 'GET'),
    literal(':scheme', 'http'),
    literal(':authority', url.host),
    literal(':path', path),
  ];
  const dropped = new Set(connectionHeaders);
  for (const name of (request.headers.connection ?? '').split(',')) dropped.add(name.trim().toLowerCase());
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]!.toLowerCase();
    if (!dropped.has(name)) fields.push(literal(name, request.rawHeaders[index + 1]!));
  }
  const block = Buffer.concat(fields);
  const frames: Buffer[] = [];
  for (let start = 0; start === 0 || start < block.length; start += maxFrameSize) {
    const type = start === 0 ? frameTypes.headers : frameTypes.continuation;
    const isLast = start + maxFrameSize >= block.length;
    const flag = (start === 0 ? flags.endStream : 0) | (isLast ? flags.endHeaders : 0);
    frames.push(frame(type, flag, upgradedStream, block.subarray(start, start + maxFrameSize)));
  }
  return Buffer.concat(frames);
}

function frame(type: number, flag: number, stream: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(frameHeaderLength);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flag;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** A literal without indexing (RFC 7541 section 6.2.2): the client's own compression state must not notice. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), stringLiteral(name), stringLiteral(value)]);
}

/** RFC 7541 sections 5.1 and 5.2, without Huffman coding. */
function stringLiteral(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 0x7f) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [0x7f];
  let rest = bytes.length - 0x7f;
  for (; rest >= 0x80; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
