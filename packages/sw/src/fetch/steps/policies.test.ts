import { beforeEach, expect, it, vi } from 'vitest';
import type { HeaderPair } from '@culvert/bare-client';
import { encodeRequiredPolicy } from '@culvert/rewriter';
import type { FakeClient } from '../fetch.test-support.js';
import {
  createTestWorker,
  fetchEvent,
  headerOf,
  navigation,
  origin,
  route,
  type Answer,
  type Sent,
} from '../fetch.test-support.js';
import { handleFetch } from '../handle-fetch.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

const html = (...headers: HeaderPair[]): Answer => ({
  headers: [['content-type', 'text/html'], ...headers],
  body: '<p>x',
});

/** A worker that shows `https://a.test/` with these headers in the client `page`, and what is posted to it. */
async function openPage(headers: HeaderPair[], answer: (sent: Sent) => Answer = () => html()) {
  const posted: unknown[] = [];
  const client: FakeClient = {
    id: 'page',
    url: route('https://a.test/'),
    postMessage: (message) => void posted.push(message),
  };
  const worker = createTestWorker({
    clients: [client],
    answer: (sent) => (sent.url === 'https://a.test/' ? html(...headers) : answer(sent)),
  });
  const document = await handleFetch(navigation('https://a.test/', { resultingClientId: 'page' }), worker.services);
  const load = (url: string, init: Parameters<typeof fetchEvent>[1] = {}) =>
    handleFetch(fetchEvent(url, { clientId: 'page', ...init }), worker.services);
  const frame = (url: string) =>
    handleFetch(
      navigation(url, { destination: 'iframe', referrer: route('https://a.test/'), resultingClientId: 'frame' }),
      worker.services,
    );
  return { ...worker, posted, document, load, frame };
}

it('gives a document the policies of its site beside the leak guard, and its script their nonce', async () => {
  const { document } = await openPage([
    ['Content-Security-Policy', "script-src 'self', img-src b.test"],
    ['Content-Security-Policy-Report-Only', "img-src 'none'; report-uri /r"],
  ]);
  const policies = document.headers.get('content-security-policy')!;
  expect(policies).toContain("object-src 'self'");
  expect(policies).toContain('script-src https://a.test ');
  expect(policies).toContain('img-src https://b.test ');
  expect(document.headers.get('content-security-policy-report-only')).not.toContain('report-uri /r');
  const nonce = /<script nonce="([^"]+)">/.exec(await document.text())![1]!;
  expect(policies).toContain(`'nonce-${nonce}'`);
});

it('enforces a policy in markup', async () => {
  const worker = createTestWorker({
    answer: {
      headers: [['content-type', 'text/html']],
      body: '<meta http-equiv=Content-Security-Policy content="img-src \'self\'">',
    },
  });
  const text = await (await handleFetch(navigation('https://a.test/'), worker.services)).text();
  expect(text).toContain('content="img-src https://a.test ');
});

it('keeps a frame that the policy forbids from being asked for, and tells the page', async () => {
  const { frame, posted, sent } = await openPage([['Content-Security-Policy', "frame-src 'self' c.test"]]);
  expect((await frame('https://b.test/')).status).toBe(403);
  expect(sent).toHaveLength(1);
  expect(posted).toContainEqual({
    culvert: 'policy-violation',
    blockedURI: 'https://b.test/',
    effectiveDirective: 'frame-src',
    originalPolicy: "frame-src 'self' c.test",
    disposition: 'enforce',
  });
  expect((await frame('https://c.test/')).status).toBe(200);
});

it('shows the frame that a policy forbids as a browser does, as one that nobody can look into', async () => {
  const { frame } = await openPage([['Content-Security-Policy', "frame-src 'none'"]]);
  expect((await frame('https://b.test/')).headers.get('x-frame-options')).toBe('DENY');
  const framing = await openPage([], () => html(['X-Frame-Options', 'DENY']));
  expect((await framing.frame('https://b.test/')).headers.get('x-frame-options')).toBe('DENY');
});

it('judges a frame that goes elsewhere by itself by the policy of what is around it', async () => {
  const { services, posted, frame } = await openPage([['Content-Security-Policy', "frame-src 'self' c.test"]]);
  expect((await frame('https://c.test/')).status).toBe(200);
  const go = (url: string) =>
    handleFetch(
      navigation(url, {
        destination: 'iframe',
        referrer: route('https://c.test/'),
        clientId: 'frame',
        resultingClientId: 'next',
      }),
      services,
    );
  expect((await go('https://b.test/')).status).toBe(403);
  expect(posted).toMatchObject([{ effectiveDirective: 'frame-src', blockedURI: 'https://b.test/' }]);
  expect((await go('https://c.test/x')).status).toBe(200);
});

it.each([
  ['by its policy', route('https://a.test/'), [['Content-Security-Policy', 'sandbox allow-scripts']]],
  ['by its frame', `${origin}/service/sandbox/${encodeURIComponent('https://a.test/')}`, []],
] as [string, string, HeaderPair[]][])(
  'takes a document whose origin is opaque %s for nobody',
  async (_title, url, headers) => {
    const { services, sent, load } = await openPage([], ({ url: asked }) => ({
      headers: asked.endsWith('/null') ? [['access-control-allow-origin', 'null']] : [],
      body: 'x',
    }));
    services.cookies.jar.setCookie('a=1; SameSite=Lax', 'https://a.test/', { http: true, partition: 'https://a.test' });
    services.bare.fetch = ((fetch) => async (asked, init) => {
      const answer = await fetch(asked, init);
      if (asked === 'https://a.test/') for (const pair of headers) answer.rawHeaders.push(pair);
      return answer;
    })(services.bare.fetch);
    const document = fetchEvent(url, { mode: 'navigate', destination: 'iframe', resultingClientId: 'page' });
    const text = await (await handleFetch(document, services)).text();
    expect(text.includes('"sandbox":"allow-scripts"')).toBe(headers.length > 0);
    const script = { mode: 'cors', credentials: 'same-origin', destination: '' } as const;
    expect((await load('https://a.test/x', script)).type).toBe('error');
    expect((await load('https://a.test/null', script)).type).toBe('default');
    expect([headerOf(sent.at(-1), 'origin'), headerOf(sent.at(-1), 'cookie')]).toEqual(['null', undefined]);
    expect(headerOf(sent.at(-1), 'sec-fetch-site')).toBe('cross-site');
  },
);

it.each<[title: string, answer: HeaderPair[], status: number, isEnforced: boolean]>([
  ['agrees to', [['Allow-CSP-From', '*']], 200, true],
  ['agrees to for this origin', [['Allow-CSP-From', 'https://a.test']], 200, true],
  ['agrees to for another origin', [['Allow-CSP-From', 'https://c.test']], 403, false],
  ['is as strict as', [['Content-Security-Policy', "img-src 'none'"]], 200, false],
  ['does not agree to', [], 403, false],
])('shows a document in a frame with the policy that it %s', async (_title, answer, status, isEnforced) => {
  const { services, sent } = await openPage([], () => html(...answer));
  const event = navigation('https://b.test/', {
    destination: 'iframe',
    referrer: route('https://a.test/'),
    resultingClientId: 'frame',
    headers: { 'x-required': encodeRequiredPolicy("img-src 'none'") },
  });
  // The name is one that no Request takes.
  const { headers } = event.request;
  const get = headers.get.bind(headers);
  headers.get = (name) => get(name === 'sec-required-csp' ? 'x-required' : name);
  const response = await handleFetch(event, services);
  expect(response.status).toBe(status);
  expect(headerOf(sent[1], 'sec-required-csp')).toBe("img-src 'none'");
  const [, own = ''] = (response.headers.get('content-security-policy') ?? '').split(', ');
  if (status === 200) expect(own).toContain('img-src http');
  expect((await services.clients.find('frame'))?.policies?.includes("img-src 'none'") ?? false).toBe(
    isEnforced || answer[0]?.[0] === 'Content-Security-Policy',
  );
});

it('keeps the sandbox of a frame for all that it shows', async () => {
  const { services } = await openPage([]);
  const show = async (url: string, clientId: string, resultingClientId: string) => {
    await handleFetch(
      fetchEvent(url, {
        mode: 'navigate',
        destination: 'iframe',
        referrer: route('https://a.test/'),
        clientId,
        resultingClientId,
      }),
      services,
    );
    return (await services.clients.find(resultingClientId))?.isOpaque;
  };
  const sandboxed = `${origin}/service/sandbox/${encodeURIComponent('https://b.test/')}`;
  expect(await show(sandboxed, '', 'frame')).toBe(true);
  expect(await show(route('https://b.test/next'), 'frame', 'next')).toBe(true);
  expect(await show(route('https://b.test/'), '', 'other')).toBeUndefined();
});

it('tells of what a policy that only reports does not admit, and loads it', async () => {
  const { frame, posted } = await openPage([['Content-Security-Policy-Report-Only', "frame-src 'none'"]]);
  expect((await frame('https://b.test/')).status).toBe(200);
  expect(posted).toMatchObject([{ effectiveDirective: 'frame-src', disposition: 'report' }]);
});

it('leaves a page where it is whose policy forbids where its form goes, and tells it', async () => {
  const { services, posted, sent } = await openPage([['Content-Security-Policy', "form-action 'self'"]]);
  const submit = (url: string) =>
    handleFetch(
      navigation(url, { method: 'POST', body: 'a=1', referrer: route('https://a.test/'), clientId: 'page' }),
      services,
    );
  expect([(await submit('https://b.test/')).status, sent.length]).toEqual([204, 1]);
  expect(posted).toMatchObject([{ effectiveDirective: 'form-action', blockedURI: 'https://b.test/' }]);
  expect((await submit('https://a.test/to')).status).toBe(200);
});

it('does not show in a frame what its site keeps out of frames', async () => {
  const { frame } = await openPage([], () => html(['X-Frame-Options', 'SAMEORIGIN']));
  expect((await frame('https://b.test/')).status).toBe(403);
  expect((await frame('https://a.test/framed')).status).toBe(200);
});

it('keeps the headers of cross-origin isolation, and what an isolated page may not load', async () => {
  const { document, load } = await openPage(
    [
      ['Cross-Origin-Opener-Policy', 'same-origin'],
      ['Cross-Origin-Embedder-Policy', 'require-corp'],
    ],
    ({ url }) => ({
      headers: url.endsWith('/shared') ? [['Cross-Origin-Resource-Policy', 'cross-origin']] : [],
      body: 'x',
    }),
  );
  expect(document.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(document.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect((await load('https://b.test/x.png', { destination: 'image' })).type).toBe('error');
  expect((await load('https://b.test/shared', { destination: 'image' })).type).toBe('default');
  expect((await load('https://a.test/x.png', { destination: 'image' })).type).toBe('default');
});

it('sends no cookies to other origins for a credentialless page', async () => {
  const { services, sent, load } = await openPage([['Cross-Origin-Embedder-Policy', 'credentialless']]);
  services.cookies.jar.setCookie('a=1; SameSite=None; Secure', 'https://b.test/', {
    http: true,
    partition: 'https://a.test',
  });
  await load('https://b.test/x.png', { destination: 'image' });
  expect(headerOf(sent[1], 'cookie')).toBeUndefined();
});

it('goes by https: to a host that has asked for it', async () => {
  const { services } = await openPage([['Strict-Transport-Security', 'max-age=1000']]);
  const response = await handleFetch(navigation('http://a.test/x'), services);
  expect([response.status, response.headers.get('location')]).toEqual([307, route('https://a.test/x')]);
});

it('blocks a script that a secure page asks for by http:, and upgrades an image', async () => {
  const { load, sent } = await openPage([]);
  expect((await load('http://b.test/x.js', { destination: 'script' })).type).toBe('error');
  const image = await load('http://b.test/x.png', { destination: 'image' });
  expect([image.status, image.headers.get('location'), sent.length]).toEqual([307, 'https://b.test/x.png', 1]);
});

it('clears the cookies of a site that says so', async () => {
  const { services, load } = await openPage([], () => ({ headers: [['Clear-Site-Data', '"cookies"']] }));
  const { jar } = services.cookies;
  for (const [url, partition] of [
    ['https://a.test/', 'https://a.test'],
    ['https://www.a.test/', 'https://a.test'],
    ['https://b.test/', 'https://a.test'],
    ['https://a.test/', 'https://b.test'],
  ] as const) {
    jar.setCookie('x=1', url, { http: true, partition });
  }
  await load('https://a.test/logout', { mode: 'cors' });
  expect(jar.toJSON().map(({ domain, partition }) => [domain, partition])).toEqual([
    ['a.test', 'https://b.test'],
    ['b.test', 'https://a.test'],
  ]);
});

it('clears what a site has stored, of this site and under this top-level site alone', async () => {
  const posted: unknown[] = [];
  const deleted: string[] = [];
  const names = ['cv|https://a.test|x', 'cv|https://b.test|x', 'cv|https://b.test^https://a.test|x'];
  const worker = createTestWorker({
    clients: [{ id: 'page', url: route('https://a.test/'), postMessage: (message) => void posted.push(message) }],
    answer: html(['Clear-Site-Data', '"storage"']),
    siteStorage: {
      databases: {
        databases: async () => names.map((name) => ({ name, version: 1 })),
        deleteDatabase: (name) => (deleted.push(`database ${name}`), {} as IDBOpenDBRequest),
      },
      caches: { keys: async () => names, delete: async (name) => deleted.push(`cache ${name}`) > 0 },
    },
  });
  const load = async (event: ReturnType<typeof fetchEvent>) => {
    const response = await handleFetch(event, worker.services);
    await Promise.all(event.work);
    return response;
  };
  await load(fetchEvent('https://b.test/x', { clientId: 'page' }));
  const third = 'cv|https://b.test^https://a.test|';
  expect(posted).toEqual([{ culvert: 'clear-storage', prefix: third }]);
  expect(deleted).toEqual([`cache ${third}x`, `database ${third}x`]);
  const document = await (await load(navigation('https://b.test/', { resultingClientId: 'other' }))).text();
  expect(document).toContain('k.startsWith("cv|https://b.test|")');
  await load(fetchEvent('http://a.test/x', { clientId: 'page' }));
  expect(posted).toHaveLength(2);
});
