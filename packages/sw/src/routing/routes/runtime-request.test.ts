import { afterEach, expect, it, vi } from 'vitest';
import { createTestWorker, fetchEvent, origin } from '../../fetch/fetch.test-support.js';
import { Router } from '../router.js';
import { proxiedResourceRoute } from './proxied-resource.js';
import { runtimeRequestRoute } from './runtime-request.js';

afterEach(() => vi.unstubAllGlobals());

/** The routes in an engine that does or does not bring synchronous requests to the worker, and what they let through. */
function createRouter(seesSynchronousRequests: boolean) {
  const { services, sent } = createTestWorker({ answer: { body: 'site' } });
  services.config.seesSynchronousRequests = seesSynchronousRequests;
  const letThrough: string[] = [];
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    letThrough.push(url);
    return new Response('own');
  });
  const router = new Router([runtimeRequestRoute(services), proxiedResourceRoute(services)]);
  return { router, sent, letThrough };
}

const parsers = () => fetchEvent(`${origin}/culvert.runtime.js`, { mode: 'cors' });
const bareRequest = (directory: string) =>
  fetchEvent(`${directory}v3/`, { mode: 'cors', headers: { 'X-Bare-URL': 'https://a.test/x' } });

it('lets the runtime ask for its parsers and the Bare server synchronously', async () => {
  const { router, sent, letThrough } = createRouter(true);
  for (const event of [parsers(), bareRequest(`${origin}/bare/`)]) {
    expect(await (await router.route(event)!).text()).toBe('own');
  }
  expect(letThrough).toEqual([`${origin}/culvert.runtime.js`, `${origin}/bare/v3/`]);
  expect(sent).toEqual([]);
});

it("takes a request to another Bare server as the page's own", async () => {
  const { router, letThrough } = createRouter(true);
  await router.route(bareRequest('https://bare.test/'));
  expect(letThrough).toEqual([]);
});

it('lets none through where the engine sends them past the worker', async () => {
  const { router, letThrough } = createRouter(false);
  for (const event of [parsers(), bareRequest(`${origin}/bare/`)]) await router.route(event);
  expect(letThrough).toEqual([]);
});
