/** @module The built worker takes the parsers from the runtime's file beside it; for Vite's `plugins`. */
import type { Plugin } from 'vite';
import { resolveStandIns } from '../../rewriter/build/stand-ins.js';

export const sharedRewriters: Plugin = {
  name: 'culvert:shared-rewriters',
  // Before Vite's own resolver.
  enforce: 'pre',
  resolveId: resolveStandIns(
    {
      'js/rewrite-script.ts': 'rewrite-script.ts',
      'html/html-splicer.ts': 'html-splicer.ts',
      'xml/xml-splicer.ts': 'xml-splicer.ts',
      'css/css-splicer.ts': 'css-splicer.ts',
    },
    new URL('../src/shared-rewriters/', import.meta.url),
  ),
};
