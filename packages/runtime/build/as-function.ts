/** @module The form in which the runtime is shipped; for Vite's `plugins`, in the build and in the tests. */
import { parse, type Token } from 'acorn';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, type Plugin, type ResolvedConfig, type Rolldown } from 'vite';
import { resolveStandIns } from '../../rewriter/build/stand-ins.js';
import { trimAcorn } from '../../rewriter/build/trim-acorn.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const late = new URL('../src/late/', import.meta.url);

/**
 * Wraps the runtime's bundle in one named function. The worker takes its text with `toString`, inlines it in a document
 * and calls it with that document's boot data; the runtime uses the same text to boot the frames that a page makes. Its
 * property `version` is for the worker, which must be of the same.
 *
 * The parsers are a function of their own, its property `rewriters`, and so is what sites' service workers take, its property
 * `serviceWorkers`: they are in the same file and in no document that does without.
 */
export const runtimeAsFunction: Plugin = {
  name: 'culvert:runtime-as-function',
  // Before Vite's own resolver.
  enforce: 'pre',
  // In the part that boots.
  resolveId: resolveStandIns(
    {
      'js/rewrite-script.ts': 'rewrite-script.ts',
      'html/rewrite-html.ts': 'rewrite-html.ts',
      'html/srcset.ts': 'srcset.ts',
      'text/data-url.ts': 'data-url.ts',
      'css/find-urls.ts': 'find-urls.ts',
    },
    late,
  ),
  configResolved(resolved) {
    config = resolved;
  },
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const rewriters = inScript(onOneLine(await bundleLate(config!, 'rewriters')));
      const serviceWorkers = inScript(onOneLine(await bundleLate(config!, 'service-workers')));
      chunk.code = `self.culvertRuntime=function culvert(data,rewriters,serviceWorkers){"use strict";${inAscii(inScript(onOneLine(chunk.code)))};return culvertBoot.boot(data,culvert,rewriters,serviceWorkers)};self.culvertRuntime.version=${JSON.stringify(version)};self.culvertRuntime.rewriters=function culvertRewriters(){"use strict";${rewriters};return culvertLate.rewriters};self.culvertRuntime.serviceWorkers=function culvertServiceWorkers(){"use strict";${serviceWorkers};return culvertLate.serviceWorkers};\n`;
    }
  },
};

let config: ResolvedConfig | null = null;

async function bundleLate({ build: options, resolve }: ResolvedConfig, entry: string): Promise<string> {
  const inline: InlineConfig = {
    configFile: false,
    logLevel: 'error',
    // See vite.config.ts.
    oxc: false,
    plugins: [trimAcorn],
    resolve: { conditions: resolve.conditions, alias: resolve.alias },
    build: {
      target: options.target,
      minify: options.minify,
      write: false,
      lib: { entry: fileURLToPath(new URL(`${entry}.ts`, late)), formats: ['iife'], name: 'culvertLate' },
    },
  };
  const [output] = (await build(inline)) as Rolldown.RolldownOutput[];
  return output!.output[0].code;
}

/** What stands before a page's own markup must not move its lines: only template literals have line breaks in minified code. */
function onOneLine(code: string): string {
  const text = code.trimEnd();
  const tokens: Token[] = [];
  parse(text, { ecmaVersion: 'latest', onToken: tokens });
  let result = '';
  let from = 0;
  for (const { type, start, end } of tokens) {
    if (type.label !== 'template') continue;
    result += text.slice(from, start) + text.slice(start, end).replaceAll('\n', '\\n');
    from = end;
  }
  return result + text.slice(from);
}

/** The text stands inside <script> elements. */
function inScript(code: string): string {
  return code.trimEnd().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

/** What stands in documents of any encoding. Beyond ASCII a bundle has strings and regular expressions alone, which can hold escapes. */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
