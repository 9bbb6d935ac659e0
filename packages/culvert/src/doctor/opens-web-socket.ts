/**
 * @module
 * Tries the opening handshake of a WebSocket (RFC 6455, section 4.1), and hangs up.
 */
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** @returns whether the server switched protocols */
export function opensWebSocket(url: URL, timeout = 5000): Promise<boolean> {
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    timeout,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    },
  });
  return new Promise((resolve) => {
    const finish = (result: boolean) => (): void => {
      request.destroy();
      resolve(result);
    };
    request.on('upgrade', finish(true));
    request.on('response', finish(false));
    request.on('timeout', finish(false));
    request.on('error', finish(false));
    request.end();
  });
}
