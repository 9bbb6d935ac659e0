/** @module Bodies through transports of others: shown before they end, stopped when nobody reads them; and where TLS ends. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startSiteInProcess } from '../support/site.js';
import { choose, open, test, transportNames } from './transport-test.js';

const streamed = async () => {
  const running: ServerResponse[] = [];
  let stopped = 0;
  const site = await startSiteInProcess('river.test', (request, response) => {
    response.setHeader(
      'content-type',
      request.url === '/bytes' ? 'application/octet-stream' : 'text/html; charset=utf-8',
    );
    if (request.url === '/favicon.ico') return void response.writeHead(404).end();
    running.push(response);
    response.on('close', () => {
      if (!response.writableEnded) stopped++;
    });
    response.write(request.url === '/bytes' ? Buffer.alloc(1000) : '<!doctype html><p id="first">Spring</p>');
  });
  return {
    ...site,
    get last() {
      return running.at(-1)!;
    },
    get stopped() {
      return stopped;
    },
  };
};

const proxied = (page: Page) => page.frames().find((frame) => frame.url().includes('/service/'))!;

for (const name of transportNames) {
  test(`${name} shows a page before its body ends`, async ({ page, keep }) => {
    const site = await keep(streamed());
    await choose(page, name);
    const frame = await open(page, `${site.origin}/`);
    await expect(frame.locator('#first')).toHaveText('Spring');
    site.last.end('<p id="last">Delta</p>');
    await expect(frame.locator('#last')).toHaveText('Delta');
  });

  test(`${name} stops what a page aborts, and goes on`, async ({ page, keep }) => {
    const site = await keep(streamed());
    await choose(page, name);
    const frame = await open(page, `${site.origin}/`);
    await expect(frame.locator('#first')).toBeVisible();
    site.last.end();
    const outcome = await proxied(page).evaluate(async () => {
      const controller = new AbortController();
      const { body } = await fetch('/bytes', { signal: controller.signal });
      const reader = body!.getReader();
      const { value } = await reader.read();
      controller.abort();
      return [value!.length, await reader.read().catch((error) => error.name)];
    });
    expect(outcome).toEqual([1000, 'AbortError']);
    // epoxy keeps a connection whose body nobody reads; what comes after has one of its own.
    if (name !== 'epoxy') await expect.poll(() => site.stopped).toBe(1);
    const next = proxied(page).evaluate(async () => (await fetch('/next')).text());
    await expect.poll(() => site.last.req.url).toBe('/next');
    site.last.end('went on');
    expect(await next).toContain('went on');
  });

  test(`${name} ends TLS in the browser: the certificate of a site is checked there`, async ({ page, keep }) => {
    const read = (file: string) => readFileSync(path.join(import.meta.dirname, '../support/certificates', file));
    const greetings: string[] = [];
    const server = createServer({
      key: read('untrusted.key.pem'),
      cert: read('untrusted.pem'),
      SNICallback(serverName, done) {
        greetings.push(serverName);
        done(null);
      },
    });
    const requests: string[] = [];
    server.on('secureConnection', (socket) => socket.on('data', (data) => requests.push(String(data))));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await keep(Promise.resolve({ close: async () => void server.close() }));
    await choose(page, name);
    const frame = await open(page, `https://vault.test:${(server.address() as AddressInfo).port}/`);
    await expect(frame.getByRole('heading')).toHaveText('The transport could not load this page');
    await expect(frame.locator('small')).toContainText(/certificate/i);
    // The site was greeted by what is in the browser; nobody has put a request on the wire.
    expect(greetings).toContain('vault.test');
    expect(requests).toEqual([]);
  });
}
