import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { KeyLogFile } from '@culvert/http2-describe';
import { afterEach, expect, it } from 'vitest';
import { certificate, privateKey } from '../support/certificates/secure-test.ts';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { expectAgreement } from './support/agree.mjs';
import { startChain } from './support/chain.mjs';
import { startHttp2Server } from './support/servers.mjs';

const cleanups = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

/** Opens the server's page, which fetches, posts and talks over a WebSocket. */
async function openPage(port, env = {}) {
  const browser = await chromium.launch({
    executablePath: findBrowser('chromium'),
    args: ['--ignore-certificate-errors', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, ...env },
  });
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    await page.goto(`https://127.0.0.1:${port}/page`);
    await page.waitForFunction(() => document.title.startsWith('done'));
    return await page.title();
  } finally {
    await browser.close();
  }
}

const expectedTitle = 'done 300000 5 50000 hello over HTTP/2';

function expectWebSocketIn(records) {
  const frames = records.flatMap(({ webSocketFrames = [] }) => webSocketFrames);
  const texts = frames.filter(({ opcode }) => opcode === 'TEXT');
  expect(texts.map(({ message }) => message)).toEqual(['hello over HTTP/2', 'hello over HTTP/2']);
  expect(frames.find(({ closeCode }) => closeCode !== undefined)).toMatchObject({
    closeCode: 1000,
    closeReason: 'done',
  });
}

it('agrees with tshark on Chromium, TLS ended here, with a WebSocket over HTTP/2', async () => {
  const server = await startHttp2Server();
  cleanups.push(() => server.close());
  const chain = await startChain(server.port, { tls: { cert: certificate, key: privateKey } });
  expect(await openPage(chain.port)).toBe(expectedTitle);
  const told = await chain.finish();
  const { errors } = expectAgreement(told, { capture: 'after', passesBytes: false });
  expect(errors).toEqual([]);
  expectWebSocketIn(told.records);
});

it('agrees with tshark on Chromium, TLS passing, read with the key log that Chromium writes', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'culvert-describe-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  const keyLogFile = path.join(directory, 'keys');
  const server = await startHttp2Server({ isSecure: true });
  cleanups.push(() => server.close());
  const chain = await startChain(server.port, { tlsSecrets: new KeyLogFile(keyLogFile) });
  expect(await openPage(chain.port, { SSLKEYLOGFILE: keyLogFile })).toBe(expectedTitle);
  const told = await chain.finish();
  const { errors } = expectAgreement(told, { protocol: 'tls', keyLogFile });
  expect(errors).toEqual([]);
  expectWebSocketIn(told.records);
});
