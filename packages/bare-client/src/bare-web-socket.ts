/**
 * @module
 * The WebSocket interface (WebSockets standard, section 3) on a Bare socket, for callers that want the native class's behaviour.
 */
import { isHeaderName } from '@culvert/bare-protocol';
import { BareError } from './errors.js';
import { connectBareSocket, type BareSocket, type BareSocketOptions } from './v3/bare-socket.js';
import type { SocketData } from './v3/native-socket.js';

type SocketHeaders = Record<string, string | string[]>;

export interface BareWebSocketOptions {
  /** Handshake headers, or where to get them; `Host`, `Origin` and `User-Agent` have sensible values by themselves. */
  headers?: SocketHeaders | (() => SocketHeaders | Promise<SocketHeaders>);
  /** Origin to announce when `headers` has none; by default that of the page or worker. */
  origin?: string;
  /** Called with the remote's Set-Cookie lines before the `open` event. */
  setCookies?: (lines: string[]) => void;
  WebSocket?: typeof WebSocket | undefined;
}

type Listener<E extends Event> = ((this: BareWebSocket, event: E) => unknown) | null;

export class BareWebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  readonly url: string;
  binaryType: BinaryType = 'blob';
  onopen: Listener<Event> = null;
  onmessage: Listener<MessageEvent> = null;
  onerror: Listener<Event> = null;
  onclose: Listener<CloseEvent> = null;

  #readyState: 0 | 1 | 2 | 3 = 0;
  #protocol = '';
  #socket: BareSocket | null = null;
  /** Bytes given to `send` once closing: they count as buffered and are never sent. */
  #discardedBytes = 0;

  /** @param locate gives the absolute URL of the Bare directory for a remote */
  constructor(
    url: string | URL,
    protocols: string | string[],
    locate: (remote: URL) => string | Promise<string>,
    options: BareWebSocketOptions = {},
  ) {
    super();
    const remote = parseSocketUrl(String(url));
    const list = checkProtocols(typeof protocols === 'string' ? [protocols] : protocols);
    this.url = remote.href;
    for (const type of ['open', 'message', 'error', 'close'] as const) {
      this.addEventListener(type, (event) => (this[`on${type}`] as Listener<Event>)?.call(this, event));
    }
    void this.#connect(remote, list, locate, options);
  }

  get readyState(): number {
    return this.#readyState;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get extensions(): string {
    return this.#socket?.extensions ?? '';
  }

  get bufferedAmount(): number {
    return (this.#socket?.bufferedAmount ?? 0) + this.#discardedBytes;
  }

  send(data: SocketData): void {
    if (this.#readyState === 0) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
    if (this.#readyState === 1) this.#socket!.send(data);
    else this.#discardedBytes += byteLength(data);
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(
        `The close code must be 1000 or between 3000 and 4999, not ${code}.`,
        'InvalidAccessError',
      );
    }
    if (reason !== undefined && new TextEncoder().encode(reason).length > 123) {
      throw new DOMException('The close reason must not be longer than 123 bytes.', 'SyntaxError');
    }
    if (this.#readyState >= 2) return;
    this.#readyState = 2;
    // Without a socket yet, #connect sees the state and gives up.
    this.#socket?.close(reason !== undefined && code === undefined ? 1000 : code, reason);
  }

  async #connect(
    remote: URL,
    protocols: string[],
    locate: (remote: URL) => string | Promise<string>,
    options: BareWebSocketOptions,
  ): Promise<void> {
    try {
      const server = await locate(remote);
      const given = typeof options.headers === 'function' ? await options.headers() : (options.headers ?? {});
      if (this.#readyState !== 0) return this.#fail('It was closed before the connection was established.');
      const socketOptions: BareSocketOptions = {
        server,
        remote: remote.href,
        protocols,
        headers: handshakeHeaders(remote, given, options.origin),
      };
      if (options.WebSocket) socketOptions.WebSocket = options.WebSocket;
      this.#socket = connectBareSocket(socketOptions, {
        open: (protocol, setCookies) => {
          if (this.#readyState !== 0) return;
          this.#protocol = protocol;
          this.#readyState = 1;
          options.setCookies?.(setCookies);
          this.dispatchEvent(new Event('open'));
        },
        message: (data) => this.#dispatchMessage(data, remote),
        error: (message) => {
          this.#readyState = 3;
          this.#dispatchError(message);
        },
        close: (code, reason, wasClean) => this.#dispatchClose(code, reason, wasClean),
      });
    } catch (error) {
      this.#fail(error instanceof BareError || error instanceof Error ? error.message : String(error));
    }
  }

  #fail(message: string): void {
    this.#readyState = 3;
    this.#dispatchError(message);
    this.#dispatchClose(1006, '', false);
  }

  #dispatchMessage(data: string | ArrayBuffer, remote: URL): void {
    if (this.#readyState !== 1 && this.#readyState !== 2) return;
    const value = typeof data === 'string' || this.binaryType === 'arraybuffer' ? data : new Blob([data]);
    const origin = `${remote.protocol}//${remote.host}`;
    this.dispatchEvent(new MessageEvent('message', { data: value, origin }));
  }

  /** The native event says nothing; ours has a message for people beside it. */
  #dispatchError(message: string): void {
    this.dispatchEvent(Object.defineProperty(new Event('error'), 'message', { value: message }));
  }

  #dispatchClose(code: number, reason: string, wasClean: boolean): void {
    this.#readyState = 3;
    // Node 20 has no CloseEvent.
    const event = globalThis.CloseEvent
      ? new CloseEvent('close', { code, reason, wasClean })
      : Object.assign(new Event('close'), { code, reason, wasClean });
    this.dispatchEvent(event);
  }
}

/** Steps 1 to 8 of the constructor. */
function parseSocketUrl(text: string): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  if (!URL.canParse(text, base)) throw syntaxError(`${JSON.stringify(text)} is not a URL.`);
  const url = new URL(text, base);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  else if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    throw syntaxError(`The scheme of ${url.href} is not ws: or wss:.`);
  if (url.href.includes('#')) throw syntaxError(`${url.href} has a fragment.`);
  return url;
}

function checkProtocols(protocols: string[]): string[] {
  const seen = new Set<string>();
  for (const protocol of protocols) {
    if (!isHeaderName(protocol)) throw syntaxError(`${JSON.stringify(protocol)} is not a subprotocol name.`);
    if (seen.has(protocol)) throw syntaxError(`The subprotocol ${JSON.stringify(protocol)} is given twice.`);
    seen.add(protocol);
  }
  return [...protocols];
}

/** The handshake of a browser, in its order; what the caller gives replaces ours in place. */
function handshakeHeaders(remote: URL, given: SocketHeaders, origin: string | undefined): SocketHeaders {
  const { location, navigator } = globalThis as { location?: { origin: string }; navigator?: { userAgent: string } };
  const defaults: SocketHeaders = {
    Host: remote.host,
    Connection: 'Upgrade',
    Pragma: 'no-cache',
    'Cache-Control': 'no-cache',
  };
  if (navigator) defaults['User-Agent'] = navigator.userAgent;
  defaults['Upgrade'] = 'websocket';
  const announced = origin ?? location?.origin;
  if (announced !== undefined) defaults['Origin'] = announced;

  const remaining = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), { name, value }]));
  const headers: SocketHeaders = {};
  for (const [name, value] of Object.entries(defaults)) {
    const override = remaining.get(name.toLowerCase());
    remaining.delete(name.toLowerCase());
    headers[override?.name ?? name] = override?.value ?? value;
  }
  for (const { name, value } of remaining.values()) headers[name] = value;
  return headers;
}

function byteLength(data: SocketData): number {
  if (typeof data === 'string') return new TextEncoder().encode(data).length;
  return 'size' in data ? data.size : data.byteLength;
}

function syntaxError(message: string): DOMException {
  return new DOMException(message, 'SyntaxError');
}
