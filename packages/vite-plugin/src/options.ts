/**
 * @module
 * The options of both plugins.
 */

import type { BareServerOptions } from '@culvert/bare-server';

export interface CulvertPluginOptions {
  /**
   * Where the Bare server is, relative to the base of the site; several to choose from. For a function use `config`.
   * Default: `bare/`, which the development and the preview server of Vite then serve themselves.
   */
  bareServer?: string | string[];
  /** The path below which proxied pages live, relative to the base of the site. Default: `service/`. */
  scope?: string;
  /**
   * A module whose default export are the options of `startServiceWorker` that are no data, like a function for
   * `bareServer`. It runs in the worker and wins over the options here. Relative to the root of the project.
   */
  config?: string;
  /** How remote URLs are written in routes. Default: `component`. */
  codec?: 'component' | 'plain' | 'base64url' | 'xor';
  /** Options of the Bare server that the development and the preview server bring with them. */
  serveBare?: Omit<BareServerOptions, 'directory'>;
}

export interface ResolvedOptions {
  scope: string;
  /** Relative to the base. */
  bareServers: string[];
  /** Is it the default one, which the development server provides? */
  isOwnBareServer: boolean;
  config?: string;
  codec?: string;
  serveBare: Omit<BareServerOptions, 'directory'>;
}

export class CulvertPluginError extends Error {
  override readonly name = 'CulvertPluginError';

  constructor(
    readonly code: 'INVALID_OPTION' | 'FILE_NOT_BUILT' | 'CONFIG_FAILED' | 'FOREIGN_BASE',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const known = new Set(['bareServer', 'scope', 'config', 'codec', 'serveBare']);

/** @throws CulvertPluginError INVALID_OPTION */
export function resolveOptions(options: CulvertPluginOptions = {}): ResolvedOptions {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw invalid(name, `there is no such option. There are ${[...known].join(', ')}.`);
  }
  const { bareServer, scope = 'service/', config, codec, serveBare = {} } = options;
  if (typeof bareServer === 'function') {
    throw invalid('bareServer', 'a function has to be in a module of its own that runs in the worker: see `config`.');
  }
  if (!scope.endsWith('/') || /^[a-z]+:|^\/\//i.test(scope)) {
    throw invalid('scope', `"${scope}" is no path that ends with a slash, like "service/".`);
  }
  return {
    scope,
    bareServers: bareServer === undefined ? ['bare/'] : [bareServer].flat(),
    isOwnBareServer: bareServer === undefined && config === undefined,
    serveBare,
    ...(config !== undefined && { config }),
    ...(codec !== undefined && { codec }),
  };
}

function invalid(name: string, reason: string): CulvertPluginError {
  return new CulvertPluginError('INVALID_OPTION', `Failed to read the option ${name} of the Culvert plugin: ${reason}`);
}
