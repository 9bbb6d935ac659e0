import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFolderFile } from './folder-files.js';

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'culvert-folder-'));
  folder = path.join(base, 'site');
  mkdirSync(path.join(folder, 'sub'), { recursive: true });
  writeFileSync(path.join(base, 'secret.txt'), 'secret');
  writeFileSync(path.join(folder, 'index.html'), 'start');
  writeFileSync(path.join(folder, 'sub', 'ä b.txt'), 'text');
  symlinkSync(path.join(base, 'secret.txt'), path.join(folder, 'link.txt'));
});

afterEach(() => rmSync(base, { recursive: true }));

it.each([
  ['/', 'start'],
  ['/index.html', 'start'],
  ['/sub/%C3%A4%20b.txt', 'text'],
])('finds %s', async (urlPath, text) => {
  expect((await findFolderFile(folder, urlPath))?.content.toString()).toBe(text);
});

it.each([
  '/sub/',
  '/sub',
  '/missing',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/link.txt',
  '/%00',
  '/%',
  '/index.html/x',
])('finds nothing at %s', async (urlPath) => {
  expect(await findFolderFile(folder, urlPath)).toBeNull();
});

it('sees what changes', async () => {
  writeFileSync(path.join(folder, 'index.html'), 'changed');
  expect((await findFolderFile(folder, '/'))?.content.toString()).toBe('changed');
});
