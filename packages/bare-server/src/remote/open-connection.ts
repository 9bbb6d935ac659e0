/**
 * @module
 * A plain connection to a host for whoever forwards bytes (CONNECT): judged and pinned like those of requests and WebSockets.
 */
import type { Socket } from 'node:net';
import { connect } from './connect.js';
import { RemoteTimeoutError, toRemoteError } from './remote-errors.js';
import type { Upstream } from './upstream.js';

/**
 * @param host a name, or an address in any spelling, IPv6 with or without brackets
 * @throws BareProtocolError (as a rejection): IMPL_BLOCKED_ADDRESS and the codes of connections
 */
export function openConnection(upstream: Upstream, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    // The URL parser brings every spelling of an IPv4 address into one.
    if (!URL.canParse(`http://${name}/`) || !/^[^\s/?#@\\]+$/.test(name)) {
      reject(
        toRemoteError(Object.assign(new Error(`No host: ${host}`), { code: 'ENOTFOUND' }), new URL('http://invalid/')),
      );
      return;
    }
    const url = new URL(`http://${name}/`);
    url.port = String(port);
    let socket: Socket;
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      socket?.destroy();
      reject(toRemoteError(error, url));
    };
    const timer = setTimeout(
      () => fail(new RemoteTimeoutError('connect', upstream.connectTimeout)),
      upstream.connectTimeout,
    );
    try {
      socket = connect(upstream.target(url), false, () => {
        clearTimeout(timer);
        socket.off('error', fail);
        // Whoever takes it listens too; until then nothing may crash the process.
        socket.on('error', () => undefined);
        resolve(socket);
      });
      socket.once('error', fail);
    } catch (error) {
      fail(error);
    }
  });
}
