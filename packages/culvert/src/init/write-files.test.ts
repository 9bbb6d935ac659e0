import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFiles } from './write-files.js';

let base: string;
let source: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'culvert-init-'));
  source = path.join(base, 'built');
  folder = path.join(base, 'new', 'site');
  const page = '<html data-service-worker="/culvert.sw.js" data-scope="/service/" data-bare="/bare/">';
  const starter = '<script src="culvert.js" data-bare="bare/" data-scope="service/"></script>';
  rmSync(source, { recursive: true, force: true });
  writeAll({
    'culvert.js': '1',
    'culvert.sw.js': '2',
    'culvert.runtime.js': '3',
    'culvert.http-socket.js': '4',
    'bootstrap.html': page,
    'starter.html': starter,
  });
});

afterEach(() => rmSync(base, { recursive: true }));

function writeAll(files: Record<string, string>): void {
  source = mkdtempSync(path.join(base, 'built-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(source, name), text);
}

const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

it('makes the folder and writes everything that a first page needs', async () => {
  const result = await writeFiles({ folder, bare: 'https://b.example/?a=1&b=$&', scope: 'go/', source });
  expect(result).toEqual({
    hasStarter: true,
    written: [
      'culvert.js',
      'culvert.sw.js',
      'culvert.runtime.js',
      'culvert.http-socket.js',
      'culvert.html',
      'index.html',
    ],
  });
  expect(read('index.html')).toContain('data-bare="https://b.example/?a=1&amp;b=$&amp;" data-scope="go/"');
  expect(read('culvert.html')).toContain(
    'data-service-worker="culvert.sw.js?bare=https%3A%2F%2Fb.example%2F%3Fa%3D1%26b%3D%24%26" data-scope="go/" data-bare=""',
  );
});

it('updates the files of an existing site and leaves its page alone', async () => {
  await writeFiles({ folder, bare: 'bare/', scope: 'service/', source });
  writeFileSync(path.join(folder, 'index.html'), 'mine');
  writeFileSync(path.join(folder, 'culvert.js'), 'old');
  const { hasStarter } = await writeFiles({ folder, bare: 'bare/', scope: 'service/', source });
  expect([hasStarter, read('index.html'), read('culvert.js')]).toEqual([false, 'mine', '1']);
});

it('says what is in the way', async () => {
  const options = { folder, bare: 'bare/', scope: 'service/', source };
  await expect(writeFiles({ ...options, source: base })).rejects.toMatchObject({ code: 'NOT_BUILT' });
  const file = path.join(base, 'file');
  writeFileSync(file, '');
  await expect(writeFiles({ ...options, folder: file })).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' });
});
