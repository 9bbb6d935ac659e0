import { expect, it } from 'vitest';
import { createTestWorker, origin, route } from '../fetch/fetch.test-support.js';
import type { SiteRegistration, SiteWorker } from './site-worker.js';

const worker = (id: string): SiteWorker => ({
  id,
  script: 'https://a.test/sw.js',
  type: 'classic',
  phase: 'activated',
  handlesFetch: true,
  skipsWaiting: false,
});
const registration = (scope: string, more: Partial<SiteRegistration> = {}): SiteRegistration => ({
  id: scope,
  origin: 'https://a.test',
  topLevelSite: 'https://a.test',
  scope,
  updateViaCache: 'imports',
  starting: null,
  installing: null,
  waiting: null,
  active: worker(`worker of ${scope}`),
  isUnregistered: false,
  ...more,
});

async function storeWith(registrations: SiteRegistration[], controlled: [string, string][] = []) {
  const posted: unknown[] = [];
  const client = { id: 'page', url: route('https://a.test/app/'), postMessage: (data: unknown) => posted.push(data) };
  const { services } = createTestWorker({
    clients: [client],
    registrations: { load: async () => ({ registrations, controlled }), save: async () => {} },
  });
  const { store } = services.serviceWorkers;
  await store.ready;
  return { store, posted };
}

it('the longest scope that fits has a URL, within its partition alone', async () => {
  const { store } = await storeWith([registration('https://a.test/'), registration('https://a.test/app/')]);
  expect(store.match('https://a.test/app/x', 'https://a.test')?.scope).toBe('https://a.test/app/');
  expect(store.match('https://a.test/x', 'https://a.test')?.scope).toBe('https://a.test/');
  expect(store.match('https://a.test/x', 'https://b.test')).toBeNull();
  expect(store.match('https://b.test/x', 'https://b.test')).toBeNull();
});

it('what was on its way when the worker was stopped is gone, and what was activating is active', async () => {
  const active = { ...worker('active'), phase: 'activating' as const };
  const stored = registration('https://a.test/', { installing: worker('installing'), starting: worker('new'), active });
  const { store } = await storeWith([stored]);
  expect(store.byWorker('installing')).toBeNull();
  expect(store.byWorker('active')?.worker.phase).toBe('activated');
});

it('an unregistered one is found no more, and shown to whom it still controls', async () => {
  const { store } = await storeWith(
    [registration('https://a.test/', { isUnregistered: true })],
    [['page', 'https://a.test/']],
  );
  const partition = { origin: 'https://a.test', topLevelSite: 'https://a.test' };
  expect(store.match('https://a.test/', 'https://a.test')).toBeNull();
  expect(store.snapshot(partition, 'page').controller).toBe('https://a.test/');
  expect(store.snapshot(partition, 'other').registrations).toEqual([]);
});

it('windows of the partition are told of a change, with an order that only grows', async () => {
  const { store, posted } = await storeWith([registration('https://a.test/')]);
  const partition = { origin: 'https://a.test', topLevelSite: 'https://a.test' };
  await store.changed(partition);
  await store.changed({ origin: 'https://b.test', topLevelSite: 'https://b.test' });
  await store.changed(partition);
  const orders = (posted as { snapshot: { order: number } }[]).map(({ snapshot }) => snapshot.order);
  expect(orders).toHaveLength(2);
  expect(orders[1]).toBeGreaterThan(orders[0]!);
  expect(JSON.stringify(posted[0])).toContain(`${origin}/service/~/service-worker.js?version=`);
});
