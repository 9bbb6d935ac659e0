/**
 * @module
 * The WebSocket to the Bare server, driven only through members captured when this module was loaded: in a page, whatever runs
 * later may have replaced `WebSocket.prototype.send` and the rest.
 */

const { apply } = Reflect;
const nativePrototype = globalThis.WebSocket?.prototype;
const captured = nativePrototype && {
  send: nativePrototype.send,
  close: nativePrototype.close,
  addEventListener: nativePrototype.addEventListener,
  setBinaryType: Object.getOwnPropertyDescriptor(nativePrototype, 'binaryType')?.set,
  bufferedAmount: Object.getOwnPropertyDescriptor(nativePrototype, 'bufferedAmount')?.get,
};
const getData = globalThis.MessageEvent && Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get;
const closeEvent = globalThis.CloseEvent?.prototype;
const getCode = closeEvent && Object.getOwnPropertyDescriptor(closeEvent, 'code')?.get;
const getReason = closeEvent && Object.getOwnPropertyDescriptor(closeEvent, 'reason')?.get;
const getWasClean = closeEvent && Object.getOwnPropertyDescriptor(closeEvent, 'wasClean')?.get;
const { isPrototypeOf } = Object.prototype;

export type SocketData = string | ArrayBuffer | ArrayBufferView | Blob;

export interface NativeSocket {
  send(data: SocketData): void;
  close(code?: number, reason?: string): void;
  bufferedAmount(): number;
}

export interface NativeSocketHandlers {
  open(): void;
  message(data: string | ArrayBuffer): void;
  close(code: number, reason: string, wasClean: boolean): void;
}

export function openNativeSocket(
  Implementation: typeof WebSocket,
  url: string,
  handlers: NativeSocketHandlers,
): NativeSocket {
  const socket = new Implementation(url);
  // Only an object that has the platform's own internals can be given to the captured members.
  const own = captured !== undefined && apply(isPrototypeOf, nativePrototype, [socket]) ? captured : undefined;
  if (own?.setBinaryType) apply(own.setBinaryType, socket, ['arraybuffer']);
  else socket.binaryType = 'arraybuffer';

  const listen = (type: string, listener: (event: Event) => void): void => {
    if (own) apply(own.addEventListener, socket, [type, listener]);
    else socket.addEventListener(type, listener);
  };
  listen('open', () => handlers.open());
  listen('message', (event) => handlers.message(read(event, own && getData, 'data')));
  listen('close', (event) =>
    handlers.close(
      read(event, own && getCode, 'code'),
      read(event, own && getReason, 'reason'),
      read(event, own && getWasClean, 'wasClean'),
    ),
  );
  // A close event always follows; without a listener `ws` would throw.
  listen('error', () => undefined);

  return {
    send: (data) => (own ? apply(own.send, socket, [data]) : socket.send(data as string)),
    close: (code, reason) => {
      const parameters = code === undefined ? [] : reason === undefined ? [code] : [code, reason];
      if (own) apply(own.close, socket, parameters);
      else socket.close(...(parameters as [number?, string?]));
    },
    bufferedAmount: () =>
      own?.bufferedAmount ? (apply(own.bufferedAmount, socket, []) as number) : socket.bufferedAmount,
  };
}

function read<T>(event: Event, getter: (() => unknown) | undefined, name: string): T {
  return (getter ? apply(getter, event, []) : (event as unknown as Record<string, unknown>)[name]) as T;
}
