import { expect, it } from 'vitest';
import { resolveConfig } from './config.js';

const workerUrl = 'https://proxy.test/assets/culvert.sw.js';

it('has defaults', async () => {
  const config = resolveConfig({ runtimeSource: 'x', rewritersSource: 'y', serviceWorkersSource: 'z' }, workerUrl);
  expect(config.settings).toEqual({ origin: 'https://proxy.test', scope: '/service/', urls: 'real' });
  expect(await config.bareServerFor('https://a.test/')).toBe('https://proxy.test/bare/');
  expect(config.build).toMatch(/^[0-9a-f]{8}$/);
});

it('tells builds apart by their runtime', () => {
  const build = (runtimeSource: string) =>
    resolveConfig({ runtimeSource, rewritersSource: 'y', serviceWorkersSource: 'z' }, workerUrl).build;
  expect(build('a')).not.toBe(build('b'));
  expect(build('a')).toBe(build('a'));
});

it('resolves relative Bare locations against the worker', async () => {
  const { bareServerFor } = resolveConfig(
    { runtimeSource: 'x', rewritersSource: 'y', serviceWorkersSource: 'z', bareServer: ['../b/', '/c/'] },
    workerUrl,
  );
  expect(await bareServerFor('https://a.test/')).toBe('https://proxy.test/b/');
});

it('scopes what the engine would send past the worker, unless told otherwise', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
  const { settings, seesSynchronousRequests } = resolveConfig(
    { runtimeSource: 'x', rewritersSource: 'y', serviceWorkersSource: 'z' },
    workerUrl,
    firefox,
  );
  expect(settings.scopedClasses).toEqual(['media']);
  expect(seesSynchronousRequests).toBe(true);
  expect(settings.answerUrl).toBe(workerUrl);
  expect(
    resolveConfig(
      { runtimeSource: 'x', rewritersSource: 'y', serviceWorkersSource: 'z', scopedClasses: [] },
      workerUrl,
      firefox,
    ).settings.scopedClasses,
  ).toEqual([]);
  expect(
    resolveConfig(
      { runtimeSource: 'x', rewritersSource: 'y', serviceWorkersSource: 'z' },
      workerUrl,
      'Chrome/156.0.0.0',
    ).settings.scopedClasses,
  ).toBeUndefined();
});
