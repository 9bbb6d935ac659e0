import { expect, it } from 'vitest';
import { createTestWorker, fetchEvent, headerOf, navigation, route, type Sent } from '../fetch/fetch.test-support.js';
import { handleFetch } from '../fetch/handle-fetch.js';

const authorization = `Basic ${btoa('ada:secret')}`;
const page = { id: 'page', url: route('https://a.test/private/page') };

/** `a.test` lets nobody below `/private/` or `/files/` who has not said who they are; `b.test` asks for Digest. */
function createSite() {
  return createTestWorker({
    clients: [page],
    answer: (sent: Sent) => {
      const { pathname, host } = new URL(sent.url);
      if (host === 'b.test')
        return { status: 401, headers: [['WWW-Authenticate', 'Digest realm="d"']], body: 'digest' };
      if (pathname === '/' || headerOf(sent, 'authorization') === authorization) return { body: 'inside' };
      return { status: 401, headers: [['WWW-Authenticate', 'Basic realm="<vault>"']], body: 'out' };
    },
  });
}

type Worker = ReturnType<typeof createSite>;
const open = async ({ services }: Worker, url: string, init = {}) => {
  const response = await handleFetch(navigation(url, init), services);
  return { status: response.status, text: await response.text() };
};
const load = async ({ services }: Worker, url: string, init = {}) =>
  (await handleFetch(fetchEvent(url, { clientId: 'page', mode: 'cors', ...init }), services)).status;

async function answer({ services }: Worker, fields: Record<string, string>): Promise<number> {
  const body = new FormData();
  const all = {
    url: 'https://a.test/private/page',
    realm: '<vault>',
    site: 'https://a.test',
    answer: 'sign-in',
    ...fields,
  };
  for (const [name, value] of Object.entries(all)) body.set(name, value);
  return (await services.signIns.answer(new Request('https://proxy.test/', { method: 'POST', body }))).status;
}

it('asks who is there in the place of a document that the site keeps back', async () => {
  const { status, text } = await open(createSite(), 'https://a.test/private/page');
  expect(status).toBe(401);
  expect(text).toContain('https://a.test asks for a name and a password for “&lt;vault&gt;”');
  expect(text).not.toContain('role="alert"');
});

it('sends what was answered to the directory and those below, and elsewhere once it is asked for', async () => {
  const site = createSite();
  await answer(site, { name: 'ada', password: 'secret' });
  expect((await open(site, 'https://a.test/private/page')).text).toContain('inside');
  expect(await load(site, 'https://a.test/private/below/x')).toBe(200);
  expect(await load(site, 'https://a.test/')).toBe(200);
  expect(await load(site, 'https://a.test/files/x')).toBe(200);
  expect(await load(site, 'https://a.test/files/y')).toBe(200);
  const sent = site.sent.map((one) => [new URL(one.url).pathname, headerOf(one, 'authorization') ?? '-']);
  expect(sent).toEqual([
    ['/private/page', authorization],
    ['/private/below/x', authorization],
    ['/', '-'],
    ['/files/x', '-'],
    ['/files/x', authorization],
    ['/files/y', authorization],
  ]);
});

it('asks again for what the site refused, and forgets it', async () => {
  const site = createSite();
  await answer(site, { name: 'ada', password: 'wrong' });
  expect((await open(site, 'https://a.test/private/page')).text).toContain('role="alert"');
  expect((await open(site, 'https://a.test/private/page')).text).not.toContain('role="alert"');
});

it('shows the answer of the site once where the user gives none', async () => {
  const site = createSite();
  expect(await answer(site, { answer: 'cancel' })).toBe(204);
  expect((await open(site, 'https://a.test/private/page')).text).toContain('out');
  expect((await open(site, 'https://a.test/private/page')).text).toContain('Sign in');
});

it.each([
  ['a scheme that it does not speak', 'https://b.test/', {}, 'digest'],
  ['a form that was posted', 'https://a.test/private/page', { method: 'POST', body: 'x' }, 'out'],
])('leaves the answer to %s as it is', async (_case, url, init, text) => {
  expect((await open(createSite(), url, init)).text).toContain(text);
});

it('sends nothing with a request that has no credentials, or that brings its own', async () => {
  const site = createSite();
  await answer(site, { name: 'ada', password: 'secret' });
  expect(await load(site, 'https://a.test/private/x', { credentials: 'omit' })).toBe(401);
  expect(await load(site, 'https://a.test/private/x', { headers: { authorization: 'Bearer own' } })).toBe(401);
  expect(site.sent.map((one) => headerOf(one, 'authorization'))).toEqual([undefined, 'Bearer own']);
});

it('takes the answer of the user for what stands in the URL, when the site has refused that', async () => {
  const site = createSite();
  const url = 'https://eve:x@a.test/private/page';
  expect((await open(site, url)).text).toContain('role="alert"');
  await answer(site, { url, name: 'ada', password: 'secret' });
  expect((await open(site, url)).text).toContain('inside');
});

it('takes no form but its own', async () => {
  const site = createSite();
  const request = new Request('https://proxy.test/', { method: 'POST', body: new FormData() });
  await expect(site.services.signIns.answer(request)).rejects.toMatchObject({ code: 'SW_INVALID_SIGN_IN' });
});
