/**
 * @module
 * The plugin for Rollup: `virtual:culvert` for the page, and the worker's files beside the bundle. What the site is served
 * by, and the Bare server, are not Rollup's business.
 */
import path from 'node:path';
import type { InputPluginOption, Plugin } from 'rollup';
import { bundleConfig, configEntry, configEntryPlugin, noConfig, type BundledConfig } from './config-module.js';
import { createSiteFiles } from './files.js';
import { resolveOptions, type CulvertPluginOptions } from './options.js';
import { resolvedVirtualModule, virtualModule, virtualModuleCode } from './virtual-module.js';

export { CulvertPluginError, type CulvertPluginOptions } from './options.js';

export interface CulvertRollupOptions extends CulvertPluginOptions {
  /** The path at which the output is served. Default: the folder of the page. */
  base?: string;
}

/**
 * @example
 * // rollup.config.js
 * export default { input: 'src/main.js', output: { dir: 'dist' }, plugins: [culvert(), nodeResolve()] };
 */
export default function culvert({ base = './', ...pluginOptions }: CulvertRollupOptions = {}): Plugin {
  const options = resolveOptions(pluginOptions);
  let plugins: InputPluginOption;
  let config: BundledConfig = noConfig;
  return {
    name: 'culvert',
    options(input) {
      plugins = input.plugins;
      return null;
    },
    async buildStart() {
      if (options.config === undefined) return;
      const file = path.resolve(options.config);
      config = await bundleConfig(file, () => bundleWithRollup(file, plugins));
      for (const name of config.files) this.addWatchFile(name);
    },
    resolveId: (id) => (id === virtualModule ? resolvedVirtualModule : null),
    load: (id) => (id === resolvedVirtualModule ? virtualModuleCode(options, base) : null),
    generateBundle() {
      const files = createSiteFiles(options, config.code, base === './' ? '/' : base);
      for (const [fileName, source] of Object.entries(files)) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** With the plugins of the project, which may be needed for TypeScript or packages; without this one, which would go on for ever. */
async function bundleWithRollup(file: string, plugins: InputPluginOption) {
  const { rollup } = await import('rollup');
  const others = (await flatten(plugins)).filter((plugin) => plugin && (plugin as Plugin).name !== 'culvert');
  const build = await rollup({ input: configEntry, plugins: [configEntryPlugin(file), ...others] });
  try {
    const { output } = await build.generate({ format: 'iife' });
    return output;
  } finally {
    await build.close();
  }
}

async function flatten(plugins: InputPluginOption): Promise<InputPluginOption[]> {
  const resolved = await plugins;
  if (!Array.isArray(resolved)) return [resolved];
  return (await Promise.all(resolved.map(flatten))).flat();
}
