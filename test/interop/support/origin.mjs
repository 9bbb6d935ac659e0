/**
 * @module
 * The remote: an HTTP and WebSocket server that answers as each case tells it, and remembers what reached it.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

export async function startOrigin(host = '127.0.0.1') {
  const routes = new Map();
  const sockets = new Set();
  const upgraded = new Set();
  const unfinished = new Set();
  let count = 0;

  const answer = (request, response) => {
    const route = routes.get(pathOf(request));
    if (!route?.handle)
      return void response.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end('no such route');
    const seen = remember(route, request);
    response.on('error', () => undefined);
    unfinished.add(response);
    response.on('close', () => unfinished.delete(response));
    if (route.handle.length > 2) return void route.handle(request, response, seen);
    // Most cases care for the whole request only.
    request.on('end', () => route.handle(request, response));
  };
  const server = createServer({ maxHeaderSize: 256 * 1024, requireHostHeader: false }, answer);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setMaxListeners(0);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  // A connection that a server keeps for later must not be closed under it: not all of them try again.
  server.keepAliveTimeout = 600_000;
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024 * 1024,
    handleProtocols: () => false,
  });
  server.on('upgrade', (request, socket, head) => {
    const route = routes.get(pathOf(request));
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    if (!route) return void socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    remember(route, request);
    if (route.upgrade) return void route.upgrade(request, socket, head);
    const { open, protocol, headers = [] } = route.socket;
    const adding = (lines) => lines.push(...headers.map(([name, value]) => `${name}: ${value}`));
    webSockets.once('headers', adding);
    webSockets.options.handleProtocols = () => protocol ?? false;
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined);
      open(webSocket, request);
    });
  });
  server.listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  const authority = `${host}:${port}`;

  const addRoute = (route, scheme) => {
    const path = `/r${++count}/`;
    routes.set(path, { ...route, requests: [] });
    const url = `${scheme}://${authority}${path}`;
    return { url, path, requests: routes.get(path).requests };
  };
  return {
    port,
    url: `http://${authority}`,
    /** For another server that is to have the same routes. @returns whether it is one of them */
    answer(request, response) {
      const isOurs = routes.has(pathOf(request));
      if (isOurs) answer(request, response);
      return isOurs;
    },
    /** @param handle (request, response), called at the end of the request; with a third parameter at its beginning */
    serve: (handle) => addRoute({ handle }, 'http'),
    /** @param open (webSocket, request) */
    serveSocket: (open, options = {}) => addRoute({ socket: { open, ...options } }, 'ws'),
    /** WebSockets at a path that is served already. */
    addSocket: (path, open) => (routes.get(path).socket = { open }),
    /** @param upgrade (request, socket, head): the handshake is the case's own */
    serveUpgrade: (upgrade) => addRoute({ upgrade }, 'ws'),
    /** Forgets the routes and ends what is still open, as gently as it can. */
    reset() {
      routes.clear();
      for (const response of unfinished) response.end();
      for (const socket of upgraded) socket.destroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The first segment decides, so that a case may use paths and queries below its own. */
function pathOf({ url }) {
  return /^\/[^/?]*\/?/.exec(url)?.[0] ?? url;
}

/** Keeps a request; `body` grows while it arrives, `closed` resolves with the time when its connection or exchange has ended. */
function remember(route, request) {
  const seen = {
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    headers: pairs(request.rawHeaders),
    body: Buffer.alloc(0),
    isComplete: false,
    at: performance.now(),
  };
  seen.closed = new Promise((resolve) => request.socket.once('close', () => resolve(performance.now())));
  if (!route.isUnread) {
    request.on('data', (chunk) => (seen.body = seen.body.length > 1e6 ? seen.body : Buffer.concat([seen.body, chunk])));
    request.on('end', () => (seen.isComplete = true));
    request.on('error', () => undefined);
  }
  route.requests.push(seen);
  return seen;
}

export function pairs(rawHeaders) {
  const list = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) list.push([rawHeaders[index], rawHeaders[index + 1]]);
  return list;
}
