/** @module The script tag on a static site: that it works wherever it is put, and what it says where it cannot. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import { launchChromium } from '../support/browsers.js';
import { startCulvert, type Culvert } from '../support/culvert.js';
import { culvertFiles, startStaticHost, type HostedFile, type StaticHost } from './static-host.js';

interface Fixtures {
  context: BrowserContext;
  page: Page;
  /** A static host with Culvert's files at its root and nothing else. */
  host: StaticHost;
}

interface WorkerFixtures {
  chromium: Awaited<ReturnType<typeof launchChromium>>;
  /** Only its Bare server is used, at another origin than the site's. */
  culvert: Culvert;
}

const test = base.extend<Fixtures, WorkerFixtures>({
  chromium: [
    async ({}, use) => {
      const chromium = await launchChromium('MAP *.test 127.0.0.1, EXCLUDE localhost');
      await use(chromium);
      await chromium.close();
    },
    { scope: 'worker' },
  ],
  culvert: [
    async ({}, use) => {
      const culvert = await startCulvert(['--allow-private']);
      await use(culvert);
      await culvert.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  context: async ({ chromium }, use) => {
    const context = await chromium.newContext();
    await use(context);
    await context.close();
  },
  page: async ({ context }, use) => use(await context.newPage()),
  host: async ({}, use) => {
    const host = await startStaticHost(culvertFiles());
    await use(host);
    await host.close();
  },
});

const html = (body: string): HostedFile => ({ text: `<!doctype html><title>Site</title>${body}` });

/** What is opened through the proxy: on the same host, which is any other to the proxy. */
const remote = html('<h1>Remote</h1><script>document.body.append(location.href)</script>');

async function expectRemote(page: Page, url: string): Promise<void> {
  await expect(page.getByRole('heading')).toHaveText('Remote');
  await expect(page.locator('body')).toContainText(url);
}

for (const folder of ['/', '/tools/proxy/']) {
  test(`opens a marked link from ${folder}`, async ({ page, culvert }) => {
    const files = culvertFiles(folder);
    const host = await startStaticHost(files);
    const remoteUrl = `${host.origin}/remote.html`;
    files.set('/remote.html', remote);
    files.set(
      folder,
      html(
        `<script src="culvert.js" data-bare="${culvert.origin}/bare/"></script><a href="${remoteUrl}" data-culvert>go</a>`,
      ),
    );
    await page.goto(host.origin + folder);
    await page.getByRole('link').click();
    await page.waitForURL(`${host.origin}${folder}service/html/**`);
    await expectRemote(page, remoteUrl);
    await host.close();
  });
}

test('opens pages in a frame, with several Bare servers of which one answers', async ({ page, host, culvert }) => {
  const remoteUrl = `${host.origin}/remote.html`;
  host.files.set('/remote.html', remote);
  const servers = `http://localhost:1/ ${culvert.origin}/bare/`;
  host.files.set('/', html(`<script src="culvert.js" data-bare="${servers}"></script><iframe title="shown"></iframe>`));
  await page.goto(host.origin);
  await page.evaluate(async (url) => {
    const { createFrame } = (globalThis as any).culvert;
    (await createFrame(document.querySelector('iframe'))).go(url);
  }, remoteUrl);
  await expect(page.frameLocator('iframe[title=shown]').getByRole('heading')).toHaveText('Remote');
});

test('takes a function for the Bare server, and a codec, from the configuration file', async ({
  page,
  host,
  culvert,
}) => {
  const remoteUrl = `${host.origin}/remote.html`;
  host.files.set('/remote.html', remote);
  host.files.set('/culvert.config.js', {
    text: `self.culvertConfig = { codec: 'base64url', bareServer: async (url, attempt) => attempt === 0 ? 'http://localhost:1/' : '${culvert.origin}/bare/?for=' + url.host };`,
  });
  host.files.set(
    '/',
    html(
      `<script src="culvert.js" data-config="culvert.config.js"></script><a href="${remoteUrl}" data-culvert>go</a>`,
    ),
  );
  await page.goto(host.origin);
  await page.getByRole('link').click();
  await page.waitForURL(`${host.origin}/service/html/**`);
  expect(page.url()).not.toContain('%3A');
  await expectRemote(page, remoteUrl);
});

/** What is wrong, what the page then says, and the code of it. */
const faults: Record<string, { code: string; says: RegExp; tag?: string; arrange?(host: StaticHost): void }> = {
  'a scope above the worker': {
    code: 'WORKER_SCOPE_NOT_ALLOWED',
    says: /Service-Worker-Allowed: \/above\//,
    tag: 'src="/sub/culvert.js" data-scope="/above/"',
  },
  'a worker that is served as text/plain': {
    code: 'WORKER_SCRIPT_WRONG_TYPE',
    says: /must send text\/javascript/,
    arrange: ({ files }) => files.set('/culvert.sw.js', { ...files.get('/culvert.sw.js')!, type: 'text/plain' }),
  },
  'a worker that is missing': {
    code: 'WORKER_SCRIPT_UNAVAILABLE',
    says: /answered 404/,
    arrange: ({ files }) => files.delete('/culvert.sw.js'),
  },
  'a runtime that a bundler has renamed': {
    code: 'RUNTIME_UNAVAILABLE',
    says: /must stand beside the worker under this name/,
    arrange: ({ files }) => files.delete('/culvert.runtime.js'),
  },
  'an old runtime with a new worker': {
    code: 'VERSION_MISMATCH',
    says: /culvert\.runtime\.js is 0\.0\.1/,
    arrange: ({ files }) =>
      files.set('/culvert.runtime.js', {
        text: '/*! culvert.runtime.js 0.0.1 */\nself.culvertRuntime = function () {};',
      }),
  },
  'an old worker that a host holds back': {
    code: 'VERSION_MISMATCH',
    says: /no cache/,
    arrange: ({ files }) =>
      files.set('/culvert.sw.js', {
        text: '/*! culvert.sw.js 0.0.1 */\nonmessage = ({ ports: [port] }) => port.postMessage({ culvert: "version", version: "0.0.1" });',
      }),
  },
  'a configuration that is missing': {
    code: 'CONFIG_UNAVAILABLE',
    says: /data-config names/,
    tag: 'src="culvert.js" data-config="culvert.config.js"',
  },
  'a Bare server that is not there': {
    code: 'BARE_SERVER_UNREACHABLE',
    says: /npx culvert serve/,
    tag: 'src="culvert.js" data-bare="http://localhost:1/"',
  },
  'something else in the place of the Bare server': {
    code: 'NOT_A_BARE_SERVER',
    says: /not with the manifest of a Bare server/,
    tag: 'src="culvert.js" data-bare="/page.html"',
    arrange: ({ files }) => files.set('/page.html/', html('no')),
  },
};

for (const [fault, { code, says, tag = 'src="culvert.js"', arrange }] of Object.entries(faults)) {
  test(`names ${fault}, on the page and in the console`, async ({ page, host }) => {
    for (const [name, file] of culvertFiles('/sub/')) host.files.set(name, file);
    arrange?.(host);
    host.files.set('/', html(`<script ${tag}></script>`));
    const messages = collect(page);
    await page.goto(host.origin);
    await expectProblem(page, messages, code, says);
  });
}

test('names a Bare server without CORS', async ({ page, host }) => {
  const other = await startStaticHost(new Map([['/', { text: '{"versions":["v3"]}', type: 'application/json' }]]));
  host.files.set('/', html(`<script src="culvert.js" data-bare="${other.origin}/"></script>`));
  const messages = collect(page);
  await page.goto(host.origin);
  await expectProblem(page, messages, 'BARE_SERVER_WITHOUT_CORS', /does not allow http:\/\/localhost:\d+ to read/);
  await other.close();
});

test('names an address without https', async ({ page, host }) => {
  host.files.set('/', html('<script src="culvert.js"></script>'));
  const messages = collect(page);
  await page.goto(host.insecureOrigin);
  await expectProblem(page, messages, 'INSECURE_CONTEXT', /by https: or at localhost/);
});

test('names a page that was opened from a file', async ({ page, host }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'culvert-file-'));
  writeFileSync(path.join(folder, 'culvert.js'), host.files.get('/culvert.js')!.text);
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><script src="culvert.js"></script>');
  const messages = collect(page);
  await page.goto(pathToFileURL(path.join(folder, 'index.html')).href);
  await expectProblem(page, messages, 'FILE_PROTOCOL', /opened from a file/);
  rmSync(folder, { recursive: true });
});

test('leaves the scope to the worker of another tool', async ({ page, host }) => {
  host.files.set('/other.js', { text: 'onfetch = () => {};' });
  host.files.set('/first', html(''));
  await page.goto(`${host.origin}/first`);
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.register('/other.js', { scope: '/service/' });
    const worker = registration.installing!;
    await new Promise<void>((resolve) => (worker.onstatechange = () => worker.state === 'activated' && resolve()));
  });
  host.files.set('/', html('<script src="culvert.js"></script>'));
  const messages = collect(page);
  await page.goto(host.origin);
  await expectProblem(page, messages, 'SCOPE_TAKEN', /other\.js already serves/);
});

function collect(page: Page): string[] {
  const messages: string[] = [];
  page.on('console', (message: ConsoleMessage) => messages.push(message.text()));
  return messages;
}

async function expectProblem(page: Page, messages: string[], code: string, says: RegExp): Promise<void> {
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(code);
  await expect(alert).toContainText(says);
  expect(messages.join('\n')).toMatch(says);
  expect(
    await page.evaluate(() => (globalThis as any).culvert.ready.catch((error: { code: string }) => error.code)),
  ).toBe(code);
}
