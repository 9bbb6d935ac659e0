/**
 * @module
 * Waits for enough of a client's first bytes to tell its service and its host name.
 */
import type { Duplex } from 'node:stream';
import { MProxyError } from '../../index.js';
import { looksLikeTls, sniffServerName } from './client-hello.js';
import { sniffHost } from './http-host.js';

export interface SniffedClient {
  service: 'http' | 'https';
  name: string | undefined;
  /** What was read: to be sent on before all else. */
  head: Uint8Array;
}

/**
 * Leaves the client paused.
 * @throws MProxyError M_PROXY_SNIFF_FAILED
 */
export function sniffClient(
  client: Duplex,
  head: Uint8Array,
  limits: { maxSniffLength: number; sniffTimeout: number },
): Promise<SniffedClient> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.from(head);
    const timer = setTimeout(() => fail(`nothing to go by in ${limits.sniffTimeout} ms`), limits.sniffTimeout);
    const stop = () => {
      clearTimeout(timer);
      client.pause();
      client.off('data', read).off('end', ended).off('close', ended).off('error', ended);
    };
    const fail = (why: string) => {
      stop();
      reject(new MProxyError('M_PROXY_SNIFF_FAILED', `Failed to tell where a client wants to go: ${why}.`));
    };
    const ended = () => fail('it ended before it said so');
    const look = () => {
      const isTls = looksLikeTls(bytes);
      const sniffed = isTls ? sniffServerName(bytes) : sniffHost(bytes);
      if (sniffed.state === 'done') {
        stop();
        resolve({ service: isTls ? 'https' : 'http', name: sniffed.name, head: bytes });
      } else if (sniffed.state === 'invalid') {
        fail('its first bytes are neither a ClientHello nor an HTTP/1 request');
      } else if (bytes.byteLength >= limits.maxSniffLength) {
        fail(`its head is longer than ${limits.maxSniffLength} bytes`);
      }
    };
    const read = (chunk: Uint8Array) => {
      bytes = Buffer.concat([bytes, chunk]);
      look();
    };
    client.on('end', ended).on('close', ended).on('error', ended);
    client.on('data', read);
    if (bytes.byteLength > 0) {
      look();
    }
  });
}
