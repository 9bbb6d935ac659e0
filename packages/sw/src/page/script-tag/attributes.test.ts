import { expect, it } from 'vitest';
import { readTag } from './attributes.js';

const source = 'https://static.example/tools/culvert.js';

it('finds everything beside the script', () => {
  expect(readTag({}, source)).toEqual({
    scope: '/tools/service/',
    serviceWorker: 'https://static.example/tools/culvert.sw.js?bare=https%3A%2F%2Fstatic.example%2Ftools%2Fbare%2F',
    bareServers: ['https://static.example/tools/bare/'],
  });
});

it('reads several Bare servers, a scope without its slash and another worker', () => {
  const tag = readTag({ bare: ' https://a.example/\n /b/ ', scope: '/go', worker: '/sw.js' }, source);
  expect(tag.scope).toBe('/go/');
  expect(tag.bareServers).toEqual(['https://a.example/', 'https://static.example/b/']);
  expect(tag.serviceWorker).toMatch(/^https:\/\/static\.example\/sw\.js\?bare=/);
});

it('leaves the Bare server to a configuration file', () => {
  expect(readTag({ config: 'culvert.config.js' }, source)).toEqual({
    scope: '/tools/service/',
    serviceWorker:
      'https://static.example/tools/culvert.sw.js?config=https%3A%2F%2Fstatic.example%2Ftools%2Fculvert.config.js',
    bareServers: [],
    config: 'https://static.example/tools/culvert.config.js',
  });
});
