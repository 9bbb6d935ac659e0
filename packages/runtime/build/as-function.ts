/** @module The form in which the runtime is shipped; for Vite's `plugins`, in the build and in the tests. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * Wraps the runtime's bundle in one named function. The worker takes its text with `toString`, inlines it in a document
 * and calls it with that document's boot data; the runtime uses the same text to boot the frames that a page makes. Its
 * property `version` is for the worker, which must be of the same.
 */
export const runtimeAsFunction: Plugin = {
  name: 'culvert:runtime-as-function',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      // The text stands inside <script> elements.
      const code = chunk.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      chunk.code = `self.culvertRuntime=function culvert(data){"use strict";${code.trimEnd()}\nreturn culvertBoot.boot(data,culvert)};self.culvertRuntime.version=${JSON.stringify(version)};\n`;
    }
  },
};
