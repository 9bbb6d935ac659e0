/**
 * @module
 * A Bare server: ours, the published one, or the least that a relay in Node can do, which knows one remote and translates nothing.
 */
import http, { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parameter, serve } from '../child.mjs';

const { subject, module, remote } = parameter();
const directory = '/bare/';

const subjects = {
  async ours() {
    const { createBareServer, httpServerOptions } = await import(module);
    // All the load comes from one address.
    const limits = { maxConnectionsPerClient: Infinity, maxRequestsPerClient: Infinity };
    const bare = createBareServer({ directory, upstream: { allowPrivate: true }, ...limits });
    return { ...mount(bare), options: httpServerOptions };
  },
  'bare-server-node'() {
    const { createBareServer } = createRequire(import.meta.url)('@tomphttp/bare-server-node');
    // Its limit of ten requests a minute would be what is measured.
    const connectionLimiter = { maxConnectionsPerIP: 1e9, windowDuration: 1, blockDuration: 1 };
    return mount(createBareServer(directory, { blockLocal: false, connectionLimiter }));
  },
  relay() {
    const agent = new http.Agent({ keepAlive: true });
    return {
      request(request, response) {
        const { pathname, hostname, port } = new URL(request.headers['x-bare-url'] ?? remote);
        const outgoing = http.request({ agent, hostname, port, path: pathname, method: request.method }, (incoming) => {
          response.writeHead(200, incoming.headers);
          incoming.pipe(response);
        });
        request.pipe(outgoing);
      },
      upgrade: (_request, socket) => socket.destroy(),
    };
  },
};

function mount(bare) {
  return {
    request: (request, response) => bare.routeRequest(request, response),
    upgrade: (request, socket, head) => bare.routeUpgrade(request, socket, head),
  };
}

const { request, upgrade, options = {} } = await subjects[subject]();
const server = createServer(options, request);
server.on('upgrade', upgrade);
server.keepAliveTimeout = 600_000;

serve({
  start: () =>
    new Promise((resolve) =>
      server.listen(0, '127.0.0.1', 4096, () => resolve(`http://127.0.0.1:${server.address().port}${directory}`)),
    ),
});
