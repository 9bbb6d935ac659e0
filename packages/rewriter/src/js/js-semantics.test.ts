import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rewriteScript } from './rewrite-script.js';
import { createProxiedRealm } from './test-realm.test-support.js';
import { unrewriteScript } from './unrewrite-script.js';

interface SemanticsCase {
  source: string;
  expected: unknown;
}

const cases = JSON.parse(readFileSync(new URL('js-semantics.json', import.meta.url), 'utf8')) as SemanticsCase[];

it.each(cases)('evaluates $source as a page must see it', ({ source, expected }) => {
  const rewritten = rewriteScript(source, { kind: 'script' });
  expect(unrewriteScript(rewritten)).toBe(source);
  const result = createProxiedRealm().evaluate(source);
  expect(result === undefined ? 'undefined' : result, rewritten).toEqual(expected);
});
