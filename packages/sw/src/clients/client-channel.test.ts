import { expect, it, vi } from 'vitest';
import { createTestWorker, fetchEvent, headerOf, origin, route, type FakeClient } from '../fetch/fetch.test-support.js';
import { handleFetch } from '../fetch/handle-fetch.js';
import { siteOf } from '../site.js';
import { ClientChannel } from './client-channel.js';
import { parseMessage } from './message-schema.js';

const page: FakeClient = { id: 'page', url: route('https://a.test/dir/page') };

const setCookie = (index: number, cookie: string, url = 'https://a.test/') => ({
  culvert: 'set-cookie',
  url,
  cookie,
  by: 0.5,
  index,
});

function connect(clients = [page]) {
  const worker = createTestWorker({ clients });
  const channel = new ClientChannel(worker.services);
  const send = async (data: unknown, source: unknown = worker.clients[0]) => {
    const postMessage = vi.fn();
    const url = decodeURIComponent(clients[0]?.url.split('/html/')[1] ?? 'https://a.test/');
    const identity = { url, topLevelSite: siteOf(url) };
    const from = { ...identity, token: await worker.services.tokens.issue(identity) };
    await channel.receive({
      data: { from, ...(data as object) },
      source,
      ports: [{ postMessage }],
      waitUntil: () => undefined,
    });
    return postMessage.mock.calls[0]?.[0] as unknown;
  };
  return { ...worker, channel, send };
}

it.each([
  ['no object', 'set-cookie'],
  ['null', null],
  ['an unknown kind', { culvert: 'open-sesame' }],
  ['a cookie without URL', { culvert: 'set-cookie', cookie: 'a=1', by: 0.5, index: 1 }],
  ['a cookie of no web URL', { culvert: 'set-cookie', url: 'data:,x', cookie: 'a=1', by: 0.5, index: 1 }],
  ['a cookie that is no text', { culvert: 'set-cookie', url: 'https://a.test/', cookie: 1, by: 0.5, index: 1 }],
  ['a cookie without its number', { culvert: 'set-cookie', url: 'https://a.test/', cookie: 'a=1', by: 0.5 }],
  ['a cookie that is far too long', setCookie(1, 'a'.repeat(70_000))],
  ['cookies that are no list', { culvert: 'socket-cookies', url: 'wss://a.test/', cookies: 'a=1' }],
  ['an id that is no number', { culvert: 'cookies-seen', id: '1' }],
  ['a socket to a file', { culvert: 'socket-headers', url: 'file:///x', origin: 'x', documentUrl: 'x' }],
])('takes %s for no message', (_title, data) => {
  expect(parseMessage(data)).toBeNull();
});

it('stores what document.cookie sets', async () => {
  const { send, services } = connect();
  await send(setCookie(1, 'a=é; Path=/', 'https://a.test/dir/page'));
  expect(services.cookies.jar.toJSON()).toMatchObject([{ name: 'a', value: 'é', partition: 'https://a.test' }]);
});

it('gives a request the cookie that its page has set just before', async () => {
  const { channel, services, sent } = connect();
  const identity = { url: 'https://a.test/', topLevelSite: 'https://a.test' };
  const from = { ...identity, token: await services.tokens.issue(identity) };
  const data = { from, ...setCookie(1, 'a=1; Path=/') };
  // Who sent the message is still being checked when the request comes.
  const stored = channel.receive({ data, source: { id: 'page' }, ports: [], waitUntil: () => undefined });
  const response = handleFetch(fetchEvent('https://a.test/x', { clientId: 'page', mode: 'cors' }), services);
  await Promise.all([stored, response]);
  expect(headerOf(sent[0], 'cookie')).toBe('a=1');
});

it('stores a cookie once that comes as a message and in the header of a request, and keeps the order', async () => {
  const { channel, send, services } = connect();
  const identity = { url: 'https://a.test/', topLevelSite: 'https://a.test' };
  const from = { ...identity, token: await services.tokens.issue(identity) };
  const inHeader = (index: number, cookie: string) => {
    const header = encodeURIComponent(JSON.stringify({ from, ...setCookie(index, cookie) }));
    const event = fetchEvent(`${origin}/service/~/message`, {
      headers: { 'culvert-message': header },
      clientId: 'page',
    });
    return channel.receiveHeader(event);
  };
  expect(await Promise.all([inHeader(1, 'a=1'), inHeader(2, 'a=é')])).toEqual([true, true]);
  await send(setCookie(1, 'a=1'));
  expect(services.cookies.jar.toJSON()).toMatchObject([{ name: 'a', value: 'é' }]);
  await send(setCookie(3, 'a=3'));
  expect(services.cookies.jar.toJSON()).toMatchObject([{ name: 'a', value: '3' }]);
  expect(await channel.receiveHeader(fetchEvent(`${origin}/service/~/message`))).toBe(false);
});

it('does not let a line without proof stand for one that has it', async () => {
  const { send, services } = connect();
  await send({ ...setCookie(5, 'a=5'), from: null });
  await send(setCookie(1, 'a=1'));
  expect(services.cookies.jar.toJSON()).toMatchObject([{ name: 'a', value: '1' }]);
});

it('stores no cookie for another origin, and no HttpOnly one', async () => {
  const { send, services } = connect();
  await send(setCookie(1, 'a=1', 'https://b.test/'));
  await send(setCookie(2, 'a=1; HttpOnly'));
  expect(services.cookies.jar.size).toBe(0);
});

it('corrects a page that believes in a cookie that was refused', async () => {
  const told: unknown[] = [];
  const { send, services } = connect([{ ...page, postMessage: (message) => void told.push(message) }]);
  services.broadcast.noteInitial('page', []);
  await send(setCookie(1, 'a=1; Domain=test'));
  expect(told).toMatchObject([{ culvert: 'cookies', cookies: [] }]);
});

it('answers for the headers of a WebSocket', async () => {
  const { send, services } = connect();
  services.cookies.jar.setCookie('a=1; HttpOnly', 'https://a.test/', { http: true, partition: 'https://a.test' });
  const message = { culvert: 'socket-headers', origin: 'https://a.test', documentUrl: 'https://a.test/dir/page' };
  expect(await send({ ...message, url: 'wss://a.test/socket' })).toMatchObject({
    headers: { Host: 'a.test', Origin: 'https://a.test', Cookie: 'a=1', 'User-Agent': 'Test/1.0' },
  });
  expect(await send({ ...message, url: 'wss://b.test/socket' })).not.toHaveProperty('headers.Cookie');
});

it('refuses a WebSocket that the policy of its page forbids, and tells the page', async () => {
  const told: unknown[] = [];
  const { send, services } = connect([{ ...page, postMessage: (message) => void told.push(message) }]);
  const record = { id: 'page', url: 'https://a.test/', topLevelSite: 'https://a.test', isTopLevel: true };
  await services.clients.remember({ ...record, referrerPolicy: '', policies: ["connect-src 'self'"] });
  const message = { culvert: 'socket-headers', origin: 'https://a.test', documentUrl: 'https://a.test/dir/page' };
  expect(await send({ ...message, url: 'wss://b.test/' })).toMatchObject({ isBlocked: true, headers: {} });
  expect(told).toMatchObject([{ effectiveDirective: 'connect-src', blockedURI: 'wss://b.test/' }]);
  expect(await send({ ...message, url: 'wss://a.test/' })).not.toHaveProperty('isBlocked');
});

it('stores the cookies of a WebSocket', async () => {
  const { send, services } = connect();
  await send({
    culvert: 'socket-cookies',
    url: 'wss://a.test/socket',
    cookies: ['a=1; HttpOnly', 'b=\u00c3\u00a9; Path=/'],
  });
  const context = { sameSite: 'strict', partition: 'https://a.test' } as const;
  expect(services.cookies.jar.getCookieHeader('https://a.test/', context)).toBe('a=1; b=é');
});

it('takes messages of workers by request', async () => {
  const { channel, services } = connect();
  const identity = { url: 'https://a.test/w.js', topLevelSite: 'https://a.test' };
  const message = {
    from: { ...identity, token: await services.tokens.issue(identity) },
    culvert: 'socket-headers',
    url: 'wss://a.test/',
    origin: 'https://a.test',
    documentUrl: 'https://a.test/w.js',
  };
  const event = fetchEvent(`${origin}/service/~/message`, {
    method: 'POST',
    body: JSON.stringify(message),
    clientId: 'page',
  });
  expect(await channel.receiveRequest(event)).toMatchObject({ headers: { Host: 'a.test' } });
});

it('leaves messages alone that are none of ours', async () => {
  const { send } = connect();
  expect(await send({ hello: 'world' })).toBeUndefined();
});

it('answers nobody who cannot prove what realm it is', async () => {
  const { send, services } = connect();
  services.cookies.jar.setCookie('a=1; HttpOnly', 'https://a.test/', { http: true, partition: 'https://a.test' });
  const message = { culvert: 'socket-headers', url: 'wss://a.test/', origin: 'https://a.test', documentUrl: 'x' };
  const identity = { url: 'https://a.test/', topLevelSite: 'https://a.test' };
  expect(await send({ ...message, from: { ...identity, token: 'x' } })).toBeUndefined();
  expect(await send({ ...message, from: null })).toBeUndefined();
  expect(await send(message)).toMatchObject({ headers: { Cookie: 'a=1' } });
});
