/**
 * The examples as a user has them: every package packed, installed into an empty folder, built there, and opened in Chromium.
 * `npm run test:ways`; prints `N passed, N failed, N skipped`. What is installed beside ours comes from npm's registry.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { build } from '../../scripts/build.mjs';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { importEntries, lintTarballs } from './publishing.mjs';

const root = path.join(import.meta.dirname, '../..');
const work = mkdtempSync(path.join(tmpdir(), 'culvert-ways-'));
const cleanUp = [() => rmSync(work, { recursive: true, force: true })];
const remoteTitle = 'The remote page';

const npm = (folder, ...args) =>
  execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** @returns the tarballs by package name */
function packAll() {
  const tarballs = {};
  npm(path.join(root, 'packages/bare-client'), 'run', 'build', '--silent');
  for (const name of readdirSync(path.join(root, 'packages'))) {
    const output = npm(
      path.join(root, 'packages', name),
      'pack',
      '--json',
      '--silent',
      '--ignore-scripts',
      '--pack-destination',
      work,
    );
    const [{ name: packageName, filename }] = JSON.parse(output.slice(output.indexOf('[')));
    tarballs[packageName] = path.join(work, filename);
  }
  return tarballs;
}

/** Copies an example, and installs it with ours from the tarballs, those that others of ours need too. */
function installExample(name, tarballs, dependencies = {}) {
  const folder = path.join(work, name);
  cpSync(path.join(root, 'examples', name), folder, { recursive: true });
  const file = path.join(folder, 'package.json');
  const manifest = { name: `example-${name}`, private: true, ...readJson(file), overrides: {} };
  manifest.dependencies = { ...manifest.dependencies, ...dependencies };
  for (const [ours, tarball] of Object.entries(tarballs)) {
    const spec = `file:${tarball}`;
    const isDirect = manifest.dependencies?.[ours] || manifest.devDependencies?.[ours];
    // An override of a direct dependency has to say the same as the dependency.
    for (const list of [manifest.dependencies, manifest.devDependencies]) if (list?.[ours]) list[ours] = spec;
    manifest.overrides[ours] = isDirect ? `$${ours}` : spec;
  }
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  npm(folder, 'install', '--no-fund', '--no-audit', '--loglevel=error');
  return folder;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Starts a server and waits for the address that it prints. */
function start(folder, command, ...args) {
  const child = spawn(path.join(folder, 'node_modules/.bin', command), args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill();
  cleanUp.unshift(stop);
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (bytes) => {
      // Colours stand between the parts of Vite's address.
      output += bytes.toString().replace(/\u001b\[\d+m/g, '');
      const [, url] = /(http:\/\/localhost:\d+\/)/.exec(output) ?? [];
      if (url) resolve({ url, stop });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`${command} ${args.join(' ')} printed no address:\n${output}`)), 60_000).unref();
  });
}

function startRemote() {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<title>x</title><h1></h1><script>document.querySelector('h1').textContent = ${JSON.stringify(remoteTitle)} + ' at ' + location.href</script>`,
    );
  });
  cleanUp.unshift(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://localhost:${server.address().port}/`)),
  );
}

/** Opens the remote page in the frame of an example, as its form does. */
async function openInFrame(browser, url, remote) {
  const page = await browser.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  try {
    await page.goto(url);
    await page.fill('input[type=url]', remote);
    await page.click('button');
    const heading = page.frameLocator('iframe[title="The proxied page"]').locator('h1');
    await heading.filter({ hasText: `${remoteTitle} at ${remote}` }).waitFor({ timeout: 30_000 });
    return page;
  } catch (cause) {
    throw new Error(`${cause.message}\nconsole: ${errors.join('\n')}`, { cause });
  }
}

const cases = {
  async 'publishing: publint and attw find nothing'({ tarballs }) {
    lintTarballs(tarballs);
  },

  async 'publishing: every entry is imported from an empty project'({ tarballs }) {
    const dependencies = Object.fromEntries(Object.keys(tarballs).map((name) => [name, '*']));
    importEntries(installExample('script-tag', tarballs, dependencies), tarballs);
  },

  async 'script-tag: culvert init, culvert serve'({ browser, remote, tarballs }) {
    const folder = installExample('script-tag', tarballs, { culvert: '*' });
    const site = path.join(folder, 'empty');
    execFileSync(path.join(folder, 'node_modules/.bin/culvert'), ['init', site]);
    const { url } = await start(folder, 'culvert', 'serve', '--site', site, '--port', '0', '--allow-private');
    const page = await openInFrame(browser, url, remote);
    // A visitor who comes by a link into the proxy has no worker yet: the host answers with culvert.html.
    const visitor = await browser.newPage();
    await visitor.goto(`${url}service/html/${encodeURIComponent(remote)}`);
    await visitor.locator('h1', { hasText: remoteTitle }).waitFor({ timeout: 30_000 });
    await Promise.all([page.close(), visitor.close()]);
    execFileSync(path.join(folder, 'node_modules/.bin/culvert'), ['doctor', url]);
  },

  async 'import-scripts: a worker of one’s own'({ browser, remote, tarballs }) {
    const folder = installExample('import-scripts', tarballs, { culvert: '*' });
    execFileSync(path.join(folder, 'node_modules/.bin/culvert'), ['init', folder]);
    const { url } = await start(folder, 'culvert', 'serve', '--site', folder, '--port', '0', '--allow-private');
    const page = await browser.newPage();
    await page.goto(url);
    await page.locator('a[data-culvert]').evaluate((link, href) => (link.href = href), remote);
    await page.click('a[data-culvert]');
    await page.locator('h1', { hasText: `${remoteTitle} at ${remote}` }).waitFor({ timeout: 30_000 });
    await page.close();
  },

  async 'vite: the development server, a build, a build below a folder'({ browser, remote, tarballs }) {
    const folder = installExample('vite', tarballs);
    const config = (options) =>
      `import culvert from '@culvert/vite-plugin';\nexport default { plugins: [culvert(${options})], server: { port: 0, host: 'localhost' }, preview: { port: 0, host: 'localhost' } };\n`;
    const own = '{ serveBare: { upstream: { allowPrivate: true } } }';
    writeFileSync(path.join(folder, 'vite.config.js'), config(own));
    const server = await start(folder, 'vite', '--port', '15173', '--strictPort');
    await (await openInFrame(browser, server.url, remote)).close();
    server.stop();
    execFileSync(path.join(folder, 'node_modules/.bin/vite'), ['build', '--logLevel', 'warn'], { cwd: folder });
    for (const name of [
      'culvert.sw.js',
      'culvert.runtime.js',
      'culvert.http-socket.js',
      'culvert.config.js',
      'culvert.html',
    ]) {
      readFileSync(path.join(folder, 'dist', name));
    }
    const preview = await start(folder, 'vite', 'preview', '--port', '15174', '--strictPort');
    await (await openInFrame(browser, preview.url, remote)).close();
    // In a folder below the root of its host.
    execFileSync(
      path.join(folder, 'node_modules/.bin/vite'),
      ['build', '--base', '/sub/folder/', '--logLevel', 'warn'],
      { cwd: folder },
    );
    preview.stop();
    const below = await start(folder, 'vite', 'preview', '--base', '/sub/folder/', '--port', '15175', '--strictPort');
    await (await openInFrame(browser, `${below.url}sub/folder/`, remote)).close();
  },

  async 'rollup: a Bare server that is chosen by a function'({ browser, remote, tarballs }) {
    const folder = installExample('rollup', tarballs);
    execFileSync(path.join(folder, 'node_modules/.bin/rollup'), ['-c', '--silent'], { cwd: folder });
    const { url } = await start(folder, 'culvert', 'serve', '--site', 'dist', '--port', '0', '--allow-private');
    await (await openInFrame(browser, url, remote)).close();
  },
};

build({ onlyIfStale: true });
mkdirSync(work, { recursive: true });
const wanted = process.argv[2] ?? '';
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  const tarballs = packAll();
  const remote = await startRemote();
  const browser = await chromium.launch({
    executablePath: findBrowser('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  cleanUp.unshift(() => browser.close());
  for (const [name, run] of Object.entries(cases)) {
    if (!name.includes(wanted)) {
      counts.skipped++;
      continue;
    }
    const begin = performance.now();
    try {
      await run({ browser, remote, tarballs });
      counts.passed++;
      console.log(`ok      ${name} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
    } catch (error) {
      counts.failed++;
      console.log(`not ok  ${name}\n${error.stack}\n${error.stderr ?? ''}`);
    }
  }
} finally {
  for (const undo of cleanUp) await undo();
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
