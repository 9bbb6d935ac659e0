import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBareServer } from '../../bare-server/src/index.js';
import { findBrowser } from '../../../scripts/find-browser.mjs';

/** The packages as npm would install them: packed, and unpacked into a folder of their own. */
let folder: string;
let installed: string;
const root = path.join(import.meta.dirname, '../../..');

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'culvert-package-'));
  for (const name of ['bare-client', 'bare-protocol']) {
    const directory = path.join(root, 'packages', name);
    // `prepack` builds both.
    const output = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [{ filename }] = JSON.parse(output.slice(output.indexOf('['))) as [{ filename: string }];
    const target = path.join(folder, 'node_modules/@culvert', name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['xzf', path.join(folder, filename), '-C', target, '--strip-components', '1']);
  }
  installed = path.join(folder, 'node_modules/@culvert/bare-client');
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script in a process that knows nothing but the packed packages. */
function runNode(name: string, script: string): unknown {
  writeFileSync(path.join(folder, name), script);
  return JSON.parse(execFileSync(process.execPath, [path.join(folder, name)], { encoding: 'utf8' }));
}

const kinds = ['function', 'function', 'function', 'function', 'function'];

it('is loaded by import', () => {
  const script = `
    import { BareClient, BareError, BareWebSocket, createBareClient, fetchManifest } from '@culvert/bare-client';
    import BareTransport, { fromTransport } from '@culvert/bare-client/transport';
    const error = await createBareClient('http://127.0.0.1:1/').fetch('http://a/').catch((error) => error);
    const kinds = [BareClient, BareWebSocket, fetchManifest, BareTransport, fromTransport].map((value) => typeof value);
    console.log(JSON.stringify([kinds, error instanceof BareError, error.code]));`;
  expect(runNode('import.mjs', script)).toEqual([kinds, true, 'IMPL_SERVER_UNREACHABLE']);
});

it('is loaded by require()', () => {
  const script = `
    const { BareClient, BareError, BareWebSocket, createBareClient, fetchManifest } = require('@culvert/bare-client');
    const { default: BareTransport, fromTransport } = require('@culvert/bare-client/transport');
    const kinds = [BareClient, BareWebSocket, fetchManifest, BareTransport, fromTransport].map((value) => typeof value);
    createBareClient('http://127.0.0.1:1/').fetch('http://a/').catch((error) =>
      console.log(JSON.stringify([kinds, error instanceof BareError, error.code])));`;
  expect(runNode('require.cjs', script)).toEqual([kinds, true, 'IMPL_SERVER_UNREACHABLE']);
});

it('is found by what resolves packages without running them', () => {
  const require = createRequire(path.join(folder, 'x.js'));
  for (const name of ['@culvert/bare-client', '@culvert/bare-client/transport', '@culvert/bare-client/package.json']) {
    expect(require.resolve(name)).toContain(folder);
  }
  const { main, types, exports } = require('@culvert/bare-client/package.json') as {
    main: string;
    types: string;
    exports: Record<string, string | Record<string, string | Record<string, string>>>;
  };
  const files = Object.entries(exports).flatMap(([name, entry]) =>
    name.includes('*')
      ? []
      : typeof entry === 'string'
        ? [entry]
        : Object.values(entry).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target))),
  );
  for (const file of [main, types, ...files]) expect(() => readFileSync(path.join(installed, file))).not.toThrow();
});

it.each(['bare-client.umd.cjs', 'bare-client.iife.js'])(
  'gives a script without modules the global bare: %s',
  (file) => {
    const context = vm.createContext({ EventTarget, URL, Set, Map, globalName: null });
    vm.runInContext(readFileSync(path.join(installed, 'dist/bundle', file), 'utf8'), context);
    expect(vm.runInContext('typeof bare.BareClient + typeof bare.createBareClient', context)).toBe('functionfunction');
  },
);

it.each(['bare-client.umd.cjs', 'bare-client.iife.js'])('is smaller than 12 kB: %s', (file) => {
  const bytes = gzipSync(readFileSync(path.join(installed, 'dist/bundle', file)), { level: 9 }).length;
  expect(bytes).toBeLessThan(12_000);
});

it('needs nothing but bare-protocol', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  expect(Object.keys(dependencies)).toEqual(['@culvert/bare-protocol']);
  for (const file of ['bare-client.js', 'transport.js']) {
    expect(readFileSync(path.join(installed, 'dist/bundle', file), 'utf8')).not.toMatch(/\b(?:from|import)\s*["']/);
  }
});

const browserPath = findBrowser('chromium');

it.skipIf(browserPath === undefined)(
  'fetches in Chromium when loaded by <script>, importScripts() and import',
  async () => {
    const bare = createBareServer({ upstream: { allowPrivate: true } });
    const answers: Record<string, [type: string, body: string]> = {
      '/': ['text/html', '<script src="/bare-client.iife.js"></script>'],
      '/remote': ['text/plain', 'remote'],
      '/classic.js': [
        'text/javascript',
        'importScripts("/bare-client.iife.js"); onmessage = async ({ data }) => postMessage(await (await new bare.BareClient("/bare/").fetch(data)).text())',
      ],
      '/module.js': [
        'text/javascript',
        'import { BareClient } from "/bare-client.js"; import BareTransport from "/transport.js"; onmessage = async ({ data }) => { const { status } = await new BareTransport("/bare/").request(new URL(data), "GET", null, []); postMessage(await (await new BareClient("/bare/").fetch(data)).text() + status) }',
      ],
    };
    for (const file of ['bare-client.iife.js', 'bare-client.js', 'transport.js']) {
      answers[`/${file}`] = ['text/javascript', readFileSync(path.join(installed, 'dist/bundle', file), 'utf8')];
    }
    const server = http.createServer((request, response) => {
      if (bare.shouldRoute(request)) return bare.routeRequest(request, response);
      const [type, body] = answers[request.url!] ?? ['text/plain', ''];
      response.writeHead(200, { 'Content-Type': type }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(origin);
      const results = await page.evaluate(async () => {
        const { BareClient, BareError, BareWebSocket } = (globalThis as any).bare;
        const client = new BareClient('/bare/');
        const remote = new URL('/remote', location.href).href;
        const inWorker = (script: string, options: WorkerOptions) =>
          new Promise((resolve) => {
            const worker = new Worker(script, options);
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = ({ message }) => resolve(message);
            worker.postMessage(remote);
          });
        const error = await client.fetch('http://does-not-exist.invalid/').catch((reason: unknown) => reason);
        const socket = client.createWebSocket('ws://127.0.0.1:1/');
        socket.close();
        return [
          await (await client.fetch(remote)).text(),
          await inWorker('/classic.js', {}),
          await inWorker('/module.js', { type: 'module' }),
          error instanceof BareError && (error as { code: string }).code,
          socket instanceof WebSocket && socket instanceof BareWebSocket,
        ];
      });
      expect(results).toEqual(['remote', 'remote', 'remote200', 'HOST_NOT_FOUND', true]);
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
      bare.close();
    }
  },
  30_000,
);
