/** @module DokuWiki as Debian packages it: forms, uploads, and pages that the server makes. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { startSiteProcess, type Site } from '../../support/site.js';

export interface DokuWikiSite extends Site {
  /** Empties the wiki, of what was deleted in it too. */
  reset(): Promise<void>;
}

export async function startDokuWiki(): Promise<DokuWikiSite> {
  const site = await startSiteProcess('wiki.test', path.join(import.meta.dirname, 'serve-wiki.mjs'));
  return {
    ...site,
    async reset() {
      const data = path.join(site.directory, 'data');
      for (const name of await readdir(data)) {
        await rm(path.join(data, name), { recursive: true, force: true, maxRetries: 3 });
        await mkdir(path.join(data, name));
      }
    },
  };
}
