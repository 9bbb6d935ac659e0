import { expect, it, vi } from 'vitest';
import { ClientChannel } from '../clients/client-channel.js';
import { HttpSocketBridge } from '../clients/http-socket-bridge.js';
import { createTestWorker, fetchEvent, navigation, origin, route } from '../fetch/fetch.test-support.js';
import { RedirectChains } from '../fetch/redirect-chains.js';
import { Router } from './router.js';
import { ownFilesRoute } from './routes/own-files.js';
import { proxiedResourceRoute } from './routes/proxied-resource.js';

function createRouter() {
  const worker = createTestWorker({
    clients: [{ id: 'page', url: route('https://a.test/') }],
    answer: { body: 'site' },
  });
  const channel = new ClientChannel(worker.services);
  const router = new Router([
    ownFilesRoute(worker.services, channel, new HttpSocketBridge(worker.services.config, worker.services.clients)),
    proxiedResourceRoute(worker.services),
  ]);
  return { ...worker, router };
}

it('serves the runtime of module workers', async () => {
  const { router, sent } = createRouter();
  const url = `${origin}/service/~/worker-runtime.js?kind=worker&url=${encodeURIComponent('https://a.test/w.js')}&site=https%3A%2F%2Fa.test`;
  const response = await router.route(fetchEvent(url, { clientId: 'page', destination: 'worker', mode: 'cors' }))!;
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await response.text()).toMatch(
    /^\(function culvert.*\)\(\{"kind":"worker","url":"https:\/\/a.test\/w.js",.*"topLevelSite":"https:\/\/a.test"/,
  );
  expect(sent).toEqual([]);
});

it.each(['worker-runtime.js?kind=shell', 'nothing', 'toString', ''])('answers 404 for ~/%s', async (name) => {
  const { router, sent } = createRouter();
  const response = await router.route(fetchEvent(`${origin}/service/~/${name}`, { clientId: 'page' }))!;
  expect([response.status, sent]).toEqual([404, []]);
});

it('serves an empty document that runs nothing', async () => {
  const { router, sent } = createRouter();
  const response = await router.route(fetchEvent(`${origin}/service/~/blank`, { mode: 'navigate' }))!;
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect(sent).toEqual([]);
});

it('answers messages that come by request', async () => {
  const { router, services } = createRouter();
  const identity = { url: 'https://a.test/w.js', topLevelSite: 'https://a.test' };
  const body = JSON.stringify({
    from: { ...identity, token: await services.tokens.issue(identity) },
    culvert: 'socket-headers',
    url: 'wss://a.test/',
    origin: 'https://a.test',
    documentUrl: '',
  });
  const response = await router.route(
    fetchEvent(`${origin}/service/~/message`, { method: 'POST', body, clientId: 'page' }),
  )!;
  expect(await response.json()).toMatchObject({ headers: { Host: 'a.test' } });
});

it('lets no web request of a proxied page through to the network', async () => {
  const { router, sent } = createRouter();
  for (const url of ['https://b.test/x', `${origin}/favicon.ico`, `${origin}/culvert.sw.js`]) {
    expect(router.route(fetchEvent(url, { clientId: 'page' }))).not.toBeNull();
  }
  await router.route(navigation('https://a.test/'));
  await vi.waitFor(() => expect(sent.map(({ url }) => url)).toContain('https://a.test/favicon.ico'));
});

it('takes the first route that matches, and none for what none matches', async () => {
  const answer = (text: string) => ({ matches: () => true, handle: async () => new Response(text) });
  const event = fetchEvent('https://a.test/');
  expect(await (await new Router([answer('first'), answer('second')]).route(event)!).text()).toBe('first');
  expect(new Router([]).route(event)).toBeNull();
});

it('answers for a route that throws', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const router = new Router([{ matches: () => true, handle: () => Promise.reject(new Error('bug')) }]);
  expect((await router.route(fetchEvent('https://a.test/'))!).type).toBe('error');
  expect(error).toHaveBeenCalledOnce();
});

it('forgets what led to a redirect after half a minute, and never holds too much', () => {
  const chains = new RedirectChains();
  chains.note('c', 'https://a.test/', ['https://b.test/'], 0);
  expect(chains.take('d', 'https://a.test/', 1)).toEqual([]);
  expect(chains.take('c', 'https://a.test/', 30_001)).toEqual([]);
  for (let i = 0; i < 600; i++) chains.note('c', `https://a.test/${i}`, ['x'], i);
  expect(chains.take('c', 'https://a.test/0', 600)).toEqual([]);
  expect(chains.take('c', 'https://a.test/599', 600)).toEqual(['x']);
});

it('gives the runtime of workers to no fetch() of a page, since a token is in it', async () => {
  const { router } = createRouter();
  const url = `${origin}/service/~/worker-runtime.js?kind=worker&url=${encodeURIComponent('https://a.test/w.js')}&site=x`;
  expect((await router.route(fetchEvent(url, { clientId: 'page', mode: 'cors' }))!).status).toBe(404);
});
