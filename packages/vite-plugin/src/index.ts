/**
 * @module
 * The plugin for Vite: what the one for Rollup does, and in the development and preview servers everything that a page needs to
 * be proxied, a Bare server included.
 */
import path from 'node:path';
import type { Server } from 'node:http';
import type { Plugin, PluginOption } from 'vite';
import { bundleConfig, configEntry, configEntryPlugin, noConfig, type BundledConfig } from './config-module.js';
import { createSiteFiles, type SiteFiles } from './files.js';
import { resolveOptions, type CulvertPluginOptions, type ResolvedOptions } from './options.js';
import { createMiddleware, type Middleware } from './serve.js';
import { resolvedVirtualModule, virtualModule, virtualModuleCode } from './virtual-module.js';

export { CulvertPluginError, type CulvertPluginOptions } from './options.js';

/**
 * @example
 * // vite.config.js
 * export default { plugins: [culvert()] };
 * // main.js
 * import { proxy } from 'virtual:culvert';
 * await proxy.register();
 * proxy.createFrame(document.querySelector('iframe')).go('https://example.com/');
 */
export default function culvert(pluginOptions: CulvertPluginOptions = {}): PluginOption {
  const options = resolveOptions(pluginOptions);
  let root = process.cwd();
  let base = '/';
  let config: Promise<BundledConfig> | null = null;

  const bundledConfig = (): Promise<BundledConfig> => {
    if (options.config === undefined) return Promise.resolve(noConfig);
    const file = path.resolve(root, options.config);
    return (config ??= bundleConfig(file, () => bundleWithVite(file, root)));
  };
  const files = async (): Promise<SiteFiles> => createSiteFiles(options, (await bundledConfig()).code, servedBase());
  const servedBase = (): string => (base === './' || base === '' ? '/' : base);
  const middleware = (httpServer: Server | null): Middleware =>
    createMiddleware(paths(options, servedBase(), files), httpServer);

  const plugin: Plugin = {
    name: 'culvert',
    configResolved(resolved) {
      ({ root, base } = resolved);
    },
    resolveId: (id) => (id === virtualModule ? resolvedVirtualModule : null),
    load: (id) => (id === resolvedVirtualModule ? virtualModuleCode(options, base || './') : null),
    configureServer(server) {
      server.middlewares.use(middleware(server.httpServer as Server | null));
      // A worker cannot be patched while it runs: the page is loaded again, and its registration finds the new file.
      server.watcher.on('change', async (changed) => {
        const current = await config?.catch(() => noConfig);
        const isOurs = changed === path.resolve(root, options.config ?? '') || current?.files.includes(changed);
        if (options.config === undefined || !isOurs) return;
        config = null;
        server.ws.send({ type: 'full-reload' });
      });
    },
    configurePreviewServer(server) {
      server.middlewares.use(middleware(server.httpServer as Server | null));
    },
    async generateBundle() {
      for (const [fileName, source] of Object.entries(await files()))
        this.emitFile({ type: 'asset', fileName, source });
    },
  };
  return plugin;
}

function paths(options: ResolvedOptions, base: string, files: () => Promise<SiteFiles>) {
  const resolve = (value: string): string => new URL(value, `http://x${base}`).pathname;
  return {
    base,
    scopePath: resolve(options.scope),
    barePath: options.isOwnBareServer ? resolve(options.bareServers[0]!) : null,
    bareOptions: options.serveBare,
    files,
  };
}

async function bundleWithVite(file: string, root: string) {
  const { build } = await import('vite');
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [configEntryPlugin(file)],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: configEntry, formats: ['iife'], name: 'culvertConfigModule' },
    },
  });
  if (!Array.isArray(result)) throw new Error('the build did not end.');
  return result.flatMap(({ output }) => output);
}
