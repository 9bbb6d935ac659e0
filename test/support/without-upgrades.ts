/** @module A middlebox: passes every request to Culvert and refuses every upgrade, as many a corporate proxy does. */
import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { routeTo, type Culvert } from './culvert.js';

export interface BlockedCulvert extends Culvert {
  /** Upgrades that were refused so far. */
  readonly refused: number;
}

export async function blockUpgrades(culvert: Culvert): Promise<BlockedCulvert> {
  let refused = 0;
  const server = createServer({ maxHeaderSize: 512 * 1024 }, (request, response) => {
    const { url, method, rawHeaders } = request;
    const onward = sendRequest({ port: culvert.port, host: '127.0.0.1', path: url, method, headers: rawHeaders });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      pipeline(answer, response, () => onward.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (_request, socket) => {
    refused++;
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://localhost:${port}`;
  return {
    origin,
    port,
    get output() {
      return culvert.output;
    },
    get refused() {
      return refused;
    },
    routeTo: (url) => routeTo(origin, url),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
