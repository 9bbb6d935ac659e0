/**
 * @module
 * Sites that the browser tests open (`test/sites`), run for the benchmark. They are TypeScript, which Vite loads.
 */
import path from 'node:path';
import { runnerImport } from 'vite';

/** Their names in `all-sites.ts`. */
const names = ['reveal.js', 'Swagger UI', 'verdaccio'];

/** @returns {Promise<Record<string, { url: string, shows: { selector: string, text: string }, close: () => Promise<void> }>>} */
export async function startTestSites() {
  const file = path.join(import.meta.dirname, '../../test/sites/all-sites.ts');
  const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
  const sites = {};
  for (const name of names) {
    const { start, path: start_, shows } = module.allSites[name];
    const site = await start();
    // By its address: browsers and Bare servers of others know no names of tests.
    const url = `http://127.0.0.1:${site.port}${start_}`;
    sites[name.replace(/\W+/g, '-').toLowerCase()] = { url, shows, close: site.close };
  }
  return sites;
}
