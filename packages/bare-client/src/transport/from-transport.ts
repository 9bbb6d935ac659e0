/**
 * @module
 * Another transport (epoxy, libcurl, ...) as the channel of a BareClient, in place of a Bare server. Transports leave the signal
 * aside, some throw what is not an Error, and each has its own idea of a body: all that is evened out here.
 */
import { BareError } from '../errors.js';
import { unlessAborted } from '../fetch-within.js';
import { hasHeader } from '../header-pairs.js';
import type {
  RemoteAnswer,
  RemoteChannel,
  RemoteRequest,
  RemoteSocketRequest,
  RequestSettings,
} from '../remote-channel.js';
import type { BareSocket, BareSocketHandlers } from '../socket/bare-socket.js';
import type { SocketData } from '../socket/native-socket.js';
import { toHeaderPairs } from '@culvert/bare-protocol';
import { toPairs, toRecord } from './transport-headers.js';
import type {
  BareMuxTransport,
  ProxyTransport,
  TransportHeaders,
  TransportResponse,
  TransportSocket,
  TransportSocketData,
} from './transport-types.js';

/**
 * @example
 * const client = new BareClient(fromTransport(new EpoxyTransport({ wisp: 'wss://wisp.example/' })));
 */
export function fromTransport(transport: BareMuxTransport | ProxyTransport): RemoteChannel {
  // Each would choke on the other's shape of headers. Of the interfaces only bare-mux's has `meta`, but some that implement
  // proxy-transports have kept it: those are given what can be read both ways.
  const toShape = (pairs: [string, string][]) => ('meta' in transport ? toIterableRecord(pairs) : pairs) as never;
  let initialising: Promise<void> | null = null;
  const becomeReady = async (): Promise<void> => {
    if (transport.ready) return;
    initialising ??= Promise.resolve(transport.init());
    try {
      await initialising;
    } catch (error) {
      initialising = null;
      throw error;
    }
  };

  return {
    async request(request, settings) {
      const remoteUrl = request.url.href;
      try {
        return await unlessAborted(ask(transport, becomeReady, toShape, request, settings), settings.signal);
      } catch (error) {
        if (settings.signal?.aborted) throw settings.signal.reason;
        throw error instanceof BareError ? error : failed(error, remoteUrl);
      }
    },
    connect: (request, handlers) => connect(transport, becomeReady, toShape, request, handlers),
  };
}

type Transport = BareMuxTransport | ProxyTransport;

/** A record by its properties, and the pairs when it is iterated. */
function toIterableRecord(pairs: [string, string][]): TransportHeaders {
  return Object.defineProperty(toRecord(pairs), Symbol.iterator, { value: () => pairs[Symbol.iterator]() });
}

async function ask(
  transport: Transport,
  becomeReady: () => Promise<void>,
  toShape: (pairs: [string, string][]) => never,
  request: RemoteRequest,
  { signal, headersTimeout }: RequestSettings,
): Promise<RemoteAnswer> {
  await becomeReady();
  const headers: [string, string][] = hasHeader(request.headers, 'host')
    ? request.headers
    : [['Host', request.url.host], ...request.headers];
  const stop = new AbortController();
  const stopWithCaller = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', stopWithCaller, { once: true });
  const ended = (): void => signal?.removeEventListener('abort', stopWithCaller);
  const asked: Promise<TransportResponse> = transport.request(
    new URL(request.url),
    request.method,
    request.body.value,
    toShape(headers),
    stop.signal,
  );
  const answer = await within(asked, headersTimeout, request.url.href).catch((error: unknown) => {
    ended();
    stop.abort(error);
    // An answer that still comes is of no use to anyone.
    asked.then(({ body }) => new Response(body as BodyInit).body?.cancel()).catch(ignoreAlreadyEnded);
    throw error;
  });
  const stream = new Response(answer.body as BodyInit).body;
  if (signal?.aborted) {
    await stream?.cancel(signal.reason);
    throw signal.reason;
  }
  if (stream === null) ended();
  return {
    status: answer.status,
    statusText: answer.statusText ?? '',
    headers: toPairs(answer.headers as TransportHeaders),
    body: stream === null ? null : stoppable(stream, stop, ended),
  };
}

function within<T>(promise: Promise<T>, milliseconds: number, remoteUrl: string): Promise<T> {
  if (milliseconds <= 0) return promise;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new BareError({
          code: 'IMPL_SERVER_TIMEOUT',
          id: 'response',
          message: `Failed to fetch ${remoteUrl}: the transport did not answer within ${milliseconds / 1000} s. Raise headersTimeout, or look at what holds it up.`,
          remoteUrl,
        }),
      );
    }, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * The body, ended with the signal's reason when it is aborted. Whoever stops it, the transport is told by a cancel and by its signal: for
 * some a cancel alone leaves the connection to the remote as it is.
 */
function stoppable(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  stop: AbortController,
  ended: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { signal } = stop;
  const reader = body.getReader();
  let isStopped = false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const abort = (): void => {
          if (isStopped) return;
          isStopped = true;
          controller.error(signal.reason);
          reader.cancel(signal.reason).catch(ignoreAlreadyEnded);
        };
        signal.addEventListener('abort', abort, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (isStopped) return;
          if (done) {
            isStopped = true;
            ended();
            controller.close();
          } else {
            controller.enqueue(value);
          }
        } catch (error) {
          if (isStopped) return;
          isStopped = true;
          ended();
          controller.error(error);
        }
      },
      async cancel(reason) {
        isStopped = true;
        ended();
        const cancelled = reader.cancel(reason);
        stop.abort(reason);
        await cancelled;
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}

function connect(
  transport: Transport,
  becomeReady: () => Promise<void>,
  toShape: (pairs: [string, string][]) => never,
  request: RemoteSocketRequest,
  handlers: BareSocketHandlers,
): BareSocket {
  let socket: TransportSocket | null = null;
  let isOpen = false;
  let isDone = false;
  let extensions = '';
  /** Blobs take a turn to read; what comes after them waits. */
  let reading: Promise<void> | null = null;
  const inOrder = (then: () => void): void => {
    if (reading === null) then();
    else reading = reading.then(then);
  };
  const finish = (code: number, reason: string, wasClean: boolean): void => {
    if (isDone) return;
    isDone = true;
    inOrder(() => handlers.close(code, reason, wasClean));
  };
  const fail = (reason: unknown): void => {
    if (isDone) return;
    if (!isOpen) handlers.error(`Failed to connect to ${request.url.href}: ${describe(reason)}`, true);
    finish(1006, '', false);
  };
  const receive = (data: TransportSocketData): void => {
    if (isDone) return;
    if (data instanceof Blob) {
      reading = (reading ?? Promise.resolve()).then(async () => handlers.message(await data.arrayBuffer()));
    } else {
      inOrder(() => handlers.message(data));
    }
  };
  const open = async (): Promise<void> => {
    await becomeReady();
    if (isDone) return;
    socket = transport.connect(
      new URL(request.url),
      request.protocols,
      toShape(toHeaderPairs(request.headers).filter(([name]) => !isOfHandshake(name))),
      (protocol, negotiated) => {
        if (isDone || isOpen) return;
        isOpen = true;
        extensions = negotiated ?? '';
        handlers.open(protocol ?? '', []);
      },
      receive,
      (code, reason) => {
        if (isOpen) finish(isCloseCode(code) ? code : 1005, reason ?? '', code !== 1006);
        else fail('the transport closed the connection before it was open.');
      },
      (error) => fail(error),
    );
  };
  open().catch(fail);
  return {
    send(data) {
      if (!isOpen) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
      socket?.[0](toTransportData(data));
    },
    close(code, reason) {
      if (!isOpen) fail('it was closed before the connection was established.');
      try {
        socket?.[1](code ?? 1000, reason ?? '');
      } catch {
        // proxy-transports' own throw when they are not connected yet; for us it is over all the same.
      }
    },
    bufferedAmount: 0,
    get extensions() {
      return extensions;
    },
  };
}

/** What a transport's own WebSocket client writes (RFC 6455 section 4.1). Some add it to what they are given, and remotes refuse two. */
function isOfHandshake(name: string): boolean {
  return /^(?:host|connection|upgrade|sec-websocket-.*)$/i.test(name);
}

/** RFC 6455 section 7.4: some say 0 where the remote gave no code. */
function isCloseCode(code: number | undefined): code is number {
  return code !== undefined && code >= 1000 && code <= 4999;
}

/** Transports know no views. */
function toTransportData(data: SocketData): TransportSocketData {
  if (!ArrayBuffer.isView(data)) return data;
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
}

function failed(error: unknown, remoteUrl: string): BareError {
  return new BareError(
    {
      code: 'IMPL_TRANSPORT_FAILED',
      id: 'request',
      message: `Failed to fetch ${remoteUrl}: ${describe(error)} Look at the transport's own settings.`,
      remoteUrl,
    },
    { cause: error },
  );
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function ignoreAlreadyEnded(): void {
  // Its end was on the way when it was cancelled.
}
