/**
 * @module
 * The program of workers.test.ts: `node workers.test-process.mjs <the package, bundled>`. Says its URL when it serves.
 */
import cluster from 'node:cluster';
import http from 'node:http';

const { createBareServer, httpServerOptions, runWorkers } = await import(process.argv[2]);

// The workers share a socket, so they all tell the same port.
let port = 0;
cluster.on('message', (_worker, message) => (port = message.port ?? port));

const log = ({ event, message }) => event === 'shutdown' && console.log(message);

const workers = await runWorkers({
  count: 2,
  restartDelay: 10,
  async start(context) {
    const bare = createBareServer({ ...context, upstream: { allowPrivate: true }, log });
    const server = http.createServer(httpServerOptions, (request, response) => {
      if (request.url === '/pid') response.end(String(process.pid));
      else if (request.url === '/die') process.exit(7);
      else bare.routeRequest(request, response);
    });
    server.on('upgrade', bare.routeUpgrade);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    cluster.worker.send({ port: server.address().port });
    return {
      metrics: () => bare.metrics(),
      async close() {
        server.close();
        await bare.close({ drainTimeout: 5000 });
        server.closeAllConnections();
      },
    };
  },
  onWorkerDeath: (message) => console.log(message),
});

// Only the primary process comes here.
process.on('SIGTERM', async () => {
  await workers.close();
  process.exit(0);
});
console.log(`ready ${port}`);
