/**
 * @module
 * Remotes that fail, and how a caller learns it: by the specification's code, and never as the remote's answer.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import path from 'node:path';
import { once } from 'node:events';

const certificates = path.join(import.meta.dirname, '../../support/certificates');

/** A remote that is no HTTP server; `act` has each connection. */
async function withRemote(cell, act, use, create = (listener) => createServer(listener)) {
  const sockets = new Set();
  const server = create((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    act(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(server.address().port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const failure = (id, code, observe, more = {}) => ({
  id: `failure/${id}`,
  row: 'a remote that fails has a code',
  observe,
  expect(answer) {
    assert.ok(answer.error, `answered ${answer.status}`);
    assert.equal(answer.error.code, code);
  },
  ...more,
});

export const failureCases = [
  failure('refused', 'CONNECTION_REFUSED', async (cell) => {
    const port = await withRemote(
      cell,
      () => undefined,
      (port) => port,
    );
    return cell.fetch({ url: `http://127.0.0.1:${port}/` });
  }),
  failure('no such host', 'HOST_NOT_FOUND', (cell) => cell.fetch({ url: 'http://no-such-host.invalid/' })),
  failure('reset before the head', 'CONNECTION_RESET', (cell) =>
    withRemote(
      cell,
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      (port) => cell.fetch({ url: `http://127.0.0.1:${port}/` }),
    ),
  ),
  failure('not HTTP', 'IMPL_INVALID_RESPONSE', (cell) =>
    withRemote(
      cell,
      (socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
      (port) => cell.fetch({ url: `http://127.0.0.1:${port}/` }),
    ),
  ),
  failure('bad certificate', 'IMPL_TLS_ERROR', (cell) =>
    withRemote(
      cell,
      (socket) => socket.end(),
      (port) => cell.fetch({ url: `https://localhost:${port}/` }),
      (listener) =>
        createTlsServer(
          {
            key: readFileSync(path.join(certificates, 'untrusted.key.pem')),
            cert: readFileSync(path.join(certificates, 'untrusted.pem')),
          },
          listener,
        ),
    ),
  ),
  {
    id: 'failure/broken off in the body',
    row: 'a remote that breaks off in the body',
    // A crash takes the server along: each cell has its own.
    isOwnServer: true,
    async observe(cell) {
      const answer = await withRemote(
        cell,
        (socket) =>
          socket.once('data', () => {
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst');
            setTimeout(() => socket.resetAndDestroy(), 100);
          }),
        (port) => cell.fetch({ url: `http://127.0.0.1:${port}/` }),
      );
      const route = cell.origin.serve((_request, response) => response.end('alive'));
      const next = await cell.fetch({ url: route.url });
      return { answer, next, isAlive: cell.server.isAlive };
    },
    expect({ answer, next, isAlive }) {
      assert.equal(answer.status, 200);
      assert.ok(answer.error, 'a cut body looks complete');
      assert.ok(isAlive, 'the server has crashed');
      assert.equal(next.text, 'alive');
    },
  },
  {
    id: 'failure/never answers',
    row: 'a remote that never answers',
    limit: 12_000,
    serverOptions: { upstream: { headersTimeout: 500 } },
    async observe(cell) {
      const route = cell.origin.serve(() => undefined);
      return cell.fetch({ url: route.url, abort: 4000 });
    },
    expect(answer) {
      assert.equal(answer.error?.code, 'CONNECTION_TIMEOUT');
    },
  },
];
