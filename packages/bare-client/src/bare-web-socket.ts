/**
 * @module
 * The WebSocket interface (WebSockets standard, section 3) on a Bare socket, for callers that want the native class's behaviour.
 */
import { readHeaderPairs } from './header-pairs.js';
import type { BareHeadersInit } from './options.js';
import type { RemoteChannel, RemoteSocketRequest } from './remote-channel.js';
import type { BareSocket } from './socket/bare-socket.js';
import { handshakeHeaders } from './socket/handshake-headers.js';
import type { SocketData } from './socket/native-socket.js';
import {
  parseSocketUrl,
  toCloseCode,
  toCloseReason,
  toProtocols,
  toSocketData,
  toUsvString,
} from './socket/web-socket-arguments.js';

export interface BareWebSocketOptions {
  /** Handshake headers, or where to get them; `Host`, `Origin` and `User-Agent` have sensible values by themselves. */
  headers?: BareHeadersInit | (() => BareHeadersInit | Promise<BareHeadersInit>);
  /** Origin to announce when `headers` has none; by default that of the page or worker. */
  origin?: string;
  /** Called with the remote's Set-Cookie lines before the `open` event. */
  setCookies?: (lines: string[]) => void;
  /** Milliseconds until it has to be open; 30 s by default, 0 is no limit. */
  connectTimeout?: number | undefined;
  WebSocket?: typeof WebSocket | undefined;
}

type Listener<E extends Event> = ((this: BareWebSocket, event: E) => unknown) | null;

interface HandlerSlot extends EventListenerObject {
  value: unknown;
}

const defaultConnectTimeout = 30_000;
const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;
const eventTypes = ['open', 'message', 'error', 'close'] as const;

export class BareWebSocket extends EventTarget {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;
  declare onopen: Listener<Event>;
  declare onmessage: Listener<MessageEvent>;
  declare onerror: Listener<Event>;
  declare onclose: Listener<CloseEvent>;

  readonly #url: string;
  #binaryType: BinaryType = 'blob';
  #readyState: 0 | 1 | 2 | 3 = states.CONNECTING;
  #protocol = '';
  #socket: BareSocket | null = null;
  readonly #handlers = new Map<string, HandlerSlot>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Bytes given to `send` once closing: they count as buffered and are never sent. */
  #discardedBytes = 0;

  constructor(
    url: string | URL,
    // The default makes the constructor's length 1, as the native one's is.
    protocols: string | string[] | undefined = undefined,
    channel: RemoteChannel,
    options: BareWebSocketOptions = {},
  ) {
    super();
    const remote = parseSocketUrl(toUsvString(url));
    const list = toProtocols(protocols);
    this.#url = remote.href;
    const limit = options.connectTimeout ?? defaultConnectTimeout;
    if (limit > 0) {
      this.#timer = setTimeout(() => this.#giveUp(`it was not open within ${limit / 1000} s`), limit);
    }
    void this.#connect(remote, list, channel, options);
  }

  get url(): string {
    return this.#url;
  }

  get readyState(): number {
    return this.#readyState;
  }

  get bufferedAmount(): number {
    return (this.#socket?.bufferedAmount ?? 0) + this.#discardedBytes;
  }

  get extensions(): string {
    return this.#socket?.extensions ?? '';
  }

  get protocol(): string {
    return this.#protocol;
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  /** As with any enumeration of the platform, what is not in it is ignored. */
  set binaryType(value: BinaryType) {
    if (/^(?:blob|arraybuffer)$/.test(value)) this.#binaryType = `${value}`;
  }

  send(data: SocketData): void {
    if (arguments.length === 0) {
      throw new TypeError("Failed to execute 'send' on 'WebSocket': 1 argument required, but only 0 present.");
    }
    const value = toSocketData(data);
    if (this.#readyState === states.CONNECTING) {
      throw new DOMException(
        "Failed to execute 'send' on 'WebSocket': Still in CONNECTING state.",
        'InvalidStateError',
      );
    }
    if (this.#readyState === states.OPEN) this.#socket!.send(value);
    else this.#discardedBytes += byteLength(value);
  }

  /** Defaults, so that `length` is 0 as that of the native method. */
  close(code: number | undefined = undefined, reason: string | undefined = undefined): void {
    const closeCode = toCloseCode(code);
    const closeReason = toCloseReason(reason);
    if (this.#readyState >= states.CLOSING) return;
    const isConnecting = this.#readyState === states.CONNECTING;
    this.#readyState = states.CLOSING;
    // Without a socket yet, #connect sees the state and gives up.
    this.#socket?.close(closeReason !== undefined && closeCode === undefined ? 1000 : closeCode, closeReason);
    if (isConnecting) queueMicrotask(() => this.#giveUp('it was closed before the connection was established'));
  }

  async #connect(
    remote: URL,
    protocols: string[],
    channel: RemoteChannel,
    options: BareWebSocketOptions,
  ): Promise<void> {
    try {
      const given = typeof options.headers === 'function' ? await options.headers() : options.headers;
      if (this.#readyState !== states.CONNECTING) return;
      const request: RemoteSocketRequest = {
        url: remote,
        protocols,
        headers: handshakeHeaders(remote, readHeaderPairs(given), options.origin),
        WebSocket: options.WebSocket,
      };
      this.#socket = channel.connect(request, {
        open: (protocol, setCookies) => {
          if (this.#readyState !== states.CONNECTING) return;
          clearTimeout(this.#timer);
          this.#protocol = protocol;
          this.#readyState = states.OPEN;
          options.setCookies?.(setCookies);
          this.dispatchEvent(new Event('open'));
        },
        message: (data) => this.#dispatchMessage(data, remote),
        error: (message) => this.#fail(message),
        close: (code, reason, wasClean) => {
          // After `error`, or after we have given up, it has been told already.
          if (this.#readyState !== states.CLOSED) this.#dispatchClose(code, reason, wasClean);
        },
      });
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #giveUp(reason: string): void {
    if (this.#readyState === states.OPEN) return;
    this.#fail(`Failed to connect to ${this.#url}: ${reason}.`);
    this.#socket?.close();
  }

  #fail(message: string): void {
    if (this.#readyState === states.CLOSED) return;
    this.#readyState = states.CLOSED;
    // The native event says nothing; ours has a message for people beside it.
    this.dispatchEvent(Object.defineProperty(new Event('error'), 'message', { value: message }));
    this.#dispatchClose(1006, '', false);
  }

  /** What comes while it is closing is dropped, as the standard says. */
  #dispatchMessage(data: string | ArrayBuffer, remote: URL): void {
    if (this.#readyState !== states.OPEN) return;
    const value = typeof data === 'string' || this.#binaryType === 'arraybuffer' ? data : new Blob([data]);
    const origin = `${remote.protocol}//${remote.host}`;
    this.dispatchEvent(new MessageEvent('message', { data: value, origin }));
  }

  #dispatchClose(code: number, reason: string, wasClean: boolean): void {
    clearTimeout(this.#timer);
    this.#readyState = states.CLOSED;
    // Node 20 has no CloseEvent.
    const event = globalThis.CloseEvent
      ? new CloseEvent('close', { code, reason, wasClean })
      : Object.assign(new Event('close'), { code, reason, wasClean });
    this.dispatchEvent(event);
  }

  /** HTML standard, "event handlers": a handler keeps its place among the listeners until it is set to null. */
  #setHandler(type: string, value: unknown): void {
    let slot = this.#handlers.get(type);
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) {
      if (slot) this.removeEventListener(type, slot);
      this.#handlers.delete(type);
    } else if (slot) {
      slot.value = value;
    } else {
      slot = {
        value,
        handleEvent: (event) => {
          const { value: handler } = this.#handlers.get(type) ?? {};
          if (typeof handler === 'function') handler.call(this, event);
        },
      };
      this.#handlers.set(type, slot);
      this.addEventListener(type, slot);
    }
  }

  /** What a class cannot say: constants on both objects, `on...` accessors, and the flags and names of the native interface. */
  static {
    const { prototype } = this;
    for (const [name, value] of Object.entries(states)) {
      Object.defineProperty(this, name, { value, enumerable: true });
      Object.defineProperty(prototype, name, { value, enumerable: true });
    }
    for (const type of eventTypes) {
      Object.defineProperty(prototype, `on${type}`, {
        get(this: BareWebSocket) {
          return this.#handlers.get(type)?.value ?? null;
        },
        set(this: BareWebSocket, value: unknown) {
          this.#setHandler(type, value);
        },
        enumerable: true,
        configurable: true,
      });
    }
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (name !== 'constructor' && !(name in states)) Object.defineProperty(prototype, name, { enumerable: true });
    }
    Object.defineProperty(prototype, Symbol.toStringTag, { value: 'WebSocket' });
    Object.defineProperty(this, 'name', { value: 'WebSocket' });
    // `instanceof WebSocket` holds; all members of the native prototype are covered by ours.
    const native = globalThis.WebSocket;
    if (native && EventTarget.prototype.isPrototypeOf(native.prototype)) {
      Object.setPrototypeOf(prototype, native.prototype);
    }
  }
}

function byteLength(data: SocketData): number {
  if (typeof data === 'string') return new TextEncoder().encode(data).length;
  return 'size' in data ? data.size : data.byteLength;
}
