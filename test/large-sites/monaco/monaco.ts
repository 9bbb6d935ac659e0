/** @module Monaco as its package ships it: an AMD loader, and language services in module workers. */
import path from 'node:path';
import { startSiteInProcess, type Site } from '../../support/site.js';
import { serveStaticFile } from '../../support/static-files.js';

const directories = [
  path.join(import.meta.dirname, 'fixtures'),
  path.join(import.meta.dirname, '../node_modules/monaco-editor/min'),
];

export function startMonaco(): Promise<Site> {
  return startSiteInProcess('monaco.test', (request, response) => serveStaticFile(directories, request, response));
}
