import type { FromServiceWorker } from '@culvert/runtime';
import { expect, it } from 'vitest';
import { createTestWorker, fetchEvent, route, type FakeClient } from '../fetch/fetch.test-support.js';
import { handleFetch } from '../fetch/handle-fetch.js';

type CookiesMessage = Extract<FromServiceWorker, { culvert: 'cookies' }>;

/** A window that keeps what it is told, and acknowledges it if it is told how. */
function createWindow(
  id: string,
  url: string,
  acknowledge?: (id: number) => void,
): FakeClient & { told: CookiesMessage[] } {
  const told: CookiesMessage[] = [];
  return {
    id,
    url: route(url),
    told,
    postMessage(message) {
      told.push(message as CookiesMessage);
      const messageId = (message as CookiesMessage).id;
      if (acknowledge) queueMicrotask(() => acknowledge(messageId));
    },
  };
}

const partition = 'https://a.test';

it('tells the windows that can see a new cookie before the response is given', async () => {
  const acknowledge = (id: number) => worker.services.broadcast.acknowledge(id);
  const page = createWindow('page', 'https://a.test/', acknowledge);
  const sameSite = createWindow('same-site', 'https://www.a.test/', acknowledge);
  const other = createWindow('other', 'https://b.test/', acknowledge);
  const worker = createTestWorker({
    clients: [page, sameSite, other],
    answer: { headers: [['Set-Cookie', 'a=1; Domain=a.test']] },
  });
  for (const record of [page, sameSite, other]) {
    const cookies = worker.services.broadcast.visibleTo((await worker.services.clients.find(record.id))!);
    worker.services.broadcast.noteInitial(record.id, cookies);
  }
  await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page' }), worker.services);
  for (const window of [page, sameSite]) {
    expect(window.told).toHaveLength(1);
    expect(window.told[0]).toMatchObject({ site: 'https://a.test', cookies: [{ name: 'a', value: '1' }] });
  }
  expect(other.told).toEqual([]);
});

it('keeps HttpOnly cookies to itself', async () => {
  const page = createWindow('page', 'https://a.test/');
  const worker = createTestWorker({ clients: [page], answer: { headers: [['Set-Cookie', 'a=1; HttpOnly']] } });
  worker.services.broadcast.noteInitial('page', []);
  await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page' }), worker.services);
  expect(page.told).toEqual([]);
});

it('does not wait longer than the time limit for a window that is busy', async () => {
  const page = createWindow('page', 'https://a.test/');
  const { services } = createTestWorker({ clients: [page], answer: { headers: [['Set-Cookie', 'a=1']] } });
  const started = performance.now();
  await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page' }), services);
  expect(page.told).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(1000);
});

it('does not repeat to a window what it has set itself, unless another list is on its way', async () => {
  const page = createWindow('page', 'https://a.test/');
  const { services } = createTestWorker({ clients: [page] });
  const { broadcast, cookies } = services;
  broadcast.noteInitial('page', []);
  cookies.jar.setCookie('own=1', 'https://a.test/', { http: false, partition });
  await broadcast.announce({ except: 'page' });
  expect(page.told).toEqual([]);

  cookies.jar.setCookie('other=1', 'https://a.test/', { http: true, partition });
  await broadcast.announce();
  cookies.jar.setCookie('own=2', 'https://a.test/', { http: false, partition });
  await broadcast.announce({ except: 'page' });
  expect(page.told.map((message) => message.cookies.map(({ value }) => value))).toEqual([
    ['1', '1'],
    ['2', '1'],
  ]);

  for (const { id } of page.told) broadcast.acknowledge(id);
  cookies.jar.setCookie('own=3', 'https://a.test/', { http: false, partition });
  await broadcast.announce({ except: 'page' });
  expect(page.told).toHaveLength(2);
});

it('shows a document in another site the cookies of its own partition alone', () => {
  const { services } = createTestWorker();
  const { jar } = services.cookies;
  jar.setCookie('first=1', 'https://a.test/', { http: true, partition: 'https://a.test' });
  jar.setCookie('third=1; SameSite=None; Secure', 'https://a.test/', { http: true, partition: 'https://b.test' });
  const names = (topLevelSite: string) =>
    services.broadcast.visibleTo({ url: 'https://a.test/', topLevelSite }).map(({ name }) => name);
  expect([names('https://a.test'), names('https://b.test')]).toEqual([['first'], ['third']]);
  expect(services.broadcast.visibleTo({ url: 'data:,x', topLevelSite: 'null' })).toEqual([]);
});
