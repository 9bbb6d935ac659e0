/**
 * The port that the clients speak to. It answers every request with what it was asked, and echoes WebSockets; a second one forwards
 * tunnels and proxy requests.
 */
import { createServer, keepSelfSignedCertificate } from '../../packages/bare-server/dist/index.js';
// The Bare server's own: test/ has another version, of its sites.
import { WebSocketServer } from '../../node_modules/ws/wrapper.mjs';

export async function startWirePort(folder) {
  const { cert, key, certFile } = keepSelfSignedCertificate(folder, ['localhost', '127.0.0.1', 'site.test']);
  const webSockets = new WebSocketServer({ noServer: true });
  const options = {
    tls: { cert, key },
    bare: { upstream: { allowPrivate: true } },
    async request(request, response, { url, form, connection }) {
      let length = 0;
      request.on('data', (chunk) => (length += chunk.length));
      request.on('end', () => {
        const told = { url: url.href, form, version: request.httpVersion, layers: connection.layers, length };
        const isPage = request.headers.accept?.startsWith('text/html');
        response.writeHead(200, { 'content-type': isPage ? 'text/html' : 'application/json' });
        response.end(`${isPage ? '<!doctype html><title>port</title><pre>' : ''}${JSON.stringify(told)}\n`);
      });
    },
    upgrade(request, socket, head, { connection }) {
      webSockets.handleUpgrade(request, socket, head, (client) => {
        client.on('message', (data) => client.send(`${connection.layers.join(' ')} ${request.httpVersion} ${data}`));
      });
    },
  };
  const [server, forwarding] = [createServer(options), createServer({ ...options, tunnels: 'forward' })];
  const where = { host: '127.0.0.1', port: 0 };
  const [own, proxy] = [await server.listen(where), await forwarding.listen(where)];
  return {
    authority: `localhost:${own.port}`,
    proxyAuthority: `localhost:${proxy.port}`,
    certFile,
    close: () => Promise.all([server.close(), forwarding.close()]),
  };
}
