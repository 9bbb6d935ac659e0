/**
 * @module `WebSocket` over the Bare server. The interface object, its prototype and the events are the engine's; the
 * state and the connection are ours. Argument checks are in `web-socket-arguments.ts`.
 */
import type { BareSocket, BareSocketHandlers } from '@culvert/bare-client';
import { interceptAccessor, interceptConstructor, interceptMethod } from '../../interception/index.js';
import { apply, construct } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { interceptEventHandlers } from './event-handler-attribute.js';
import { portSockets } from './port-socket.js';
import { socketFallback } from './socket-fallback.js';
import { serviceWorkerChannel } from './service-worker-channel.js';
import {
  parseCloseCode,
  parseCloseReason,
  parseSocketProtocols,
  parseSocketUrl,
  toUsvString,
  type ThrowDomException,
} from './web-socket-arguments.js';

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

interface SocketState {
  readonly url: string;
  readyState: number;
  binaryType: 'blob' | 'arraybuffer';
  protocol: string;
  extensions: string;
  /** Bytes given to `send` once closing had begun; they count as buffered for ever. */
  unsentBytes: number;
  connection: BareSocket | null;
}

export function interceptWebSocket(realm: Realm): void {
  const global = realm.global as typeof globalThis & { WebSocket?: typeof WebSocket };
  const { WebSocket: NativeWebSocket, EventTarget, Event, MessageEvent, CloseEvent, DOMException, Blob } = global;
  if (!NativeWebSocket) return;
  const dispatchEvent = EventTarget.prototype.dispatchEvent;
  const prototype = NativeWebSocket.prototype;
  const states = new WeakMap<object, SocketState>();
  const channel = serviceWorkerChannel(realm);
  const sockets = socketFallback(realm);
  const connectThroughWorker = portSockets(realm, {
    open: channel.openSocket,
    keepAwake: () => channel.tell({ culvert: 'keep-awake' }),
  });
  const fail: ThrowDomException = (message, name) => {
    throw new DOMException(message, name);
  };
  const fire = (socket: object, event: Event) => void apply(dispatchEvent, socket, [event]);

  interceptConstructor(realm, global, 'WebSocket', {
    construct: (native) => (args, newTarget) => {
      // The native constructor throws its own TypeError.
      if (args.length === 0) return construct(native, args, newTarget) as object;
      const url = parseSocketUrl(toUsvString(`${args[0] as string}`), baseUrl(realm), fail);
      const protocols = parseSocketProtocols(args[1], fail);
      if (url.protocol === 'ws:' && isSecure(realm.urls.origin()) && !isLoopback(url.hostname)) {
        const message = 'An insecure WebSocket connection may not be initiated from a page loaded over HTTPS.';
        return fail(`Failed to construct 'WebSocket': ${message}`, 'SecurityError');
      }
      const socket = construct(EventTarget, [], newTarget) as object;
      const state: SocketState = {
        url: url.href,
        readyState: CONNECTING,
        binaryType: 'blob',
        protocol: '',
        extensions: '',
        unsentBytes: 0,
        connection: null,
      };
      states.set(socket, state);
      void connect(socket, state, protocols);
      return socket;
    },
  });

  async function connect(socket: object, state: SocketState, protocols: string[]): Promise<void> {
    const { headers, viaWorker, isBlocked } = await channel.socketHandshake(state.url);
    if (isBlocked) {
      // As in Chrome: no `close` follows.
      state.readyState = CLOSED;
      return fire(socket, new Event('error'));
    }
    // close() was called while the headers were on their way.
    if (state.readyState !== CONNECTING) return finish(socket, state, 1006, '', false, true);
    const origin = new URL(state.url).origin;
    // What follows a handshake with cookies waits until they are stored: `open` finds them in `document.cookie`.
    let cookiesStored: Promise<void> | null = null;
    const inOrder = (then: () => void) => {
      if (cookiesStored) cookiesStored = cookiesStored.then(then);
      else then();
    };
    const handlers: BareSocketHandlers = {
      open(protocol, setCookies) {
        if (setCookies.length > 0) cookiesStored = channel.storeSocketCookies(state.url, setCookies);
        inOrder(() => {
          if (state.readyState !== CONNECTING) return;
          state.readyState = OPEN;
          state.protocol = protocol;
          state.extensions = state.connection?.extensions ?? '';
          fire(socket, new Event('open'));
        });
      },
      message: (data) =>
        inOrder(() => {
          if (state.readyState !== OPEN) return;
          const shown = typeof data === 'string' || state.binaryType === 'arraybuffer' ? data : new Blob([data]);
          fire(socket, new MessageEvent('message', { data: shown, origin }));
        }),
      close: (code, reason, wasClean) => inOrder(() => finish(socket, state, code, reason, wasClean, !wasClean)),
      error: () => inOrder(() => finish(socket, state, 1006, '', false, true)),
    };
    state.connection = viaWorker
      ? connectThroughWorker({ remote: state.url, protocols, headers }, handlers)
      : sockets.connect(
          { server: realm.data.bareServer, remote: state.url, protocols, headers, WebSocket: NativeWebSocket },
          handlers,
        );
  }

  /** The connection is gone: `error` where it failed, then `close`; once. */
  function finish(
    socket: object,
    state: SocketState,
    code: number,
    reason: string,
    wasClean: boolean,
    failed: boolean,
  ): void {
    if (state.readyState === CLOSED) return;
    state.readyState = CLOSED;
    if (failed) fire(socket, new Event('error'));
    fire(socket, new CloseEvent('close', { code, reason, wasClean }));
  }

  for (const [name, read] of Object.entries(readers)) {
    interceptAccessor(realm, prototype, name, {
      get: (native) =>
        function (this: object) {
          const state = states.get(this);
          return state ? read(state) : native(this);
        },
    });
  }

  interceptAccessor(realm, prototype, 'binaryType', {
    get: (native) =>
      function (this: object) {
        return states.get(this)?.binaryType ?? native(this);
      },
    set: (native) =>
      function (this: object, value: unknown) {
        const state = states.get(this);
        if (!state) return native(this, value);
        const type = `${value as string}`;
        // An enumeration's setter ignores other values.
        if (type === 'blob' || type === 'arraybuffer') state.binaryType = type;
      },
  });

  interceptMethod(
    realm,
    prototype,
    'send',
    (native) =>
      function (this: object, ...args: unknown[]) {
        const state = states.get(this);
        if (!state || args.length === 0) return apply(native, this, args) as unknown;
        const data = toSocketData(args[0], Blob);
        if (state.readyState === CONNECTING) {
          return fail("Failed to execute 'send' on 'WebSocket': Still in CONNECTING state.", 'InvalidStateError');
        }
        if (state.readyState === OPEN) state.connection?.send(data);
        else state.unsentBytes += byteLength(data);
        return undefined;
      },
  );

  interceptMethod(
    realm,
    prototype,
    'close',
    (native) =>
      function (this: object, ...args: unknown[]) {
        const state = states.get(this);
        if (!state) return apply(native, this, args) as unknown;
        const code = parseCloseCode(args[0], fail);
        const reason = parseCloseReason(args[1], fail);
        if (state.readyState === CLOSING || state.readyState === CLOSED) return undefined;
        const wasConnecting = state.readyState === CONNECTING;
        state.readyState = CLOSING;
        if (wasConnecting) {
          // Failing the connection takes no closing handshake; the events come from a task.
          state.connection?.close();
          realm.natives.setTimeout(() => finish(this, state, 1006, '', false, true), 0);
        } else {
          state.connection?.close(code, reason);
        }
        return undefined;
      },
  );

  interceptEventHandlers(realm, prototype, ['open', 'message', 'error', 'close'], (target) => states.has(target));
}

const readers: Record<string, (state: SocketState) => unknown> = {
  url: (state) => state.url,
  readyState: (state) => state.readyState,
  bufferedAmount: (state) => (state.connection?.bufferedAmount ?? 0) + state.unsentBytes,
  protocol: (state) => state.protocol,
  extensions: (state) => state.extensions,
};

type SocketData = string | ArrayBuffer | ArrayBufferView | Blob;

function toSocketData(data: unknown, Blob: typeof globalThis.Blob): SocketData {
  if (typeof data === 'object' && data !== null) {
    if (ArrayBuffer.isView(data) || data instanceof Blob) return data;
    const tag = Object.prototype.toString.call(data);
    // Buffers and blobs of another realm are no instances of this realm's constructors.
    if (tag === '[object ArrayBuffer]' || tag === '[object Blob]' || tag === '[object File]') return data as SocketData;
  }
  return toUsvString(`${data as string}`);
}

function byteLength(data: SocketData): number {
  if (typeof data === 'string') return new TextEncoder().encode(data).byteLength;
  return 'size' in data ? data.size : data.byteLength;
}

/** Blob and about: documents have no URL to resolve against but their base URL. */
function baseUrl(realm: Realm): string {
  const document = (realm.global as { document?: Document }).document;
  return document ? document.baseURI : realm.urls.documentUrl();
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}

/** Potentially trustworthy whatever the scheme, and so not mixed content. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
