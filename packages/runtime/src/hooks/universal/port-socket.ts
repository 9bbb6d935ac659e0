/**
 * @module The page's WebSockets where the service worker has a transport of its own: what is sent and received goes over a
 * MessagePort. The worker is stopped when nothing happens for half a minute, and its sockets with it: as long as one is open, it
 * is kept awake, and a ping without an answer ends the socket.
 */
import type { BareSocket, BareSocketHandlers } from '@culvert/bare-client';
import type { PortSocketEvent, PortSocketMessage } from '../../messages.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { SocketHeaders } from './service-worker-channel.js';

/** Engines stop a worker 30 s after its last event. */
const pingInterval = 15_000;

export interface PortSocketRequest {
  remote: string;
  protocols: string[];
  headers: SocketHeaders;
}

/** Gives the other end to the worker. @returns false where there is no way to post to it */
export type OpenPortSocket = (request: PortSocketRequest, port: MessagePort) => boolean;

export interface PortSocketWays {
  open: OpenPortSocket;
  /** An event for the worker. */
  keepAwake(): void;
}

/** Call it at boot: it captures natives. */
export function portSockets(realm: Realm, { open, keepAwake }: PortSocketWays) {
  const global = realm.global as typeof globalThis;
  const { MessageChannel, setTimeout, clearTimeout } = global;
  const postMessage = global.MessagePort.prototype.postMessage;

  return function connect(request: PortSocketRequest, handlers: BareSocketHandlers): BareSocket {
    const { port1: port, port2 } = new MessageChannel();
    let extensions = '';
    let isAnswered = true;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const post = (message: PortSocketMessage): void => void apply(postMessage, port, [message]);
    const finish = (code: number, reason: string, wasClean: boolean): void => {
      if (isOver) return;
      isOver = true;
      apply(clearTimeout, global, [timer]);
      port.close();
      handlers.close(code, reason, wasClean);
    };
    const watch = (): void => {
      if (!isAnswered) return finish(1006, '', false);
      isAnswered = false;
      keepAwake();
      post({ type: 'ping' });
      timer = apply(setTimeout, global, [watch, pingInterval]) as typeof timer;
    };
    port.onmessage = ({ data: event }: MessageEvent<PortSocketEvent>) => {
      isAnswered = true;
      switch (event.type) {
        case 'open':
          extensions = event.extensions;
          return handlers.open(event.protocol, event.setCookies);
        case 'message':
          return handlers.message(event.data);
        case 'error':
          return handlers.error(event.message, false);
        case 'close':
          return finish(event.code, event.reason, event.wasClean);
      }
    };
    if (open(request, port2)) watch();
    else apply(setTimeout, global, [() => finish(1006, '', false), 0]);
    return {
      // A buffer is copied by the post, as `send` has it; what follows in it is not sent.
      send: (data) => post({ type: 'send', data }),
      close: (code, reason) => post({ type: 'close', code, reason }),
      bufferedAmount: 0,
      get extensions() {
        return extensions;
      },
    };
  };
}
