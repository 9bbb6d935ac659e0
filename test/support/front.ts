/** @module What stands before Culvert and changes the worker's script: another build of it, or one in a browser that lacks something. */
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Front {
  readonly origin: string;
  /** Put before the worker's script from now on. */
  prelude: string;
  close(): Promise<void>;
}

export async function startFront(culvertPort: number): Promise<Front> {
  const front = { prelude: '' };
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const isWorker = url!.split('?')[0] === '/culvert.sw.js';
    const sent = isWorker ? { ...headers, 'accept-encoding': 'identity', 'if-none-match': '' } : headers;
    const asked = ask({ host: '127.0.0.1', port: culvertPort, method, path: url, headers: sent }, (answer) => {
      // Neither its length nor its validator are those of the changed text.
      const rest = { ...answer.headers };
      if (isWorker) for (const name of ['content-length', 'etag', 'last-modified']) delete rest[name];
      response.writeHead(answer.statusCode!, rest);
      if (isWorker) response.write(front.prelude);
      answer.pipe(response);
    });
    // The browser learns of it by the connection.
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(front, {
    origin: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
