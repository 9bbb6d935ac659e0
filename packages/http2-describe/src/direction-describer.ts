/**
 * @module
 * One direction of a connection from its first byte to its last: what precedes HTTP/2, the preface, and then frames. All
 * decisions wait for enough bytes, so that how the bytes were cut into chunks never shows.
 */
import { ByteQueue } from './byte-queue.js';
import { comparePrefix, connectionPreface, describePreface } from './connection-preface.js';
import type { ConnectionState } from './connection-state.js';
import { describeFrame, describeFrameHeader } from './describe-frame.js';
import { type Description, type DescriptionKind, type Direction, ItemList } from './description.js';
import { DescribeError } from './errors.js';
import { FrameReader, frameHeaderLength } from './frame-reader.js';
import { FrameType } from './frame-types.js';
import {
  describeHttp1Head,
  http1HeadLength,
  isUpgradeToHttp2,
  longestHttp1Head,
  mayBeHttp1Head,
} from './http1-head.js';
import { describeOpaque, opaqueBlockLength } from './opaque-bytes.js';
import {
  describeProxyHeader,
  type ProxyHeaderVersion,
  proxyHeaderLength,
  proxyHeaderVersion,
} from './proxy-protocol.js';
import { describeRestAsBytes } from './truncated.js';

type State = 'start' | 'frames' | 'opaque';

export class DirectionDescriber {
  readonly #queue = new ByteQueue();
  readonly #frames: FrameReader;
  #state: State = 'start';
  #hasSeenProxyHeader = false;
  #hasSeenFrame = false;

  constructor(
    private readonly direction: Direction,
    private readonly connection: ConnectionState,
  ) {
    this.#frames = new FrameReader(this.#queue, connection.limits.framePayload);
  }

  /** Describes what these bytes complete. */
  push(bytes: Uint8Array): Description[] {
    this.#queue.push(bytes);
    const descriptions: Description[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) descriptions.push(next);
    return descriptions;
  }

  /** The peer sends no more: describes what it left unfinished. */
  end(): Description[] {
    if (this.#state === 'frames') return this.#endInFrames();
    if (this.#queue.length === 0) return [];
    if (this.#state === 'opaque') return [this.#opaque(this.#queue.length)];
    const field = this.direction === 'client' ? 'Client Connection Preface' : 'Frame Length';
    const out = new ItemList();
    const { offset, length } = this.#queue;
    describeRestAsBytes(out, 'Truncated Bytes', this.#queue.take(length), offset);
    out.error(
      new DescribeError('H2_DESCRIBE_TRUNCATED', offset, field, `the connection ended after ${length} bytes of it`),
    );
    return [this.#description('truncated', offset, length, out)];
  }

  /** The next piece that is complete; null: wait for more bytes. */
  #next(): Description | null {
    if (this.#state === 'start') {
      const first = this.#nextAtStart();
      // At the start a decision may come without a description: the server's frames begin at once.
      if (first !== null || this.#isAtStart()) return first;
    }
    if (this.#state === 'opaque')
      return this.#queue.length >= opaqueBlockLength ? this.#opaque(opaqueBlockLength) : null;
    const frame = this.#frames.read();
    if (frame === null) return null;
    const description = describeFrame(frame, this.direction, this.connection);
    if (!this.#hasSeenFrame && frame.type !== FrameType.SETTINGS) {
      const error = new DescribeError(
        'H2_DESCRIBE_PROTOCOL',
        frame.offset + 3,
        'Frame Type',
        'the first frame has to be SETTINGS',
      );
      description.items.push({ kind: 'error', error });
    }
    this.#hasSeenFrame = true;
    return description;
  }

  #isAtStart(): boolean {
    return this.#state === 'start';
  }

  #nextAtStart(): Description | null {
    const bytes = this.#queue.peek(longestHttp1Head);
    if (bytes.length === 0) return null;
    if (this.direction === 'server') {
      if (mayBeHttp1Head(bytes, 'server')) return this.#http1Head(bytes);
      this.#state = this.connection.isOpaque ? 'opaque' : 'frames';
      return null;
    }
    const preface = comparePrefix(bytes, connectionPreface);
    if (preface === 'whole') {
      const { offset } = this.#queue;
      this.#queue.skip(connectionPreface.length);
      this.#state = 'frames';
      return this.#description('preface', offset, connectionPreface.length, describePreface(offset));
    }
    const version = this.#hasSeenProxyHeader ? null : proxyHeaderVersion(bytes);
    if (version === 1 || version === 2) return this.#proxyHeader(version);
    if (preface === 'so far' || version === 'so far') return null;
    if (mayBeHttp1Head(bytes, 'client')) return this.#http1Head(bytes);
    return this.#notHttp2(bytes);
  }

  #proxyHeader(version: ProxyHeaderVersion): Description | null {
    const { offset } = this.#queue;
    try {
      const length = proxyHeaderLength(this.#queue.peek(128), version, offset);
      if (length === null || this.#queue.length < length) return null;
      this.#hasSeenProxyHeader = true;
      const header = this.#queue.take(length);
      return this.#description('proxy-header', offset, length, describeProxyHeader(header, version, offset));
    } catch (error) {
      if (!(error instanceof DescribeError)) throw error;
      return this.#giveUp(error);
    }
  }

  #http1Head(bytes: Buffer): Description | null {
    const length = http1HeadLength(bytes);
    if (length === null) return bytes.length < longestHttp1Head ? null : this.#notHttp2(bytes);
    const { offset } = this.#queue;
    const head = this.#queue.take(length);
    const out = describeHttp1Head(head, offset);
    if (isUpgradeToHttp2(head, this.direction)) {
      if (this.direction === 'server') this.#state = 'frames';
    } else {
      this.#becomeOpaque();
      out.error(notHttp2Error(offset, 'this is HTTP/1.1, which is shown as bytes from here on'));
    }
    return this.#description('http1-head', offset, length, out);
  }

  #notHttp2(bytes: Buffer): Description {
    const at = bytes.findIndex((byte, index) => byte !== connectionPreface[index]);
    const isTls = bytes[0] === 0x16;
    const reason = isTls
      ? 'this is TLS, which is shown as bytes; give the describer the certificate and key, or a key log, to look into it'
      : `byte ${Math.max(0, at)} of it differs, so what follows is shown as bytes`;
    return this.#giveUp(notHttp2Error(this.#queue.offset + Math.max(0, at), reason));
  }

  /** Says why, in a description of its own; the bytes follow in others. */
  #giveUp(error: DescribeError): Description {
    this.#becomeOpaque();
    const out = new ItemList();
    out.error(error);
    return this.#description('opaque', this.#queue.offset, 0, out);
  }

  #becomeOpaque(): void {
    this.#state = 'opaque';
    if (this.direction === 'client') this.connection.isOpaque = true;
  }

  #opaque(length: number): Description {
    return describeOpaque(this.#queue, length, this.direction);
  }

  #endInFrames(): Description[] {
    const { frame, rest, offset, missing } = this.#frames.end();
    if (missing === 0 && rest.length === 0) return [];
    const out = new ItemList();
    const field = frame === null && rest.length > 0 ? 'Frame Length' : 'Frame Payload';
    if (frame !== null) describeFrameHeader(frame, out);
    describeRestAsBytes(out, 'Truncated Bytes', rest, offset + (frame === null ? 0 : frameHeaderLength));
    const reason = `the connection ended, and ${missing} more bytes of ${frame === null && rest.length > 0 ? 'a frame header' : 'the frame'} were to come`;
    const length = (frame === null ? 0 : frameHeaderLength) + rest.length;
    out.error(new DescribeError('H2_DESCRIBE_TRUNCATED', offset + length, field, reason));
    return [this.#description('truncated', offset, length, out)];
  }

  #description(kind: DescriptionKind, offset: number, length: number, { items }: ItemList): Description {
    return { kind, direction: this.direction, offset, length, items };
  }
}

function notHttp2Error(offset: number, reason: string): DescribeError {
  return new DescribeError('H2_DESCRIBE_NOT_HTTP2', offset, 'Client Connection Preface', reason);
}
