/**
 * @module
 * What a client gets that no device gets: an answer where its protocol has one, else a reset.
 */
import type { Duplex } from 'node:stream';
import type { MProxyError } from '../index.js';
import { resetStream } from './join-streams.js';

const statuses: { readonly [code: string]: string } = {
  M_PROXY_NO_ROUTE: '404 Not Found',
  M_PROXY_DEVICE_OFFLINE: '503 Service Unavailable',
  M_PROXY_LIMIT: '503 Service Unavailable',
  M_PROXY_SNIFF_FAILED: '400 Bad Request',
};

export function refuseClient(client: Duplex, service: string, error: MProxyError): void {
  if (client.destroyed) {
    return;
  }
  if (service !== 'http') {
    resetStream(client);
    return;
  }
  // The code alone: the text names devices.
  const body = `${error.code ?? 'M_PROXY_CLOSED'}\n`;
  const head = [
    `HTTP/1.1 ${statuses[error.code] ?? '502 Bad Gateway'}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  // What still comes is read and dropped, so that the answer is not lost to a reset.
  client.resume();
  client.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => client.destroy(), 2000);
  timer.unref();
  client.once('end', () => client.destroy());
  client.once('close', () => clearTimeout(timer));
}
