/**
 * @module
 * Our client, transport and server as single modules, bundled from their source, so that a run tests what is written and not what
 * was last built. The client's module is the same text in Node and in a page.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';

/**
 * @param root the checkout to build from
 * @returns paths of the modules; `transport` is null while the client has no such entry
 */
export async function buildOurs(root = path.join(import.meta.dirname, '../../..')) {
  const directory = mkdtempSync(path.join(tmpdir(), 'culvert-interop-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const transportEntry = entryOf(root, 'bare-client', './transport');
  return {
    directory,
    client: await bundle(root, directory, 'client', entryOf(root, 'bare-client', '.')),
    /** The same as a classic script, with the global `bare`. */
    clientScript: await bundleScript(root, directory, entryOf(root, 'bare-client', '.')),
    server: await bundle(root, directory, 'server', entryOf(root, 'bare-server', '.'), true),
    transport: transportEntry && (await bundle(root, directory, 'transport', transportEntry)),
  };
}

/** The transport alone, as a module for pages. @returns its path */
export async function buildOurTransport(root = path.join(import.meta.dirname, '../../..')) {
  const directory = mkdtempSync(path.join(tmpdir(), 'culvert-transport-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return bundle(root, directory, 'transport', entryOf(root, 'bare-client', './transport'));
}

/**
 * Entries of our packages as modules for Node.
 *
 * @param entries `[package, entry]` by the name of the module
 * @returns the paths of the modules by name
 */
export async function buildModules(entries, root = path.join(import.meta.dirname, '../../..')) {
  const directory = mkdtempSync(path.join(tmpdir(), 'culvert-modules-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const modules = {};
  for (const [name, [packageName, entry]] of Object.entries(entries)) {
    modules[name] = await bundle(root, directory, name, entryOf(root, packageName, entry), true);
  }
  return modules;
}

/** The source file behind an entry of a package, or null when it has no such entry (yet). */
function entryOf(root, name, entry) {
  const folder = path.join(root, 'packages', name);
  const { exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const source = exports[entry]?.['culvert-source'];
  if (!source) return null;
  const file = path.join(folder, source);
  return existsSync(file) ? file : null;
}

async function bundle(root, directory, name, entry, isForNode = false) {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['culvert-source', ...(isForNode ? ['node'] : ['browser']), 'module', 'import', 'default'] },
    ssr: { noExternal: true, target: 'node', resolve: { conditions: ['culvert-source', 'node', 'module', 'import'] } },
    build: {
      target: 'es2022',
      minify: false,
      outDir: path.join(directory, name),
      emptyOutDir: false,
      ...(isForNode
        ? { ssr: entry, rollupOptions: { output: { format: 'es', entryFileNames: `${name}.mjs` } } }
        : { lib: { entry, formats: ['es'], fileName: () => `${name}.mjs` } }),
    },
  });
  return path.join(directory, name, `${name}.mjs`);
}

async function bundleScript(root, directory, entry) {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['culvert-source', 'browser', 'module', 'import', 'default'] },
    build: {
      target: 'es2022',
      outDir: path.join(directory, 'client-script'),
      lib: { entry, name: 'bare', formats: ['iife'], fileName: () => 'client.iife.js' },
      rollupOptions: { output: { exports: 'named' } },
    },
  });
  return path.join(directory, 'client-script', 'client.iife.js');
}
