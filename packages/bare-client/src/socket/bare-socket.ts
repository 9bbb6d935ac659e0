/**
 * @module
 * A WebSocket tunnel over Bare v3: the handshake messages before it, and after it nothing between the caller and the socket.
 * Events, states and checks of the WebSocket interface are left to the caller.
 */
import {
  BareProtocolError,
  parseOpenMessage,
  parseSocketFailure,
  serializeConnectMessage,
  type OpenMessage,
} from '@culvert/bare-protocol';
import { v3RequestUrl } from '../versions/http-messages.js';
import { openNativeSocket, type NativeSocket, type SocketData } from './native-socket.js';

export interface BareSocketHandlers {
  /** The Bare server has accepted the WebSocket; the remote is still to. */
  reached?(): void;
  /** The remote has accepted. */
  open(protocol: string, setCookies: string[]): void;
  message(data: string | ArrayBuffer): void;
  /** Always called, once, and last. A remote that could not be reached gives 1006, as it would directly. */
  close(code: number, reason: string, wasClean: boolean): void;
  /**
   * Called before `close` when the connection could not be established. The message is for people.
   *
   * @param isServerFault the Bare server could not be reached, or does not do as the version says: another one may do better
   */
  error(message: string, isServerFault: boolean): void;
}

export interface BareSocket {
  /** Only after `open`. */
  send(data: SocketData): void;
  close(code?: number, reason?: string): void;
  readonly bufferedAmount: number;
  /** Bare does not carry what was negotiated with the remote; the tunnel itself has no extensions. */
  readonly extensions: string;
}

export interface BareSocketOptions {
  /** Absolute http: or https: URL of the Bare directory. */
  server: string;
  /** ws: or wss: URL. */
  remote: string;
  protocols: string[];
  /** Handshake headers for the remote, in the order and case to send. `Host` is put first when it is missing. */
  headers: Record<string, string | string[]>;
  /** Headers of the handshake with the Bare server to hand on; `accept-encoding` and `accept-language` always are. */
  forwardHeaders?: string[];
  WebSocket?: typeof WebSocket;
}

/** What opens v3 tunnels: `connectBareSocket`, or what has another way to the server besides. */
export interface BareSocketConnector {
  connect(options: BareSocketOptions, handlers: BareSocketHandlers): BareSocket;
}

export const noWebSocket = 'There is no WebSocket here: pass an implementation as the option "WebSocket".';

/** @throws TypeError when there is no WebSocket implementation to use */
export function connectBareSocket(options: BareSocketOptions, handlers: BareSocketHandlers): BareSocket {
  const Implementation = options.WebSocket ?? globalThis.WebSocket;
  if (Implementation === undefined) {
    throw new TypeError(noWebSocket);
  }
  const { remote, protocols, headers, forwardHeaders = [] } = options;
  let isReached = false;
  let isOpen = false;
  let isClosedByCaller = false;
  let failure: string | null = null;

  const whyClosed = (code: number): string => {
    if (failure !== null) return failure;
    if (isClosedByCaller) return 'it was closed before the connection was established.';
    if (code === 1006) return 'the Bare server could not be reached, or does not accept WebSockets.';
    return `the Bare server closed the connection with code ${code}.`;
  };

  const receiveOpenMessage = (data: string | ArrayBuffer): void => {
    let message: OpenMessage;
    try {
      if (typeof data !== 'string') {
        throw new BareProtocolError('IMPL_INVALID_SOCKET_MESSAGE', 'response.body', 'The open message is binary.');
      }
      message = parseOpenMessage(data);
    } catch (error) {
      failure = `${(error as Error).message} The server may speak another version of Bare.`;
      native.close();
      return;
    }
    isOpen = true;
    handlers.open(message.protocol, message.setCookies);
  };

  const native: NativeSocket = openNativeSocket(Implementation, v3RequestUrl(options.server).replace(/^http/, 'ws'), {
    open() {
      isReached = true;
      handlers.reached?.();
      if (isClosedByCaller) return;
      native.send(serializeConnectMessage({ remote, protocols, headers: withHost(headers, remote), forwardHeaders }));
    },
    message(data) {
      if (isOpen) handlers.message(data);
      else if (failure === null && !isClosedByCaller) receiveOpenMessage(data);
    },
    close(code, reason, wasClean) {
      if (isOpen) {
        handlers.close(code, reason, wasClean);
        return;
      }
      const message = parseSocketFailure(reason)?.message ?? `Failed to connect to ${remote}: ${whyClosed(code)}`;
      handlers.error(message, !isClosedByCaller && (!isReached || failure !== null));
      handlers.close(1006, '', false);
    },
  });

  return {
    send(data) {
      if (!isOpen) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
      native.send(data);
    },
    close(code, reason) {
      isClosedByCaller = true;
      native.close(code, reason);
    },
    get bufferedAmount() {
      return isOpen ? native.bufferedAmount() : 0;
    },
    extensions: '',
  };
}

function withHost(headers: Record<string, string | string[]>, remote: string): Record<string, string | string[]> {
  const hasHost = Object.keys(headers).some((name) => name.toLowerCase() === 'host');
  return hasHost ? headers : { Host: new URL(remote).host, ...headers };
}
