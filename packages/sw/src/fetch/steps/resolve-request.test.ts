import { expect, it } from 'vitest';
import {
  createTestWorker,
  fetchEvent,
  navigation,
  origin,
  route,
  type FakeClient,
  type RequestOptions,
} from '../fetch.test-support.js';
import { resolveRequest } from './resolve-request.js';

const page: FakeClient = { id: 'page', url: route('https://a.test/dir/page') };
const host: FakeClient = { id: 'host', url: `${origin}/` };

async function resolve(url: string, options: RequestOptions = {}, clients = [page]) {
  const { services } = createTestWorker({ clients });
  return resolveRequest(fetchEvent(url, { clientId: 'page', ...options }), services);
}

it('decodes a route exactly, an empty query included', async () => {
  for (const remoteUrl of [
    'https://a.test/x?',
    'https://a.test/?a=%20&b#f',
    'https://a.test/%2F?u=https://b.test/?x',
  ]) {
    const resolved = await resolve(route(remoteUrl), { mode: 'navigate', destination: 'document' });
    expect(resolved.remoteUrl).toBe(remoteUrl.replace('#f', ''));
  }
});

it('sends a referrer by the policy "same-origin", which the browser takes for one of another origin', async () => {
  const { initiator } = await resolve('https://a.test/x.png', { referrer: '', referrerPolicy: 'same-origin' });
  expect(initiator.referrerSource).toBe('https://a.test/dir/page');
  const none = await resolve('https://a.test/x.png', { referrer: '', referrerPolicy: 'no-referrer' });
  expect(none.initiator.referrerSource).toBeNull();
});

it('takes a URL of another origin for the real one', async () => {
  expect(await resolve('https://b.test/x.png?q', { destination: 'image' })).toMatchObject({
    remoteUrl: 'https://b.test/x.png?q',
    asset: null,
    load: 'other',
  });
});

it.each<[misdirected: string, remoteUrl: string]>([
  ['/lib.js?q', 'https://a.test/lib.js?q'],
  ['/service/html/beside.js', 'https://a.test/dir/beside.js'],
  ['/service/worker/sub/x.js', 'https://a.test/dir/sub/x.js'],
  ['/service/above.js', 'https://a.test/above.js'],
  ['/', 'https://a.test/'],
])('resolves %s of our own origin against the page, and never lets it through', async (path, remoteUrl) => {
  expect(await resolve(origin + path, { destination: 'script' })).toMatchObject({ remoteUrl, asset: null });
});

it.each<[path: string, code: string]>([
  ['/service/html/nonsense', 'SW_INVALID_ROUTE'],
  ['/service/', 'SW_INVALID_ROUTE'],
  ['/service/html/%E0%A4%A', 'SW_INVALID_ROUTE'],
  ['/service/nothing/https%3A%2F%2Fa.test%2F', 'SW_UNKNOWN_ASSET'],
  ['/service/html/ftp%3A%2F%2Fa.test%2F', 'SW_UNSUPPORTED_SCHEME'],
  ['/service/html/javascript%3Aalert(1)', 'SW_UNSUPPORTED_SCHEME'],
  ['/service/js/data%3Atext%2Fjavascript%2C1', 'SW_UNSUPPORTED_SCHEME'],
])('refuses %s of a user with %s', async (path, code) => {
  const { services } = createTestWorker();
  const event = fetchEvent(origin + path, { mode: 'navigate', destination: 'document' });
  await expect(resolveRequest(event, services)).rejects.toMatchObject({ code });
});

it.each<[RequestOptions & { asset?: string }, string]>([
  [{ mode: 'navigate', destination: 'document', asset: 'html' }, 'document'],
  [{ mode: 'navigate', destination: 'iframe', asset: 'html' }, 'document'],
  [{ mode: 'same-origin', destination: 'worker', asset: 'worker' }, 'worker'],
  [{ mode: 'same-origin', destination: 'sharedworker', asset: 'sharedworker' }, 'sharedworker'],
  [{ mode: 'cors', destination: 'worker' }, 'script'],
  [{ destination: 'script' }, 'script'],
  [{ destination: 'style' }, 'stylesheet'],
  [{ destination: '', asset: 'js' }, 'script'],
  [{ destination: '', asset: 'css' }, 'stylesheet'],
  [{ destination: 'image' }, 'other'],
  [{ destination: 'audioworklet' }, 'other'],
])('loads %j as a %s', async ({ asset, ...options }, load) => {
  const url = asset === undefined ? 'https://a.test/x' : route('https://a.test/x', asset);
  expect((await resolve(url, options)).load).toBe(load);
});

it('maps an upgraded URL of the page’s own host back under an https: proxy', async () => {
  const { services } = createTestWorker({ clients: [{ id: 'page', url: route('http://a.test:81/') }] });
  services.config.settings.origin = 'https://proxy.test';
  void services.clients.remember({
    id: 'page',
    url: 'http://a.test:81/',
    topLevelSite: 'http://a.test',
    isTopLevel: true,
    referrerPolicy: '',
  });
  const remoteUrl = async (url: string) =>
    (await resolveRequest(fetchEvent(url, { clientId: 'page' }), services)).remoteUrl;
  expect(await remoteUrl('https://a.test:81/x')).toBe('http://a.test:81/x');
  expect(await remoteUrl('https://a.test/x')).toBe('https://a.test/x');
  expect(await remoteUrl('https://b.test:81/x')).toBe('https://b.test:81/x');
});

it('finds the initiator by its client', async () => {
  const { initiator, topLevelSite, sameSite } = await resolve('https://a.test/x');
  expect(initiator).toMatchObject({ url: 'https://a.test/dir/page', record: { id: 'page' } });
  expect([topLevelSite, sameSite]).toEqual(['https://a.test', 'strict']);
});

it('finds the initiator of a navigation by its referrer', async () => {
  const { services } = createTestWorker({ clients: [page] });
  const event = navigation('https://b.test/', { referrer: `${page.url}#frag` });
  expect((await resolveRequest(event, services)).initiator).toMatchObject({
    url: 'https://a.test/dir/page',
    record: { id: 'page' },
  });
});

it('takes a navigation from the embedding page for the user’s', async () => {
  const { services } = createTestWorker({ clients: [host, page] });
  const event = navigation('https://b.test/', { referrer: `${origin}/`, destination: 'iframe' });
  expect(await resolveRequest(event, services)).toMatchObject({
    initiator: { url: null },
    isTopLevel: true,
    topLevelSite: 'https://b.test',
    sameSite: 'strict',
  });
});

it('sends the referrer of a stylesheet, and knows the page behind it', async () => {
  const { initiator } = await resolve('https://fonts.test/f.woff', {
    destination: 'font',
    referrer: 'https://cdn.test/s.css',
  });
  expect(initiator).toMatchObject({ url: 'https://a.test/dir/page', referrerSource: 'https://cdn.test/s.css' });
});

const topRecord = { topLevelSite: 'https://a.test', isTopLevel: true, referrerPolicy: '' } as const;
const framed: FakeClient = { ...page, frameType: 'nested' };

it.each<[title: string, clients: FakeClient[]]>([
  ['in a top-level window', [page]],
  ['in an embedding page', [host, framed]],
])('takes the first load of a frame of a proxied document %s for nested', async (_title, clients) => {
  const { services } = createTestWorker({ clients });
  const event = navigation('https://b.test/', { referrer: page.url, destination: 'iframe' });
  const expected = { isTopLevel: false, topLevelSite: 'https://a.test', sameSite: 'cross' };
  expect(await resolveRequest(event, services)).toMatchObject(expected);
});

it('lets a document that takes the place of another stand where that stood', async () => {
  const { services } = createTestWorker({ clients: [host, framed] });
  const event = () => navigation('https://b.test/', { referrer: page.url, destination: 'iframe', clientId: 'page' });
  const url = 'https://a.test/dir/page';
  void services.clients.remember({ ...topRecord, id: 'page', url });
  const topLevel = { isTopLevel: true, topLevelSite: 'https://b.test', sameSite: 'lax' };
  expect(await resolveRequest(event(), services)).toMatchObject(topLevel);
  void services.clients.remember({ ...topRecord, id: 'page', url, isTopLevel: false });
  const nested = { isTopLevel: false, topLevelSite: 'https://a.test', sameSite: 'cross' };
  expect(await resolveRequest(event(), services)).toMatchObject(nested);
});

it('does not take the document that is replaced for the one that asks', async () => {
  const { services } = createTestWorker({ clients: [page] });
  const { initiator } = await resolveRequest(navigation('https://b.test/', { clientId: 'page' }), services);
  expect(initiator).toEqual({ url: null, originUrl: null, record: null, referrerSource: null });
});

it('knows of clients what an earlier run of the worker knew', async () => {
  const record = { ...topRecord, id: 'frame', url: 'https://b.test/', isTopLevel: false };
  const records = { load: async () => [record], save: async () => {} };
  const { services } = createTestWorker({ clients: [host, framed], records });
  const { topLevelSite, sameSite } = await resolveRequest(
    fetchEvent('https://b.test/x', { clientId: 'frame' }),
    services,
  );
  expect([topLevelSite, sameSite]).toEqual(['https://a.test', 'cross']);
});

it('takes the bootstrap page in a frame of the embedding page for top-level', async () => {
  const { services } = createTestWorker({ clients: [host, framed] });
  const event = navigation('https://a.test/dir/page', { destination: 'iframe', clientId: 'page' });
  expect(await resolveRequest(event, services)).toMatchObject({ isTopLevel: true, topLevelSite: 'https://a.test' });
});

it.each<[title: string, options: RequestOptions, sameSite: string]>([
  ['the user', {}, 'strict'],
  ['the same site', { referrer: route('https://www.b.test/') }, 'strict'],
  ['another site', { referrer: route('https://a.test/') }, 'lax'],
  ['another site by POST', { referrer: route('https://a.test/'), method: 'POST' }, 'lax-unsafe'],
])('knows the SameSite context of a navigation by %s', async (_title, options, sameSite) => {
  const { services } = createTestWorker();
  expect((await resolveRequest(navigation('https://b.test/', options), services)).sameSite).toBe(sameSite);
});

it.each<[RequestCredentials, url: string, expected: boolean]>([
  ['omit', 'https://a.test/', false],
  ['same-origin', 'https://a.test/', true],
  ['same-origin', 'https://www.a.test/', false],
  ['include', 'https://b.test/', true],
])('with credentials %s a request for %s has them: %s', async (credentials, url, expected) => {
  expect((await resolve(url, { mode: 'cors', credentials })).hasCredentials).toBe(expected);
});

it('remembers the redirects that led here, once', async () => {
  const { services } = createTestWorker({ clients: [page] });
  services.redirects.note('page', 'https://a.test/x', ['https://b.test/']);
  const resolveAgain = () =>
    resolveRequest(fetchEvent('https://a.test/x', { clientId: 'page', credentials: 'same-origin' }), services);
  expect(await resolveAgain()).toMatchObject({ redirectChain: ['https://b.test/'], hasCredentials: false });
  expect(await resolveAgain()).toMatchObject({ redirectChain: [], hasCredentials: true });
});
