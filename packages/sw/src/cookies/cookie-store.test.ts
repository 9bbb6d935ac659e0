import type { Cookie } from '@culvert/cookies';
import { expect, it, vi } from 'vitest';
import type { Persistence } from '../storage/stored-value.js';
import { CookieStore } from './cookie-store.js';

const cookie: Cookie = {
  name: 'a',
  value: '1',
  domain: 'a.test',
  path: '/',
  hostOnly: true,
  secure: false,
  httpOnly: false,
  sameSite: 'default',
  expires: null,
  created: 1,
  accessed: 1,
};
const create = (persistence: Partial<Persistence<Cookie[]>>, loadTimeout?: number) =>
  new CookieStore({
    persistence: { load: async () => undefined, save: async () => {}, ...persistence },
    partitioning: 'all',
    delay: 10,
    ...(loadTimeout !== undefined && { loadTimeout }),
  });

it('starts with what was stored', async () => {
  const store = create({ load: async () => [cookie] });
  await store.ready;
  expect(store.jar.getCookieHeader('https://a.test/', { sameSite: 'strict' })).toBe('a=1');
});

it('writes changes that come together once', async () => {
  const save = vi.fn(async (_cookies: Cookie[]) => {});
  const store = create({ save });
  store.jar.setCookie('a=1', 'https://a.test/', { http: true });
  const first = store.save();
  store.jar.setCookie('b=2', 'https://a.test/', { http: true });
  await Promise.all([first, store.save()]);
  expect(save.mock.calls.map(([cookies]) => cookies.map(({ name }) => name))).toEqual([['a', 'b']]);
  await store.save();
  expect(save).toHaveBeenCalledTimes(2);
});

it('goes on with an empty jar when the database fails or does not open', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const failing = create({
    load: () => Promise.reject(new Error('no')),
    save: () => Promise.reject(new Error('full')),
  });
  await failing.ready;
  await failing.save();
  await create({ load: () => new Promise(() => {}) }, 5).ready;
  expect(warn).toHaveBeenCalledTimes(3);
});
