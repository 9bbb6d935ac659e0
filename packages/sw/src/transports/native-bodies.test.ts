import { afterEach, expect, it, vi } from 'vitest';
import { fetchRemembering, readWhole } from './native-bodies.js';

afterEach(() => vi.unstubAllGlobals());

async function fetched() {
  const native = new Response('text');
  vi.stubGlobal('fetch', async () => native);
  const answer = await fetchRemembering('https://bare.test/');
  return { native, wrapped: new Response(answer.body) };
}

it("reads a body that was wrapped in another Response from the engine's own", async () => {
  const { native, wrapped } = await fetched();
  const read = vi.spyOn(native, 'arrayBuffer');
  expect(new TextDecoder().decode(await readWhole(wrapped))).toBe('text');
  expect(read).toHaveBeenCalledOnce();
});

it('reads what is left where somebody has divided the body', async () => {
  const { wrapped } = await fetched();
  const copy = wrapped.clone();
  expect(new TextDecoder().decode(await readWhole(wrapped))).toBe('text');
  expect(await copy.text()).toBe('text');
});

it('reads a body of another origin as it is', async () => {
  expect(new TextDecoder().decode(await readWhole(new Response('own')))).toBe('own');
});
