/**
 * @module
 * Sites that the browser tests open (`test/sites`), run for the benchmark. They are TypeScript, which Vite loads.
 */
import path from 'node:path';
import { runnerImport } from 'vite';

/** By their names in `all-sites.ts`: what their scripts show at `/`. Not every published proxy keeps the fragment of an address. */
const shown = {
  'reveal.js': { selector: '.reveal.ready', text: '' },
  'Swagger UI': { selector: '.opblock-summary', text: '' },
  verdaccio: { selector: 'body', text: 'Dives for the fish' },
};

/** @returns {Promise<Record<string, { url: string, shows: { selector: string, text: string }, close: () => Promise<void> }>>} */
export async function startTestSites() {
  const file = path.join(import.meta.dirname, '../../test/sites/all-sites.ts');
  const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
  const sites = {};
  for (const [name, shows] of Object.entries(shown)) {
    const site = await module.allSites[name].start();
    // By its address: browsers and Bare servers of others know no names of tests.
    const url = `http://127.0.0.1:${site.port}/`;
    sites[name.replace(/\W+/g, '-').toLowerCase()] = { url, shows, close: site.close };
  }
  return sites;
}
