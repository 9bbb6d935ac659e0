import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { version } from './version.js';

it.each(['sw', 'runtime'])('is the version of the package %s', (name) => {
  const file = path.join(import.meta.dirname, '../..', name, 'package.json');
  expect((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version).toBe(version);
});
