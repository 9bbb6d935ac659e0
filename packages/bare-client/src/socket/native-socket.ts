/**
 * @module
 * The WebSocket to the Bare server, driven only through members captured when this module was loaded: in a page, whatever runs
 * later may have replaced `WebSocket.prototype.send` and the rest.
 */

const { apply } = Reflect;
const nativePrototype = globalThis.WebSocket?.prototype;
const closeEvent = globalThis.CloseEvent?.prototype;
const captured = nativePrototype && {
  send: nativePrototype.send,
  close: nativePrototype.close,
  addEventListener: nativePrototype.addEventListener,
  setBinaryType: Object.getOwnPropertyDescriptor(nativePrototype, 'binaryType')?.set,
};
const getters = {
  bufferedAmount: getterOf(nativePrototype, 'bufferedAmount'),
  extensions: getterOf(nativePrototype, 'extensions'),
  data: getterOf(globalThis.MessageEvent?.prototype, 'data'),
  code: getterOf(closeEvent, 'code'),
  reason: getterOf(closeEvent, 'reason'),
  wasClean: getterOf(closeEvent, 'wasClean'),
};
const { isPrototypeOf } = Object.prototype;

export type SocketData = string | ArrayBuffer | ArrayBufferView | Blob;

export interface NativeSocket {
  send(data: SocketData): void;
  close(code?: number, reason?: string): void;
  bufferedAmount(): number;
  /** What was negotiated with the Bare server, or with the remote where the server only relays bytes. */
  extensions(): string;
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
  protocols: string[] = [],
): NativeSocket {
  const socket = new Implementation(url, protocols);
  // Only an object that has the platform's own internals can be given to the captured members.
  const own = captured !== undefined && apply(isPrototypeOf, nativePrototype, [socket]) ? captured : undefined;
  if (own?.setBinaryType) apply(own.setBinaryType, socket, ['arraybuffer']);
  else socket.binaryType = 'arraybuffer';

  const listen = (type: string, listener: (event: Event) => void): void => {
    if (own) apply(own.addEventListener, socket, [type, listener]);
    else socket.addEventListener(type, listener);
  };
  const read = <T>(object: object, name: keyof typeof getters): T => {
    const getter = own && getters[name];
    return (getter ? apply(getter, object, []) : (object as Record<string, unknown>)[name]) as T;
  };
  listen('open', () => handlers.open());
  listen('message', (event) => handlers.message(read(event, 'data')));
  listen('close', (event) => handlers.close(read(event, 'code'), read(event, 'reason'), read(event, 'wasClean')));
  // A close event always follows; without a listener `ws` would throw.
  listen('error', () => undefined);

  return {
    send: (data) => (own ? apply(own.send, socket, [data]) : socket.send(data as string)),
    close: (code, reason) => {
      const parameters = code === undefined ? [] : reason === undefined ? [code] : [code, reason];
      if (own) apply(own.close, socket, parameters);
      else socket.close(...(parameters as [number?, string?]));
    },
    bufferedAmount: () => read(socket, 'bufferedAmount'),
    extensions: () => read(socket, 'extensions'),
  };
}

function getterOf(prototype: object | undefined, name: string): (() => unknown) | undefined {
  return prototype && Object.getOwnPropertyDescriptor(prototype, name)?.get;
}
