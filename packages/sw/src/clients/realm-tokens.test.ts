import { expect, it } from 'vitest';
import { RealmTokens } from './realm-tokens.js';

const identity = { url: 'https://a.test/', topLevelSite: 'https://a.test' };

it('knows its own tokens, for the realm that they were made for alone, after a restart too', async () => {
  let stored: Uint8Array<ArrayBuffer> | undefined;
  const persistence = { load: async () => stored, save: async (key: Uint8Array<ArrayBuffer>) => void (stored = key) };
  const token = await new RealmTokens(persistence, { delay: 0 }).issue(identity);
  await expect.poll(() => stored).toBeDefined();
  const restarted = new RealmTokens(persistence);
  expect(await restarted.isValid(identity, token)).toBe(true);
  expect(await restarted.isValid({ ...identity, url: 'https://b.test/' }, token)).toBe(false);
  expect(await restarted.isValid({ ...identity, topLevelSite: 'https://b.test' }, token)).toBe(false);
});

it.each(['', 'x', 'A'.repeat(44), `${'A'.repeat(43)}=`])('refuses "%s"', async (token) => {
  const tokens = new RealmTokens({ load: async () => undefined, save: async () => {} }, { delay: 0 });
  expect(await tokens.isValid(identity, token)).toBe(false);
});

it('gives the same token again while it is one of the last', async () => {
  const tokens = new RealmTokens({ load: async () => undefined, save: async () => {} }, { delay: 0 });
  const token = tokens.issue(identity);
  expect(tokens.issue({ ...identity })).toBe(token);
  for (let index = 0; index < 60; index++) await tokens.issue({ ...identity, url: `https://a.test/${index}` });
  expect(tokens.issue(identity)).not.toBe(token);
  expect(await tokens.issue(identity)).toBe(await token);
});
