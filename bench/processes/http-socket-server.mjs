/**
 * @module
 * The server of the HTTP socket in front of `tcp-target.mjs`.
 */
import http from 'node:http';
import { connect } from 'node:net';
import { parameter, serve } from '../child.mjs';

const { module, target } = parameter();
const { createHttpSocketServer } = await import(module);
const sockets = createHttpSocketServer({
  path: '/socket',
  connect: () => connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }),
});
const server = http.createServer((request, response) => sockets.handle(request, response));

serve({
  start: () =>
    new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/socket`)),
    ),
});
