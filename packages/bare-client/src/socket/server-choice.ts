/**
 * @module
 * A WebSocket through the first server and version that work. As long as none is open nothing has been said, so that each may be
 * tried; what the remote itself refuses is not asked for again.
 */
import type { RemoteSocketRequest } from '../remote-channel.js';
import type { BareServer } from '../servers/bare-server.js';
import type { BareVersion } from '../options.js';
import {
  connectBareSocket,
  noWebSocket,
  type BareSocket,
  type BareSocketConnector,
  type BareSocketHandlers,
} from './bare-socket.js';
import { connectMetaSocket } from './meta-socket.js';

export interface SocketRealm {
  fetch: typeof fetch | undefined;
  WebSocket: typeof WebSocket | undefined;
  sockets: BareSocketConnector | undefined;
}

/** `null` when the WebSocket was opened, else why not. */
type Outcome = { message: string; isServerFault: boolean } | null;

export function connectThroughServers(
  servers: AsyncIterable<BareServer>,
  request: RemoteSocketRequest,
  realm: SocketRealm,
  handlers: BareSocketHandlers,
): BareSocket {
  let current: BareSocket | null = null;
  let isOpen = false;
  let isClosed = false;

  const attempt = (server: BareServer, version: BareVersion, Implementation: typeof WebSocket): Promise<Outcome> =>
    new Promise((resolve) => {
      let outcome: Outcome = null;
      const { url, protocols, headers } = request;
      const options = { server: server.url, remote: url.href, protocols, headers, WebSocket: Implementation };
      const attemptHandlers: BareSocketHandlers = {
        ...handlers,
        open(protocol, setCookies) {
          isOpen = true;
          resolve(null);
          handlers.open(protocol, setCookies);
        },
        error(message, isServerFault) {
          outcome = { message, isServerFault };
        },
        close(code, reason, wasClean) {
          if (isOpen) handlers.close(code, reason, wasClean);
          else resolve(outcome);
        },
      };
      current =
        version === 'v3'
          ? realm.sockets
            ? realm.sockets.connect(options, attemptHandlers)
            : connectBareSocket(options, attemptHandlers)
          : connectMetaSocket({ ...options, version, fetch: realm.fetch }, attemptHandlers);
    });

  /** Why no server would do, or null when one did. */
  const connect = async (): Promise<string | null> => {
    const Implementation = realm.WebSocket ?? globalThis.WebSocket;
    if (Implementation === undefined) return noWebSocket;
    let failure = '';
    for await (const server of servers) {
      const versions = await server.versions('socket').catch((error: Error) => {
        failure = error.message;
        return [];
      });
      let isFault = true;
      for (const version of versions) {
        if (isClosed) return failure;
        const outcome = await attempt(server, version, Implementation);
        if (outcome === null) {
          server.reportSuccess();
          return null;
        }
        failure = outcome.message;
        isFault = outcome.isServerFault;
        if (isClosed || !isFault) break;
        // Alone it has nothing to give way to.
        if (versions.length > 1) server.reportBroken('socket', version);
      }
      if (isClosed || !isFault) return failure;
      server.reportFailure();
    }
    return failure;
  };

  const fail = (message: string): void => {
    isClosed = true;
    handlers.error(message, true);
    handlers.close(1006, '', false);
  };
  connect().then(
    (failure) => {
      if (failure !== null) fail(failure);
    },
    (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
  );

  return {
    send: (data) => current!.send(data),
    close(code, reason) {
      isClosed = true;
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
