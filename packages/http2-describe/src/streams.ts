/**
 * @module
 * The streams of a connection, as far as their headers tell what their data is. A stream is forgotten when both sides
 * ended it, when it was reset, or when newer ones need its place.
 */
import type { Direction, ItemList } from './description.js';
import { GrpcContent } from './grpc/grpc-content.js';
import type { HeaderField } from './hpack/dynamic-table.js';
import type { DescribeLimits } from './limits.js';
import type { ProtobufSchema } from './protobuf/schema.js';
import { MessageBudget, type StreamContent } from './stream-content.js';
import { textOfBytes } from './text-of-bytes.js';
import { agreedDeflate } from './web-socket/deflate.js';
import { WebSocketContent } from './web-socket/web-socket-content.js';

interface StreamState {
  path: string;
  /** `:protocol` of an extended CONNECT (RFC 8441). */
  protocol: string;
  content: Record<Direction, StreamContent | null>;
  ended: Record<Direction, boolean>;
}

/** The headers that are asked for; the rest is not kept. */
const readHeaders = new Set([
  ':path',
  ':protocol',
  ':status',
  'content-type',
  'grpc-encoding',
  'sec-websocket-extensions',
]);

export class Streams {
  readonly #streams = new Map<number, StreamState>();
  readonly #budget: MessageBudget;

  constructor(
    private readonly limits: DescribeLimits,
    private readonly schema: ProtobufSchema | null,
  ) {
    this.#budget = new MessageBudget(limits);
  }

  contentOf(streamId: number, direction: Direction): StreamContent | null {
    return this.#streams.get(streamId)?.content[direction] ?? null;
  }

  /** A header block of this stream was decoded: request, response or trailers. */
  noteHeaders(streamId: number, direction: Direction, fields: HeaderField[]): void {
    const headers = new Map<string, string>();
    for (const { name, value } of fields) {
      const text = textOfBytes(name);
      if (readHeaders.has(text)) headers.set(text, textOfBytes(value));
    }
    const isRequest = headers.has(':path') || headers.has(':protocol');
    // Trailers and interim responses say nothing about the data.
    if (!isRequest && !headers.has(':status')) return;
    if (headers.get(':status')?.startsWith('1')) return;
    const stream = this.#streamOf(streamId);
    if (isRequest) {
      stream.path = headers.get(':path') ?? '';
      stream.protocol = headers.get(':protocol') ?? '';
    }
    stream.content[direction]?.discard();
    stream.content[direction] = this.#contentFor(stream, direction, headers);
  }

  /** The sender of `direction` sends no more on this stream. */
  end(streamId: number, direction: Direction, offset: number, out: ItemList): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    stream.content[direction]?.end(offset, out);
    stream.content[direction]?.discard();
    stream.content[direction] = null;
    stream.ended[direction] = true;
    if (stream.ended.client && stream.ended.server) this.forget(streamId);
  }

  forget(streamId: number): void {
    const stream = this.#streams.get(streamId);
    stream?.content.client?.discard();
    stream?.content.server?.discard();
    this.#streams.delete(streamId);
  }

  #streamOf(streamId: number): StreamState {
    const known = this.#streams.get(streamId);
    if (known !== undefined) return known;
    if (this.#streams.size >= this.limits.streams) this.forget(this.#streams.keys().next().value!);
    const stream: StreamState = {
      path: '',
      protocol: '',
      content: { client: null, server: null },
      ended: { client: false, server: false },
    };
    this.#streams.set(streamId, stream);
    return stream;
  }

  #contentFor(stream: StreamState, direction: Direction, headers: Map<string, string>): StreamContent | null {
    const contentType = headers.get('content-type')?.toLowerCase() ?? '';
    if (/^application\/grpc(-web)?($|[+; ])/.test(contentType)) {
      return new GrpcContent(this.#budget, {
        encoding: headers.get('grpc-encoding') ?? 'identity',
        isProtobuf: !/\+(?!proto)/.test(contentType),
        type: this.schema?.messageTypeOf(stream.path, direction) ?? null,
      });
    }
    if (stream.protocol === 'websocket') return this.#webSocketFor(stream, direction, headers);
    return null;
  }

  /** The client's frames wait for no answer, but only the server's answer says whether messages are compressed. */
  #webSocketFor(stream: StreamState, direction: Direction, headers: Map<string, string>): StreamContent | null {
    if (direction === 'client') return new WebSocketContent(this.#budget, 'client');
    if (!headers.get(':status')?.startsWith('2')) return null;
    const server = new WebSocketContent(this.#budget, 'server');
    const deflate = agreedDeflate(headers.get('sec-websocket-extensions') ?? '');
    server.useDeflate(deflate?.server ?? null);
    if (stream.content.client instanceof WebSocketContent) stream.content.client.useDeflate(deflate?.client ?? null);
    return server;
  }
}
