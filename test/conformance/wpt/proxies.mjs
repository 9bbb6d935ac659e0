/** @module What the runner needs of a proxy: the address of a page, a context made ready, and an end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const withoutProxy = {
  browserArgs: [],
  urlFor: (url) => url,
  prepare: async () => {},
  stop: async () => {},
};

/** Culvert as `npm start` runs it, on a free port. */
export async function startCulvert(root) {
  const args = [path.join(root, 'scripts/start.mjs'), '--port', '0', '--allow-private', '--insecure'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const address = /http:\/\/localhost:\d+/.exec(output);
      if (address) resolve(address[0]);
    });
    child.once('exit', (code) => reject(new Error(`Failed to start Culvert: it ended with code ${code}.\n${output}`)));
  });
  return {
    // What would go past the worker must fail rather than pass.
    browserArgs: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
    urlFor(url) {
      const [address, ...fragment] = url.split('#');
      return [`${origin}/service/html/${encodeURIComponent(address)}`, ...fragment].join('#');
    },
    /** In a page of its own, so that the tested page's history begins with the test. */
    async prepare(context) {
      const page = await context.newPage();
      await page.goto(`${origin}/`, { waitUntil: 'commit' });
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.register('/culvert.sw.js', { scope: '/service/' });
        const worker = registration.installing ?? registration.waiting ?? registration.active;
        if (worker.state === 'activated') return;
        await new Promise((resolve) => {
          worker.addEventListener('statechange', () => worker.state === 'activated' && resolve());
        });
      });
      await page.close();
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
