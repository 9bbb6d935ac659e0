/** @module Sites through transports of others over a Wisp server: loaded, live, and with WebSockets of their own. */
import { expect } from '@playwright/test';
import { WebSocketServer } from 'ws';
import { allSites } from '../sites/all-sites.js';
import { startVite } from '../sites/vite.js';
import { startSiteInProcess } from '../support/site.js';
import { startFrontServer } from './front-server.js';
import { choose, open, test, transportNames } from './transport-test.js';

for (const name of transportNames) {
  for (const [siteName, siteToOpen] of Object.entries(allSites)) {
    test(`${name} opens ${siteName}`, async ({ page, keep, wisp }) => {
      const opened = wisp.connections;
      const site = await keep(siteToOpen.start().then(startFrontServer));
      await choose(page, name);
      const frame = await open(page, site.origin + siteToOpen.path);
      const { selector, text } = siteToOpen.shows;
      await expect(frame.locator(selector).filter({ hasText: text }).first()).toBeVisible();
      expect(wisp.connections).toBeGreaterThan(opened);
    });
  }

  test(`${name} carries an edit to a page in place`, async ({ page, keep }) => {
    const vite = await startVite();
    const site = await keep(startFrontServer(vite));
    await choose(page, name);
    const frame = await open(page, `${site.origin}/react/`);
    const counter = frame.getByRole('button', { name: 'Counted' });
    await counter.click();
    const counted = await counter.innerText();
    await vite.edit('react/App.jsx', 'Tides as first written', 'Tides as edited on disk');
    await expect(frame.getByRole('heading', { name: 'Tides as edited on disk' })).toBeVisible();
    await expect(counter).toHaveText(counted);
  });

  test(`${name} carries text and bytes over a WebSocket, and its end`, async ({ page, keep }) => {
    const sockets = new WebSocketServer({ noServer: true });
    const handshakes: string[] = [];
    const echo = await startSiteInProcess(
      'echo.test',
      (_request, response) => response.setHeader('content-type', 'text/html').end('<h1>Echo</h1>'),
      (request, socket) => {
        handshakes.push(
          request.rawHeaders
            .filter((_, index) => index % 2 === 0)
            .join(' ')
            .toLowerCase(),
        );
        sockets.handleUpgrade(request, socket, Buffer.alloc(0), (webSocket) => {
          webSocket.send('early');
          webSocket.on('message', (data, isBinary) => {
            if (String(data) === 'end') webSocket.close(4002, 'ended');
            else webSocket.send(data, { binary: isBinary });
          });
        });
      },
    );
    const site = await keep(startFrontServer(echo));
    await choose(page, name);
    await expect((await open(page, `${site.origin}/`)).getByRole('heading', { name: 'Echo' })).toBeVisible();
    const received = await page
      .frames()
      .find((frame) => frame.url().includes('echo.test'))!
      .evaluate(
        () =>
          new Promise((resolve) => {
            const messages: unknown[] = [];
            const socket = new WebSocket(`ws://${location.host}/echo`);
            socket.binaryType = 'arraybuffer';
            socket.onopen = () => {
              socket.send('text');
              socket.send(Uint8Array.of(1, 2, 255));
              socket.send('end');
            };
            socket.onmessage = ({ data }) => messages.push(typeof data === 'string' ? data : [...new Uint8Array(data)]);
            socket.onclose = ({ code }) => resolve([...messages, code >= 1000]);
          }),
      );
    expect(received).toEqual(['early', 'text', [1, 2, 255], true]);
    // Written once: by the transport, or for it.
    for (const header of ['host', 'connection', 'upgrade', 'sec-websocket-key', 'origin']) {
      expect(handshakes[0]!.split(' ').filter((name) => name === header)).toHaveLength(1);
    }
  });
}
