import tls from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { receive, send } from './byte-source.test-support.js';
import { certificate, privateKey } from './certificate.test-support.js';
import { startSocketServer } from './local-servers.test-support.js';
import { hasNginx, startNginx } from './nginx.test-support.js';
import { connectHttpSocket } from './node/index.js';
import { createDuplexPair } from './server/index.js';

const megabytes = Number(process.env.HTTP_SOCKET_MEGABYTES ?? 20);

it.skipIf(!hasNginx)(
  `carries TLS with ${megabytes} MB each way through nginx that buffers requests and answers`,
  { timeout: 600_000 },
  async () => {
    const length = megabytes * 1_000_000;
    const far: Promise<unknown>[] = [];
    const { port } = await startSocketServer({
      connect: () => {
        const [ours, theirs] = createDuplexPair();
        const secure = new tls.TLSSocket(theirs, { isServer: true, key: privateKey, cert: certificate });
        far.push(receive(secure), send(secure, length, 1));
        return ours;
      },
    });
    const nginxPort = await startNginx(port);
    const socket = connectHttpSocket(`http://127.0.0.1:${nginxPort}/socket`, { allowHalfOpen: true });
    const secure = tls.connect({ socket, ca: certificate, servername: 'socket.test' });
    onTestFinished(() => void secure.destroy());
    const started = Date.now();
    const [sent, received] = await Promise.all([send(secure, length, 2), receive(secure)]);
    const [farReceived, farSent] = await Promise.all(far);
    console.log(`${megabytes} MB each way through nginx in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    expect(received).toEqual({ length, hash: farSent });
    expect(farReceived).toEqual({ length, hash: sent });
  },
);
