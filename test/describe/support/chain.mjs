/**
 * @module
 * A client's way to a server: a recorder, the describing proxy, another recorder. What came out of the proxy has to be what
 * went in; what the second recorder saw is what tshark is asked about.
 */
import net from 'node:net';
import { createDescribingProxy } from '@culvert/http2-describe';

/**
 * @param {number} serverPort
 * @param {import('@culvert/http2-describe').DescribingProxyOptions} [options]
 */
export async function startChain(serverPort, options = {}) {
  let text = '';
  const after = new Recorder(serverPort);
  await after.listen();
  const proxy = createDescribingProxy({
    serverHost: '127.0.0.1',
    serverPort: after.port,
    proxyHost: '127.0.0.1',
    proxyPort: 0,
    format: 'json',
    ...options,
    write: (more) => (text += more),
  });
  const before = new Recorder(await proxy.listen());
  await before.listen();
  return {
    port: before.port,
    before,
    after,
    /** Ends when every connection has: the proxy has then told all that there is to tell. */
    async finish() {
      await Promise.all([before.idle(), after.idle()]);
      await waitFor(() => count(text, '"event":"done"') === 2 * count(text, '"event":"accepted"'));
      await Promise.all([before.close(), after.close(), proxy.close()]);
      const records = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      return { records, before: before.chunks, after: after.chunks };
    },
  };
}

const count = (text, part) => text.split(part).length - 1;

async function waitFor(condition) {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('Failed to wait for the describer to finish.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Passes connections on and keeps what passed, in order. Connections are known by the port that they come from. */
class Recorder {
  chunks = [];
  #open = new Set();

  constructor(targetPort) {
    this.server = net.createServer({ allowHalfOpen: true }, (near) => this.#accept(near, targetPort));
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  #accept(near, targetPort) {
    const clientPort = near.remotePort;
    const far = net.connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    }
    this.#pass(near, far, 'client', clientPort);
    this.#pass(far, near, 'server', clientPort);
  }

  #pass(from, to, direction, clientPort) {
    from.on('data', (bytes) => {
      this.chunks.push({ clientPort, direction, bytes });
      to.write(bytes);
    });
    from.on('end', () => to.end());
    // Programs like h2load cut their connections.
    from.on('error', () => to.destroy());
    from.on('close', () => to.end());
  }

  async idle() {
    await waitFor(() => this.#open.size === 0);
  }

  close() {
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
