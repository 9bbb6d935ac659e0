/**
 * @module
 * Load on a server from `node:http`, which costs less than any fetch: requests as a Bare client of v3 sends them.
 */
import http from 'node:http';
import { WebSocket } from 'ws';
import { serve } from '../child.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** @param target where the request goes; `remote` makes it a Bare request */
function send({ target, remote }, onData = () => undefined) {
  return new Promise((resolve, reject) => {
    const headers = remote
      ? {
          'X-Bare-URL': remote,
          'X-Bare-Headers': JSON.stringify({
            Host: new URL(remote).host,
            Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
            'User-Agent':
              'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
            Cookie: 'session=0123456789abcdef0123456789abcdef; theme=dark',
          }),
          'Accept-Encoding': 'gzip, deflate, br',
          'Accept-Language': 'en',
        }
      : {};
    const request = http.get(target, { agent, headers }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${target} answered ${response.statusCode}.`));
      response.on('data', onData);
      response.on('end', resolve);
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

const sockets = [];

serve({
  async requests({ milliseconds, concurrency, ...request }) {
    const start = performance.now();
    const end = start + milliseconds;
    let count = 0;
    const loop = async () => {
      while (performance.now() < end) {
        await send(request);
        count++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
    return { count, rate: (count / (performance.now() - start)) * 1000 };
  },
  async latencies({ count, ...request }) {
    const times = [];
    for (let index = 0; index < count; index++) {
      const start = performance.now();
      await send(request);
      times.push(performance.now() - start);
    }
    return times;
  },
  async download(request) {
    let length = 0;
    const start = performance.now();
    await send(request, (chunk) => (length += chunk.length));
    return { megabytes: length / 1e6, rate: length / 1000 / (performance.now() - start) };
  },
  /** Opens tunnels over v3 that then are idle. */
  async idleSockets({ server, remote, count }) {
    const url = `${server.replace('http:', 'ws:')}v3/`;
    const connect = JSON.stringify({
      type: 'connect',
      remote,
      protocols: [],
      headers: { Host: new URL(remote).host },
      forwardHeaders: [],
    });
    const open = () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url, { perMessageDeflate: false });
        socket.once('open', () => socket.send(connect));
        socket.once('message', resolve);
        socket.once('error', reject);
        socket.once('close', () => reject(new Error('A tunnel was closed.')));
        sockets.push(socket);
      });
    for (let opened = 0; opened < count; opened += 50)
      await Promise.all(Array.from({ length: Math.min(50, count - opened) }, open));
  },
  closeSockets() {
    for (const socket of sockets.splice(0)) socket.terminate();
  },
});
