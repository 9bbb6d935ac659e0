/**
 * @module
 * The files that a site with Culvert serves beside its own. They keep their names: the worker looks for the others by name,
 * and a browser finds an update of a worker by its URL.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillInAttributes } from '@culvert/sw/set-up';
import { CulvertPluginError, type ResolvedOptions } from './options.js';

export const fileNames = {
  worker: 'culvert.sw.js',
  runtime: 'culvert.runtime.js',
  /** Loaded by a page whose WebSockets are blocked. */
  httpSocket: 'culvert.http-socket.js',
  config: 'culvert.config.js',
  /** What to answer below the scope where the worker does not (yet): it starts the worker and comes back. */
  bootstrap: 'culvert.html',
} as const;

export interface SiteFiles {
  /** By name, relative to the base of the site. */
  [name: string]: string;
}

/** The worker's URL, relative to the base. Its query is part of the registration. */
export const workerUrl = `${fileNames.worker}?config=${fileNames.config}`;

/**
 * @param configModule the script of the option `config`, which sets `self.culvertConfig`; empty without one
 * @param base of the site, as URL path
 */
export function createSiteFiles(options: ResolvedOptions, configModule: string, base: string): SiteFiles {
  return {
    [fileNames.worker]: read('@culvert/sw/culvert.sw.js'),
    [fileNames.runtime]: read('@culvert/runtime/culvert.runtime.js'),
    [fileNames.httpSocket]: read('@culvert/http-socket/culvert.http-socket.js'),
    [fileNames.config]: configFile(options, configModule),
    [fileNames.bootstrap]: bootstrapPage(options, base),
  };
}

function configFile({ bareServers, codec }: ResolvedOptions, configModule: string): string {
  const data = JSON.stringify({ bareServer: bareServers, ...(codec !== undefined && { codec }) });
  return configModule === ''
    ? `self.culvertConfig = ${data};\n`
    : `${configModule}\nself.culvertConfig = { ...${data}, ...self.culvertConfig };\n`;
}

function bootstrapPage({ scope, bareServers, isOwnBareServer }: ResolvedOptions, base: string): string {
  return fillInAttributes(read('@culvert/sw/bootstrap.html'), {
    'data-service-worker': new URL(workerUrl, `http://x${base}`).href.slice('http://x'.length),
    'data-scope': new URL(scope, `http://x${base}`).pathname,
    'data-bare': isOwnBareServer ? new URL(bareServers[0]!, `http://x${base}`).pathname : '',
  });
}

function read(specifier: string): string {
  const file = fileURLToPath(import.meta.resolve(specifier));
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `Failed to read ${specifier}. In a checkout of Culvert, build it first: npm run build`;
    throw new CulvertPluginError('FILE_NOT_BUILT', message, { cause });
  }
}
