import { expect, it } from 'vitest';
import { resolveConfig } from './config.js';

const workerUrl = 'https://proxy.test/assets/culvert.sw.js';

it('has defaults', async () => {
  const config = resolveConfig({ runtimeSource: 'x' }, workerUrl);
  expect(config.settings).toEqual({ origin: 'https://proxy.test', scope: '/service/', urls: 'real' });
  expect(await config.bareServerFor('https://a.test/')).toBe('https://proxy.test/bare/');
  expect(config.build).toMatch(/^[0-9a-f]{8}$/);
});

it('tells builds apart by their runtime', () => {
  const build = (runtimeSource: string) => resolveConfig({ runtimeSource }, workerUrl).build;
  expect(build('a')).not.toBe(build('b'));
  expect(build('a')).toBe(build('a'));
});

it('resolves relative Bare locations against the worker', async () => {
  const { bareServerFor } = resolveConfig({ runtimeSource: 'x', bareServer: ['../b/', '/c/'] }, workerUrl);
  expect(await bareServerFor('https://a.test/')).toBe('https://proxy.test/b/');
});
