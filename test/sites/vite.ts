/** @module A Vite dev server with a React and a Vue app: hundreds of modules, hot updates over a WebSocket. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startSiteProcess, type Site } from '../support/site.js';

export interface ViteSite extends Site {
  /** Replaces a text in one of the site's files, as its developer would while the page is open. */
  edit(file: string, from: string, to: string): Promise<void>;
}

export async function startVite(): Promise<ViteSite> {
  const site = await startSiteProcess('vite.test', 'vite.mjs');
  return {
    ...site,
    async edit(file, from, to) {
      const name = path.join(site.directory, file);
      const text = await readFile(name, 'utf8');
      if (!text.includes(from)) throw new Error(`Failed to edit ${file}: "${from}" is not in it.`);
      // Whole at once, as editors save: Vite may read a file that is only half written, and then reloads the page.
      const draft = `${site.directory}.draft`;
      await writeFile(draft, text.replace(from, to));
      await rename(draft, name);
      // Vite's watcher takes two changes of a file in quick succession for one and may miss the second.
      await setTimeout(300);
    },
  };
}
