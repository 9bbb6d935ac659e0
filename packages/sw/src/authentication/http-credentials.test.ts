import { expect, it } from 'vitest';
import { HttpCredentials, type StoredCredentials } from './http-credentials.js';

const space = { origin: 'https://a.test', realm: 'wiki', topLevelSite: 'https://a.test' };
const ada = { name: 'ada', password: 'löve:lace' };
const authorization = `Basic ${Buffer.from('ada:löve:lace').toString('base64')}`;

function memory(value?: StoredCredentials[]) {
  const saved: { value: StoredCredentials[] | undefined } = { value };
  return Object.assign(saved, {
    load: async () => saved.value,
    save: async (next: StoredCredentials[]) => void (saved.value = structuredClone(next)),
  });
}

it('knows credentials for the directory that they were given for and those below', async () => {
  const credentials = new HttpCredentials(memory(), { delay: 0 });
  await credentials.store(space, 'https://a.test/wiki/page?x', ada);
  const find = (url: string, site = space.topLevelSite) => credentials.findByPath(url, site)?.authorization;
  expect(find('https://a.test/wiki/other')).toBe(authorization);
  expect(find('https://a.test/wiki/below/page')).toBe(authorization);
  expect(find('https://a.test/page')).toBeUndefined();
  expect(find('http://a.test/wiki/other')).toBeUndefined();
  expect(find('https://a.test/wiki/other', 'https://b.test')).toBeUndefined();
});

it('learns of directories of the same realm', async () => {
  const credentials = new HttpCredentials(memory(), { delay: 0 });
  await credentials.store(space, 'https://a.test/wiki/page', ada);
  await credentials.noteDirectory(credentials.findByRealm(space)!, 'https://a.test/files/x');
  expect(credentials.findByPath('https://a.test/files/y', space.topLevelSite)?.authorization).toBe(authorization);
});

it('has the newest of a realm, and forgets what the site would not have', async () => {
  const credentials = new HttpCredentials(memory(), { delay: 0 });
  await credentials.store(space, 'https://a.test/', { name: 'eve', password: '' });
  await credentials.store(space, 'https://a.test/', ada);
  expect(credentials.findByRealm(space)?.authorization).toBe(authorization);
  await credentials.forget(space);
  expect(credentials.findByRealm(space)).toBeNull();
});

it('outlives the worker, and ends with the browser session', async () => {
  const persistence = memory();
  await new HttpCredentials(persistence, { delay: 0 }).store(space, 'https://a.test/', ada);
  const later = new HttpCredentials(persistence, { delay: 0 });
  await later.ready;
  expect(later.findByRealm(space)?.authorization).toBe(authorization);
  const nextDay = new HttpCredentials(persistence, { delay: 0, isSameSession: async () => false });
  await nextDay.ready;
  expect(nextDay.findByRealm(space)).toBeNull();
  expect(persistence.value).toEqual([]);
});
