import { afterEach, expect, it, vi } from 'vitest';
import { checkBareServer } from './check-bare-server.js';

const manifest = { versions: ['v1', 'v3'], language: 'NodeJS' };

function answer(fetch: (url: string, init?: RequestInit) => Promise<Response>, page = 'http://page.example/'): void {
  vi.stubGlobal('location', new URL(page));
  vi.stubGlobal('fetch', fetch);
}

afterEach(() => vi.unstubAllGlobals());

it('tells the versions of a Bare server', async () => {
  answer(async () => Response.json(manifest));
  expect(await checkBareServer('http://bare.example')).toEqual({ url: 'http://bare.example/', versions: ['v1', 'v3'] });
});

it.each([
  ['a page of HTML', async () => new Response('<p>', { headers: { 'content-type': 'text/html' } })],
  ['JSON that is no manifest', async () => Response.json({ hello: 1 })],
  ['a 404', async () => Response.json(manifest, { status: 404 })],
])('names %s in the place of a Bare server', async (_what, fetch) => {
  answer(fetch);
  await expect(checkBareServer('http://bare.example/')).rejects.toMatchObject({ code: 'NOT_A_BARE_SERVER' });
});

it('tells a server without CORS from one that is not there', async () => {
  answer(async (_url, init) => {
    if (init?.mode === 'no-cors') return new Response();
    throw new TypeError('Failed to fetch');
  });
  await expect(checkBareServer('http://bare.example/')).rejects.toMatchObject({ code: 'BARE_SERVER_WITHOUT_CORS' });
  answer(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(checkBareServer('http://bare.example/')).rejects.toMatchObject({ code: 'BARE_SERVER_UNREACHABLE' });
});

it('names mixed content', async () => {
  answer(() => Promise.reject(new TypeError('Failed to fetch')), 'https://page.example/');
  await expect(checkBareServer('http://bare.example/')).rejects.toMatchObject({
    message: expect.stringContaining('must be, too'),
  });
});
