import { expect, it, vi } from 'vitest';
import { RewrittenScripts } from './rewritten-scripts.js';

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));

it('rewrites the same bytes once, and again where what it depends on differs', async () => {
  const scripts = new RewrittenScripts();
  const rewrite = vi.fn(() => bytes('rewritten'));
  const first = await scripts.rewrite(bytes('top.x'), 'script', rewrite);
  expect(await scripts.rewrite(bytes('top.x'), 'script', rewrite)).toBe(first);
  expect(rewrite).toHaveBeenCalledOnce();
  await scripts.rewrite(bytes('top.x'), 'module', rewrite);
  await scripts.rewrite(bytes('top.y'), 'script', rewrite);
  expect(rewrite).toHaveBeenCalledTimes(3);
});

it('gives a script without edits back as it came', async () => {
  const scripts = new RewrittenScripts();
  const [source, again] = [bytes('let x'), bytes('let x')];
  expect(await scripts.rewrite(source, 'script', () => source)).toBe(source);
  expect(await scripts.rewrite(again, 'script', () => bytes('never'))).toBe(again);
});

it('forgets what was not used for the longest time', async () => {
  const scripts = new RewrittenScripts(1000);
  const rewrite = vi.fn(() => new Uint8Array(250));
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await scripts.rewrite(bytes(text), 'script', rewrite);
  expect(rewrite).toHaveBeenCalledTimes(4);
});
