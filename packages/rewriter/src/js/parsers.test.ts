/** acorn as it is shipped (`build/trim-acorn.ts`) beside acorn as it is published. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as acorn from 'acorn';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trim, trimAcorn } from '../../build/trim-acorn.js';

const folder = mkdtempSync(path.join(tmpdir(), 'culvert-acorn-'));

/** With what its types leave out. */
type Acorn = typeof acorn &
  Record<'isIdentifierStart' | 'isIdentifierChar', (code: number, astral: boolean) => boolean>;

const published = acorn as Acorn;
let trimmed: Acorn;

beforeAll(async () => {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: [trimAcorn],
    build: {
      write: false,
      minify: false,
      lib: {
        entry: createRequire(import.meta.url)
          .resolve('acorn')
          .replace(/\.js$/, '.mjs'),
        formats: ['es'],
      },
    },
  })) as Rolldown.RolldownOutput[];
  const file = path.join(folder, 'acorn.mjs');
  writeFileSync(file, output[0]!.output[0].code);
  trimmed = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Acorn;
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

function compiles(source: string): boolean {
  try {
    new Function(source);
    return true;
  } catch {
    // A SyntaxError, the only one that a compilation throws.
    return false;
  }
}

/** They differ where one of the two has a newer Unicode. */
it('takes for letters what acorn takes for letters, and where they differ what the engine takes', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    for (const [is, was, source] of [
      [trimmed.isIdentifierStart, published.isIdentifierStart, character],
      [trimmed.isIdentifierChar, published.isIdentifierChar, `a${character}`],
    ] as const) {
      if (is(code, true) === was(code, true)) continue;
      expect([code.toString(16), is(code, true)]).toEqual([code.toString(16), compiles(`var ${source}`)]);
    }
  }
}, 60_000);

it('reads what acorn reads, but for regular expressions, which it leaves to the engine', () => {
  const options = { ecmaVersion: 'latest' } as const;
  for (const source of [
    'var ǆ = /[a-z]/v',
    'a\u{1d7ce} = 1',
    'class { static #x = "\\u{61}" }',
    'let let',
    '1.e',
    'x = /(?<a>.)\\k<a>/u',
  ]) {
    const read = ({ parse }: Acorn): unknown => {
      try {
        return JSON.parse(
          JSON.stringify(parse(source, options), (_, value: unknown) =>
            value instanceof RegExp ? String(value) : value,
          ),
        );
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(read(trimmed)).toEqual(read(published));
  }
});

it('says so when acorn is another than the one that is trimmed', () => {
  expect(() => trim('export {}')).toThrow('acorn does not have var scriptValuesAddedInUnicode =  once');
});
