/**
 * @module
 * A Bare server in a process of its own: ours, or a published one, which may crash without taking the run with it. Beside the whole
 * server it opens one port for each version, where the manifest names this version alone and the others are not found: a client
 * cannot use another one there by mistake.
 *
 * `node server-process.mjs '{"module": "…", "isOurs": true, "isGuarded": false}'`, with an IPC channel.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { module, isOurs, isGuarded = false, upstream = {} } = JSON.parse(process.argv[2]);
const directory = '/bare/';
const { createBareServer, httpServerOptions = {} } = isOurs
  ? await import(module)
  : createRequire(import.meta.url)(module);

const bare = isOurs
  ? createBareServer({ directory, connectMessageTimeout: 1000, upstream: { allowPrivate: !isGuarded, ...upstream } })
  : createBareServer(directory, {
      blockLocal: isGuarded,
      logErrors: false,
      // Its limit of ten requests a minute would end every run.
      connectionLimiter: { maxConnectionsPerIP: 1e9, windowDuration: 1, blockDuration: 1 },
    });

/** Targets of the requests so far. */
let targets = [];

function listen(version) {
  const isServed = (target) => version === null || target.startsWith(`${directory}${version}/`);
  const server = createServer(httpServerOptions, (request, response) => {
    targets.push(request.url);
    if (version !== null && request.url === directory) return sendManifest(response, version);
    if (!isServed(request.url)) return sendNotFound(request, response);
    if (bare.shouldRoute(request)) bare.routeRequest(request, response);
    else response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    targets.push(request.url);
    if (isServed(request.url) && bare.shouldRoute(request)) bare.routeUpgrade(request, socket, head);
    else socket.destroy();
  });
  if (bare.handleClientError) server.on('clientError', bare.handleClientError);
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

const sharing = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Methods': '*',
};

function sendManifest(response, version) {
  response.writeHead(200, { ...sharing, 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ versions: [version], language: 'NodeJS' }));
}

function sendNotFound(request, response) {
  if (request.method === 'OPTIONS') return void response.writeHead(200, sharing).end();
  response.writeHead(404, { ...sharing, 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ code: 'UNKNOWN', id: 'error.NotFoundError', message: 'Not served on this port.' }));
}

const ports = {};
for (const [name, version] of [
  ['all', null],
  ['v1', 'v1'],
  ['v2', 'v2'],
  ['v3', 'v3'],
])
  ports[name] = await listen(version);

process.on('message', ({ id, ask }) => {
  if (ask === 'targets') {
    process.send({ id, value: targets });
    targets = [];
  } else if (ask === 'usage') {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send({ id, value: { cpu: user + system, memory: process.memoryUsage().rss } });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ports });
