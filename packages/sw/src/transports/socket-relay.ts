/**
 * @module
 * The WebSockets of pages over a transport, which only the worker has: each is a MessagePort, with the messages of
 * `PortSocketMessage` and `PortSocketEvent`. A socket ends with the worker; the page notices by a ping that has no answer.
 */
import type { RemoteChannel } from '@culvert/bare-client';
import type { PortSocketEvent, PortSocketMessage } from '@culvert/runtime';

export interface SocketPort {
  postMessage(message: PortSocketEvent): void;
  onmessage: ((event: MessageEvent<PortSocketMessage>) => void) | null;
  close(): void;
}

export interface SocketToOpen {
  url: string;
  protocols: string[];
  headers: Record<string, string | string[]>;
}

export function relaySocket(port: SocketPort, channel: RemoteChannel, { url, protocols, headers }: SocketToOpen): void {
  const remote = new URL(url);
  remote.protocol = remote.protocol.replace('http', 'ws');
  const socket = channel.connect(
    { url: remote, protocols, headers },
    {
      open: (protocol, setCookies) =>
        port.postMessage({ type: 'open', protocol, setCookies, extensions: socket.extensions }),
      message: (data) => port.postMessage({ type: 'message', data }),
      error: (message) => port.postMessage({ type: 'error', message }),
      close(code, reason, wasClean) {
        port.postMessage({ type: 'close', code, reason, wasClean });
        port.close();
      },
    },
  );
  port.onmessage = ({ data: message }) => {
    switch (message.type) {
      case 'send':
        return socket.send(message.data);
      case 'close':
        return socket.close(message.code, message.reason);
      case 'ping':
        return port.postMessage({ type: 'pong' });
    }
  };
}
