import { expect, it, vi } from 'vitest';
import { isSameBrowserSession } from './browser-session.js';
import { CookieStore } from './cookie-store.js';

function markStore() {
  const names = new Set<string>();
  return {
    names,
    get: async (name: string) => (names.has(name) ? { name } : null),
    set: async ({ name }: { name: string }) => void names.add(name),
  };
}

it('knows a new browser session by the mark that is gone', async () => {
  const store = markStore();
  expect([await isSameBrowserSession(store), await isSameBrowserSession(store)]).toEqual([false, true]);
  store.names.clear();
  expect(await isSameBrowserSession(store)).toBe(false);
});

it('takes it for the same session where nothing can be known', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const broken = { get: () => Promise.reject(new Error('off')), set: async () => {} };
  expect([await isSameBrowserSession(undefined), await isSameBrowserSession(broken)]).toEqual([true, true]);
});

it.each([
  [true, ['kept', 'session']],
  [false, ['kept']],
])('has, the session being the same: %s, the cookies %j', async (isSame, names) => {
  const saved = new CookieStore({
    persistence: { load: async () => undefined, save: async () => {} },
    partitioning: 'all',
  });
  await saved.ready;
  for (const line of ['kept=1; Max-Age=1000', 'session=1'])
    saved.jar.setCookie(line, 'https://a.test/', { http: true });
  const stored = saved.jar.toJSON();
  const store = new CookieStore({
    persistence: { load: async () => stored, save: async () => {} },
    partitioning: 'all',
    isSameSession: async () => isSame,
  });
  await store.ready;
  expect(store.jar.toJSON().map(({ name }) => name)).toEqual(names);
});
