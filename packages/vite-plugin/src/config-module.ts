/**
 * @module
 * The option `config`: a module of the project, bundled into a classic script that sets `self.culvertConfig`. Which bundler
 * does it is the plugin's business.
 */
import { CulvertPluginError } from './options.js';

export interface BundledConfig {
  code: string;
  /** The files that it was made from, to be watched. */
  files: string[];
}

export const noConfig: BundledConfig = { code: '', files: [] };

export const configEntry = '\0culvert:config';

/** The entry that is bundled: its import is the project's module. */
export function configEntryCode(file: string): string {
  return `import config from ${JSON.stringify(file)};\nself.culvertConfig = config;\n`;
}

/** A plugin that serves the entry; both bundlers take it. */
export function configEntryPlugin(file: string) {
  return {
    name: 'culvert:config',
    resolveId: (id: string) => (id === configEntry ? id : null),
    load: (id: string) => (id === configEntry ? configEntryCode(file) : null),
  };
}

interface OutputItem {
  type: string;
  code?: string;
  moduleIds?: string[];
}

/** @throws CulvertPluginError CONFIG_FAILED */
export async function bundleConfig(file: string, bundle: () => Promise<readonly OutputItem[]>): Promise<BundledConfig> {
  try {
    const chunks = (await bundle()).filter(({ type }) => type === 'chunk');
    if (chunks.length !== 1) throw new Error(`it became ${chunks.length} files: import() cannot be used in it.`);
    const { code = '', moduleIds = [] } = chunks[0]!;
    return { code, files: moduleIds.filter((id) => !id.startsWith('\0')) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CulvertPluginError('CONFIG_FAILED', `Failed to bundle ${file} for the worker: ${reason}`, { cause });
  }
}
