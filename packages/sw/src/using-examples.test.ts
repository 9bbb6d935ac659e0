/** @module The configuration files that docs/using.md shows do what it says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { BareClient } from '@culvert/bare-client';
import { expect, it } from 'vitest';
import type { ServiceWorkerOptions } from './config.js';

const text = readFileSync(fileURLToPath(new URL('../../../docs/using.md', import.meta.url)), 'utf8');
const examples = [...text.matchAll(/```js\n(\/\/ culvert\.config\.js\n[\s\S]*?)```/g)].map(([, code]) => code!);

/** Runs the example that holds the text, as the worker does, and asks for URLs through what it configures. */
function run(part: string, globals: object = {}) {
  const found = examples.filter((code) => code.includes(part));
  expect(found, `examples with ${part}`).toHaveLength(1);
  const self: { culvertConfig?: Partial<ServiceWorkerOptions> } = {};
  vm.runInNewContext(found[0]!, { self, ...globals });
  const asked: string[] = [];
  const down = new Set<string>();
  const client = new BareClient(self.culvertConfig!.bareServer!, {
    version: 'v3',
    fetch: async (input) => {
      const server = String(input instanceof Request ? input.url : input).replace(/v3\/.*/, '');
      asked.push(server);
      if (down.has(server)) throw new TypeError('Failed to fetch');
      return new Response('', { headers: { 'x-bare-status': '200', 'x-bare-headers': '{}' } });
    },
  });
  return { asked, down, get: (url: string) => client.fetch(url) };
}

it('the pool keeps a site at one server, and goes on to the others', async () => {
  const { asked, down, get } = run('const pool');
  await get('https://a.test/one');
  await get('https://a.test/two');
  expect(asked[1]).toBe(asked[0]);
  for (const name of 'bcdefgh') await get(`https://${name}.test/`);
  expect(new Set(asked).size).toBe(3);

  for (const server of asked) down.add(server);
  const before = asked.length;
  await expect(get('https://a.test/three')).rejects.toThrow();
  expect(new Set(asked.slice(before))).toEqual(down);
});

it('the choice by country takes a server of the country, and the general one', async () => {
  const { asked, down, get } = run('byCountry');
  await get('https://www.site.jp/');
  await get('https://site.example/');
  expect(asked).toEqual(['https://jp.bare.example/', 'https://bare.example/']);
  down.add('https://de.bare.example/');
  await get('https://site.de/');
  expect(asked.slice(2)).toEqual(['https://de.bare.example/', 'https://bare.example/']);
});

it('the token is kept until it is about to expire', async () => {
  let now = 1_000_000;
  let count = 0;
  const { asked, get } = run('/token', {
    Date: { now: () => now },
    fetch: async () => Response.json({ token: `t${++count}`, expires: now + 60_000 }),
  });
  await get('https://a.test/');
  now += 29_000;
  await get('https://a.test/');
  now += 2000;
  await get('https://a.test/');
  expect(asked).toEqual(['https://bare.example/t1/', 'https://bare.example/t1/', 'https://bare.example/t2/']);
});
