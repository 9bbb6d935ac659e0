/** @module A browser whose Bare server is behind NAT: `culvert join --bare` on a relay, which is `culvert serve --relay`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import WebSocket, { type WebSocketServer } from 'ws';
import { findFreePort, runCulvert } from '../support/culvert-command.js';
import { routeTo } from '../support/culvert.js';
import { expect, test } from '../support/proxied-page.js';

// The sites of the tests bring an older ws, which has the class by this name alone.
const { Server } = WebSocket as unknown as { Server: typeof WebSocketServer };

/** A page with a request and a WebSocket of its own, under a name that only the device knows an address for. */
async function startSite() {
  const server = createServer((request, response) => {
    if (request.url === '/') {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>shop</title><h1>Behind NAT</h1>');
    } else {
      response.end(`answer to ${request.url}`);
    }
  });
  const sockets = new Server({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://shop.example:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const fetchText = (page: Page, path: string) =>
  page.evaluate((url) => (0, eval)(`fetch('${url}').then((response) => response.text())`) as Promise<string>, path);

/** What comes back for a message over a WebSocket of the page, or `error`. */
const askSocket = (page: Page) =>
  page.evaluate(
    () =>
      (0, eval)(`new Promise((resolve) => {
        const socket = new WebSocket(location.origin.replace('http', 'ws'));
        socket.onopen = () => socket.send('hello');
        socket.onmessage = ({ data }) => { resolve(data); socket.close(); };
        socket.onerror = () => resolve('error');
      })`) as Promise<string>,
  );

test('a browser uses a Bare server behind NAT by the URL of its relay, also after both were killed', async ({
  directBrowser,
}) => {
  const [port, clientPort] = [await findFreePort(), await findFreePort()];
  const startRelay = () =>
    runCulvert('serve', '--port', `${port}`, '--relay', 'secret:home.test', '--relay-port', `${clientPort}`);
  const startDevice = () =>
    runCulvert(
      ...['join', `ws://127.0.0.1:${port}`, '--token', 'secret', '--bare'],
      ...['--resolve', '*:*:127.0.0.1', '--allow-private'],
    );
  const joined = /Joined .* as home\.test\.[^]*http:\/\/home\.test:<port>\/bare\//;

  const site = await startSite();
  const host = runCulvert('serve', '--port', '0', '--bare-server', `http://home.test:${clientPort}/bare/`);
  let relay = startRelay();
  await relay.printed(/come to port/);
  let device = startDevice();
  const context = await directBrowser.newContext();
  try {
    await device.printed(joined);
    const [, origin = ''] = await host.printed(/Culvert is at (\S+)\//);
    const page = await context.newPage();
    await page.goto(routeTo(origin, `${site.origin}/`));
    await expect(page.locator('h1')).toHaveText('Behind NAT');
    expect(await fetchText(page, '/first')).toBe('answer to /first');
    expect(await askSocket(page)).toBe('echo hello');

    await device.kill();
    await relay.printed(/home\.test is away/);
    device = startDevice();
    await device.printed(joined);
    expect(await fetchText(page, '/second')).toBe('answer to /second');

    await relay.kill();
    await device.printed(/No tunnel to/);
    relay = startRelay();
    // The device comes back by itself.
    await relay.printed(/home\.test has joined/);
    expect(await fetchText(page, '/third')).toBe('answer to /third');
    expect(await askSocket(page)).toBe('echo hello');
    await page.reload();
    await expect(page.locator('h1')).toHaveText('Behind NAT');
  } finally {
    await context.close();
    await device.kill();
    await relay.kill();
    await host.kill();
    site.close();
  }
});
