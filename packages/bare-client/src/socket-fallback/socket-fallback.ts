/**
 * @module
 * v3 tunnels where something on the way refuses WebSockets: tried as a WebSocket first, then over plain HTTP requests. Those are
 * spoken by `@culvert/http-socket`, which is loaded when it is first needed.
 */
import { httpSocketEndpoint } from '@culvert/bare-protocol';
import {
  connectBareSocket,
  type BareSocket,
  type BareSocketConnector,
  type BareSocketHandlers,
  type BareSocketOptions,
} from '../socket/bare-socket.js';
import { v3RequestUrl } from '../versions/http-messages.js';

interface HttpWebSocketSettings {
  socketUrl(): string;
  fetch: typeof fetch | undefined;
  openTimeout: number;
}

/** What stands in for the WebSocket class; it need not have all its members. */
export type HttpWebSocketConstructor = new (
  url: string,
  protocols: string[],
  settings: HttpWebSocketSettings,
) => object;

/** The part of `@culvert/http-socket` that is used. */
export interface HttpSocketModule {
  HttpWebSocket: HttpWebSocketConstructor;
}

export interface SocketFallbackOptions {
  /** Gives the module `@culvert/http-socket`: `() => import('@culvert/http-socket')`. A failure is tried again. */
  load(): Promise<HttpSocketModule>;
  /** Where a Bare server's HTTP socket is; by default at `v3/socket/` below its directory. */
  socketUrl?(server: string): string;
  /** For the requests of the HTTP socket; the realm's own by default. */
  fetch?: typeof fetch;
  /** Milliseconds that a WebSocket may go unanswered before the other way is taken; 5 s by default. */
  upgradeTimeout?: number;
  /** Milliseconds that the HTTP socket has to be open; 5 s by default. */
  openTimeout?: number;
  /** Milliseconds that WebSockets are not tried again with a server that was only reached over HTTP; 5 minutes by default. */
  rememberFor?: number;
}

/** The event `fallback`: a socket was opened over HTTP, as it could not be as a WebSocket. */
export class SocketFallbackEvent extends Event {
  constructor(
    /** The Bare server. */
    readonly server: string,
    /** What became of the WebSocket, for people. */
    readonly reason: string,
  ) {
    super('fallback');
  }
}

/** Where a Bare server (the URL of its directory) takes WebSockets over HTTP requests. */
export function httpSocketUrl(server: string): string {
  return v3RequestUrl(server) + httpSocketEndpoint;
}

interface Finding {
  reason: string;
  until: number;
}

/**
 * @example
 * const sockets = new SocketFallback({ load: () => import('@culvert/http-socket') });
 * sockets.addEventListener('fallback', ({ server, reason }) => console.warn(server, reason));
 * const client = new BareClient('/bare/', { sockets });
 */
export class SocketFallback extends EventTarget implements BareSocketConnector {
  readonly #options: SocketFallbackOptions;
  readonly #blocked = new Map<string, Finding>();
  #module: Promise<HttpSocketModule> | null = null;

  constructor(options: SocketFallbackOptions) {
    super();
    this.#options = options;
  }

  connect(options: BareSocketOptions, handlers: BareSocketHandlers): BareSocket {
    const { upgradeTimeout = 5000 } = this.#options;
    let current: BareSocket | null = null;
    let isClosedByCaller = false;

    const connectOverHttp = async (reason: string): Promise<void> => {
      const fail = (message: string): void => {
        handlers.error(message, !isClosedByCaller);
        handlers.close(1006, '', false);
      };
      try {
        const standIn = await this.#standIn(options.server);
        if (isClosedByCaller) return fail(`Failed to connect to ${options.remote}: it was closed before that.`);
        current = connectBareSocket(
          { ...options, WebSocket: standIn },
          {
            ...handlers,
            reached: () => this.#remember(options.server, reason),
            error: (message, isServerFault) => handlers.error(`${message} (${reason})`, isServerFault),
          },
        );
      } catch (error) {
        fail(`${reason} The HTTP socket could not be loaded: ${String(error)}`);
      }
    };

    const connectWebSocket = (): void => {
      let isReached = false;
      let isOver = false;
      let failure: [message: string, isServerFault: boolean] | null = null;
      const leave = (reason: string): void => {
        isOver = true;
        void connectOverHttp(reason);
      };
      const timer = setTimeout(() => {
        leave(`The Bare server did not answer a WebSocket within ${upgradeTimeout / 1000} s.`);
        socket.close();
      }, upgradeTimeout);
      const socket = connectBareSocket(options, {
        ...handlers,
        reached() {
          isReached = true;
          clearTimeout(timer);
        },
        error(message, isServerFault) {
          failure = [message, isServerFault];
        },
        close(code, reason, wasClean) {
          clearTimeout(timer);
          if (isOver) return;
          if (failure !== null && !isReached && !isClosedByCaller) return leave(failure[0]);
          if (failure !== null) handlers.error(...failure);
          handlers.close(code, reason, wasClean);
        },
      });
      current = socket;
    };

    const known = this.#finding(options.server);
    if (known) void connectOverHttp(known.reason);
    else connectWebSocket();

    return {
      send: (data) => current!.send(data),
      close(code, reason) {
        isClosedByCaller = true;
        current?.close(code, reason);
      },
      get bufferedAmount() {
        return current?.bufferedAmount ?? 0;
      },
      get extensions() {
        return current?.extensions ?? '';
      },
    };
  }

  /** A class that `connectBareSocket` can construct as it would the native one. */
  async #standIn(server: string): Promise<typeof WebSocket> {
    const { load, fetch, openTimeout = 5000 } = this.#options;
    this.#module ??= load();
    let HttpWebSocket: HttpWebSocketConstructor;
    try {
      ({ HttpWebSocket } = await this.#module);
    } catch (error) {
      this.#module = null;
      throw error;
    }
    const socketUrl = this.#options.socketUrl?.(server) ?? httpSocketUrl(server);
    const settings: HttpWebSocketSettings = { socketUrl: () => socketUrl, fetch, openTimeout };
    return class extends HttpWebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, settings);
      }
    } as unknown as typeof WebSocket;
  }

  #remember(server: string, reason: string): void {
    const isNews = this.#finding(server) === null;
    if (!isNews) return;
    this.#blocked.set(server, { reason, until: Date.now() + (this.#options.rememberFor ?? 300_000) });
    this.dispatchEvent(new SocketFallbackEvent(server, reason));
  }

  #finding(server: string): Finding | null {
    const finding = this.#blocked.get(server);
    return finding && finding.until > Date.now() ? finding : null;
  }
}
