import { afterEach, expect, it, vi } from 'vitest';
import { origin, route } from './fetch/fetch.test-support.js';
import { startServiceWorker } from './service-worker.js';
import { version } from './version.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('takes over at once, and answers fetches and messages', async () => {
  const scope = Object.assign(new EventTarget(), {
    location: new URL(`${origin}/culvert.sw.js`),
    registration: { scope: `${origin}/service/` },
    navigator: { userAgent: 'Test/1.0', languages: [] },
    clients: { claim: vi.fn(async () => {}), get: async () => undefined, matchAll: async () => [] },
    skipWaiting: vi.fn(async () => {}),
  });
  vi.stubGlobal('self', scope);
  // There is no IndexedDB here: the jar starts empty and says so once.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('indexedDB', { open: () => ({}) });
  startServiceWorker({
    runtimeSource: 'function culvert(){}',
    rewritersSource: 'function rewriters(){}',
    serviceWorkersSource: 'function serviceWorkers(){}',
  });

  const dispatch = (type: string, fields: object = {}) => {
    const work: Promise<unknown>[] = [];
    const event = Object.assign(new Event(type), {
      waitUntil: (promise: Promise<unknown>) => work.push(promise),
      ...fields,
    });
    scope.dispatchEvent(event);
    return Promise.all(work);
  };
  await dispatch('install');
  await dispatch('activate');
  expect(scope.skipWaiting).toHaveBeenCalledOnce();
  expect(scope.clients.claim).toHaveBeenCalledOnce();

  let response: Promise<Response> | undefined;
  const respondWith = (promise: Promise<Response>) => void (response = promise);
  const url = `${origin}/service/~/nothing`;
  await dispatch('fetch', { request: new Request(url), clientId: '', resultingClientId: '', respondWith });
  expect((await response)?.status).toBe(404);
  await dispatch('message', { data: { hello: 1 }, source: { id: 'x', url: route('https://a.test/') }, ports: [] });

  const postMessage = vi.fn();
  await dispatch('message', { data: { culvert: 'version' }, ports: [{ postMessage }] });
  expect(postMessage).toHaveBeenCalledWith({ culvert: 'version', version });
});
