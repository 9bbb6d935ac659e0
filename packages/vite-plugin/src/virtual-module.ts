/**
 * @module
 * The module `virtual:culvert`, which a page imports: the page side of Culvert, with the proxy of this build.
 */
import { fileURLToPath } from 'node:url';
import { workerUrl } from './files.js';
import { CulvertPluginError, type ResolvedOptions } from './options.js';

export const virtualModule = 'virtual:culvert';
/** The convention of Rollup: other plugins leave what begins with a NUL alone. */
export const resolvedVirtualModule = `\0${virtualModule}`;

/**
 * @param base of the site: a path, or `./` for one that is known in the browser only
 * @throws CulvertPluginError FOREIGN_BASE
 */
export function virtualModuleCode({ scope, codec }: ResolvedOptions, base: string): string {
  if (/^[a-z]+:|^\/\//i.test(base)) {
    const message = `Failed to place the worker: the base is ${base}, and a browser takes a worker from the page's own origin only. Leave \`base\` a path, and set the CDN with \`experimental.renderBuiltUrl\`.`;
    throw new CulvertPluginError('FOREIGN_BASE', message);
  }
  const page = JSON.stringify(fileURLToPath(import.meta.resolve('@culvert/sw/page')));
  return `import { createProxy } from ${page};
export * from ${page};
const base = new URL(${JSON.stringify(base)}, document.baseURI);
export const proxy = createProxy({
  scope: new URL(${JSON.stringify(scope)}, base).pathname,
  serviceWorker: new URL(${JSON.stringify(workerUrl)}, base).href,
  ${codec === undefined ? '' : `codec: ${JSON.stringify(codec)},`}
});
`;
}
