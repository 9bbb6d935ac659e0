/** @module A Next.js app with the app router, in production. */
import path from 'node:path';
import { startSiteProcess, type Site } from '../../support/site.js';

export function startNext(): Promise<Site> {
  return startSiteProcess('next.test', path.join(import.meta.dirname, 'serve-next.mjs'));
}
