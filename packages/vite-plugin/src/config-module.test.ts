import { expect, it } from 'vitest';
import { bundleConfig } from './config-module.js';

const file = '/project/culvert.config.ts';

it('is one script, and knows its files', async () => {
  const chunk = { type: 'chunk', code: 'x', moduleIds: ['\0culvert:config', file] };
  expect(await bundleConfig(file, async () => [chunk, { type: 'asset' }])).toEqual({ code: 'x', files: [file] });
});

it('refuses what would be several scripts, and says which file failed', async () => {
  const chunk = { type: 'chunk', code: 'x', moduleIds: [] };
  const expected = { code: 'CONFIG_FAILED', message: expect.stringContaining(file) };
  await expect(bundleConfig(file, async () => [chunk, chunk])).rejects.toMatchObject(expected);
  await expect(bundleConfig(file, () => Promise.reject(new Error('no')))).rejects.toMatchObject(expected);
});
