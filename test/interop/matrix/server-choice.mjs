/**
 * @module
 * How a client finds its way: the manifest, the newest version, the directory's URL.
 */
import assert from 'node:assert/strict';
import { succeeds } from './assertions.mjs';

export const serverChoiceCases = [
  {
    id: 'manifest/slash or none',
    row: 'directory with and without a slash',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => response.end('ok'));
      const withSlash = await cell.fetch({ url: route.url });
      const without = await cell.fetch({ url: route.url }, cell.base.slice(0, -1));
      return [withSlash, without];
    },
    expect(answers) {
      for (const answer of answers) {
        succeeds(answer);
        assert.equal(answer.text, 'ok');
      }
    },
  },
  {
    id: 'manifest/newest version',
    row: 'the newest common version is used',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => response.end('ok'));
      await cell.server.targets();
      const answer = await cell.fetch({ url: route.url }, cell.server.url());
      const targets = await cell.server.targets();
      return { answer, used: targets.map((target) => /\/bare\/(v\d)\//.exec(target)?.[1]).filter(Boolean) };
    },
    expect({ answer, used }, cell) {
      succeeds(answer);
      const newest = { ours: 'v3', 'client-2.1.0': 'v3', 'bare-as-module3': 'v3', 'client-1.1.1': 'v2' }[cell.client];
      assert.deepEqual([...new Set(used)], [newest]);
    },
    // Once for each pair is enough.
    versions: ['v3', 'v2'],
    isVersionFree: true,
  },
  {
    id: 'manifest/forced version',
    row: 'a version can be forced',
    clients: ['ours'],
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => response.end('ok'));
      await cell.server.targets();
      const answer = await cell.fetch({ url: route.url, options: { version: cell.version } }, cell.server.url());
      const targets = await cell.server.targets();
      return { answer, used: targets.map((target) => /\/bare\/(v\d)\//.exec(target)?.[1]) };
    },
    expect({ answer, used }, cell) {
      succeeds(answer);
      assert.deepEqual([...new Set(used)], [cell.version]);
    },
  },
];
