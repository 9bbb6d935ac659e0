/** @module A reveal.js deck as a static site: slides under fragments, moved by keyboard. */
import path from 'node:path';
import { startSiteInProcess, type Site } from '../support/site.js';
import { serveStaticFile } from '../support/static-files.js';

const directories = [
  path.join(import.meta.dirname, 'reveal/fixtures'),
  path.join(import.meta.dirname, '../node_modules/reveal.js'),
];

export function startReveal(): Promise<Site> {
  return startSiteInProcess('reveal.test', (request, response) => serveStaticFile(directories, request, response));
}
