/** @module The built worker takes the parsers from the runtime's file beside it; for Vite's `plugins`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const standInFolder = fileURLToPath(new URL('../src/shared-rewriters/', import.meta.url));
const rewriter = fileURLToPath(new URL('../../rewriter/src/', import.meta.url));

/** Modules of the rewriter with a parser below them, and what stands in their place. */
const standIns: Readonly<Record<string, string>> = {
  'js/rewrite-script.ts': 'rewrite-script.ts',
  'html/html-splicer.ts': 'html-splicer.ts',
  'xml/xml-splicer.ts': 'xml-splicer.ts',
  'css/css-splicer.ts': 'css-splicer.ts',
};

export const sharedRewriters: Plugin = {
  name: 'culvert:shared-rewriters',
  // Before Vite's own resolver.
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer?.startsWith(rewriter) || !source.startsWith('.')) return null;
    const file = path.resolve(path.dirname(importer), source).replace(/\.js$/, '.ts');
    const standIn = standIns[path.relative(rewriter, file).replaceAll('\\', '/')];
    return standIn === undefined ? null : standInFolder + standIn;
  },
};
