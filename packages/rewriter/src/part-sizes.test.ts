/** What each part weighs alone, minified and gzipped: who needs CSS does not load the JavaScript rewriter. */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { trimAcorn } from '../build/trim-acorn.js';

async function weigh(part: string): Promise<{ bytes: number; modules: string[] }> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    oxc: false,
    plugins: [trimAcorn],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      lib: { entry: path.join(import.meta.dirname, part, 'index.ts'), formats: ['es'], fileName: () => 'part.js' },
      rolldownOptions: { optimization: { inlineConst: false } },
    },
  })) as Rolldown.RolldownOutput[];
  const chunk = output[0]!.output[0];
  return { bytes: gzipSync(chunk.code, { level: 9 }).length, modules: chunk.moduleIds };
}

it.each([
  ['css', 6_500],
  // With the translation of Content-Security-Policy, and SHA-2 for its hashes and Subresource Integrity.
  ['headers', 6_200],
  // With encoders for legacy encodings, and SHA-2.
  ['text', 5_000],
  ['manifest', 2_000],
  ['url', 1_500],
])('%s is under %i bytes, without any parser of JavaScript or HTML', { timeout: 60_000 }, async (part, limit) => {
  const { bytes, modules } = await weigh(part);
  expect(bytes).toBeLessThan(limit);
  expect(modules.filter((id) => /acorn|magic-string|parse5/.test(id))).toEqual([]);
});

it('HTML and XML add less than 54 kB to the JavaScript that inline scripts need', { timeout: 60_000 }, async () => {
  const [js, html, xml] = await Promise.all([weigh('js'), weigh('html'), weigh('xml')]);
  expect(html.bytes - js.bytes).toBeLessThan(54_000);
  expect(xml.bytes - js.bytes).toBeLessThan(54_000);
});
