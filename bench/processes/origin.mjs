/**
 * @module
 * The remote: `/<bytes>` answers that many, and a POST is read to its end.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serve } from '../child.mjs';

const piece = Buffer.alloc(256 * 1024, 'a');

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    let length = 0;
    request.on('data', (chunk) => (length += chunk.length));
    request.on('end', () => response.end(String(length)));
    return;
  }
  const length = Number(request.url.slice(1));
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': length });
  if (length <= piece.length) return void response.end(piece.subarray(0, length));
  let left = length;
  const more = () => {
    while (left > 0) {
      const chunk = piece.subarray(0, Math.min(left, piece.length));
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
});
server.keepAliveTimeout = 600_000;
new WebSocketServer({ server, perMessageDeflate: false });

serve({
  start: () =>
    new Promise((resolve) =>
      server.listen(0, '127.0.0.1', 4096, () => resolve(`http://127.0.0.1:${server.address().port}/`)),
    ),
});
