import { expect, it } from 'vitest';
import { readWorkerQuery, writeWorkerQuery } from './worker-query.js';

it.each([
  [{}],
  [{ bareServer: ['https://bare.example/a?b=c&d'] }],
  [{ bareServer: ['/bare/', 'https://two.example/'], config: 'culvert.config.js' }],
])('reads what it writes: %j', (query) => {
  expect(readWorkerQuery(writeWorkerQuery(query))).toEqual(query);
});

it('says nothing where there is nothing to say', () => {
  expect(writeWorkerQuery({})).toBe('');
});
