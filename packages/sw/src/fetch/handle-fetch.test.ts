import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BareError } from '@culvert/bare-client';
import {
  createTestWorker,
  fetchEvent,
  headerOf,
  navigation,
  origin,
  route,
  type FakeClient,
} from './fetch.test-support.js';
import { handleFetch } from './handle-fetch.js';

const page: FakeClient = { id: 'page', url: route('https://a.test/dir/page') };
const html: [string, string] = ['Content-Type', 'text/html'];

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

it('answers a navigation with the document, the base URL and the runtime first in it', async () => {
  const { services } = createTestWorker({
    answer: {
      headers: [['Content-Type', 'text/html; charset=utf-8']],
      body: '<!doctype html><head><title>x</title></head><p>é',
    },
  });
  const response = await handleFetch(navigation('https://a.test/?q="<>&'), services);
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const boot = text.search(
    /<base href="https:\/\/a\.test\/\?q=%22%3C%3E&amp;"><script nonce="[\w+/]{24}">\(function culvert\(data\)\{boot\(data\)\}\)\(\{/,
  );
  expect(boot).toBeGreaterThan(-1);
  expect(boot).toBeLessThan(text.indexOf('<title>'));
  expect(text).toContain('é');
});

it('gives the runtime what it needs to know', async () => {
  const { services, sent } = createTestWorker({
    clients: [page],
    answer: { headers: [html, ['Set-Cookie', 'seen=1'], ['Set-Cookie', 'hidden=1; HttpOnly']], body: '<p>' },
  });
  const event = navigation('https://a.test/next#frag', { referrer: page.url });
  const text = await (await handleFetch(event, services)).text();
  const data = JSON.parse(/boot\(data\)\}\)\((\{.*?\})\);<\/script>/.exec(text)![1]!) as Record<string, unknown>;
  expect(data).toMatchObject({
    kind: 'document',
    url: 'https://a.test/next',
    referrer: 'https://a.test/dir/page',
    settings: { origin, scope: '/service/', urls: 'real' },
    bareServer: `${origin}/bare/`,
    topLevelSite: 'https://a.test',
    build: 'test',
  });
  expect((data.cookies as { name: string }[]).map(({ name }) => name)).toEqual(['seen']);
  expect(headerOf(sent[0], 'referer')).toBe('https://a.test/dir/page');
});

it('escapes what could end the boot script', async () => {
  const { services } = createTestWorker({
    answer: { headers: [html, ['Set-Cookie', 'a=</script><script>x\u00e2\u0080\u00a8']], body: '<p>' },
  });
  const text = await (await handleFetch(navigation('https://a.test/'), services)).text();
  expect(text).toContain('\\u003c/script>\\u003cscript>x\\u2028');
});

it('sends bytes of a document before the last ones have come', async () => {
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`<!doctype html><title>x</title>${'<p>text</p>'.repeat(2000)}`));
      end = () => controller.close();
    },
  });
  const { services, progress } = createTestWorker({
    answer: { headers: [['Content-Type', 'text/html; charset=utf-8']], body },
  });
  const response = await handleFetch(navigation('https://a.test/'), services);
  const reader = response.body!.getReader();
  expect((await reader.read()).value!.length).toBeGreaterThan(0);
  expect(progress.map(({ stage }) => stage)).toEqual(['start', 'headers']);
  end();
  while (!(await reader.read()).done);
  expect(progress.map(({ stage }) => stage)).toEqual(['start', 'headers', 'done']);
});

it('stops reading when the browser no longer wants the body', async () => {
  const cancelled = vi.fn();
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('<p>text</p>')),
    cancel: cancelled,
  });
  const { services } = createTestWorker({ answer: { headers: [html], body } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  await response.body!.cancel('enough');
  await vi.waitFor(() => expect(cancelled).toHaveBeenCalled());
});

it.each<[title: string, headers: [string, string][], body: string, contentType: string]>([
  ['HTML', [], ' <!DOCTYPE HTML><p>', 'text/html; charset=windows-1252'],
  ['HTML with a type that says nothing', [['Content-Type', '*/*']], '<html>', 'text/html; charset=windows-1252'],
  ['text', [], 'hello', 'text/plain'],
  ['a PDF', [], '%PDF-1.7', 'application/pdf'],
  ['HTML that may not be sniffed', [['X-Content-Type-Options', 'nosniff']], '<html>', 'text/plain'],
])('finds out that a document without a type is %s', async (_title, headers, body, contentType) => {
  const { services } = createTestWorker({ answer: { headers, body } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect((await response.text()).includes('culvert')).toBe(contentType.startsWith('text/html'));
});

it('starts the runtime in an empty document too', async () => {
  const { services } = createTestWorker({ answer: { headers: [html], body: null } });
  expect(await (await handleFetch(navigation('https://a.test/'), services)).text()).toContain('function culvert');
});

it.each<[contentType: string, sent: string]>([
  ['application/xhtml+xml', 'application/xhtml+xml; charset=utf-8'],
  ['image/svg+xml', 'image/svg+xml; charset=utf-8'],
  ['text/xml;charset=iso-8859-1', 'text/xml; charset=windows-1252'],
])('keeps %s what it is, and starts the runtime first in its root', async (contentType, sent) => {
  const body = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><p/>x</html>';
  const { services } = createTestWorker({ answer: { headers: [['Content-Type', contentType]], body } });
  const response = await handleFetch(navigation('https://a.test/?b&c'), services);
  expect(response.headers.get('content-type')).toBe(sent);
  const text = await response.text();
  expect(text).toMatch(/^<\?xml version="1.0"\?><html [^>]*><base [^>]*href="https:\/\/a.test\/\?b&amp;c"\/><script /);
  expect(text).toContain('function culvert');
  expect(text).toMatch(/\]\]><\/script><head><title\/><\/head><p\/>x<\/html>$/);
});

it('passes a download with the name that its URL gives it', async () => {
  const { services } = createTestWorker({
    answer: {
      headers: [
        ['Content-Type', 'application/zip'],
        ['Content-Length', '3'],
      ],
      body: 'zip',
    },
  });
  const response = await handleFetch(navigation("https://a.test/files/it's%20a.zip?x"), services);
  expect(await response.text()).toBe('zip');
  expect(response.headers.get('content-length')).toBe('3');
  expect(response.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''it%27s%20a.zip");
});

it('leaves an attachment alone, HTML or not', async () => {
  const headers: [string, string][] = [html, ['Content-Disposition', 'attachment; filename="x.html"']];
  const { services } = createTestWorker({ answer: { headers, body: '<p>' } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  expect(await response.text()).toBe('<p>');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="x.html"');
});

it('hands a redirect of a navigation on to its route', async () => {
  const { services } = createTestWorker({ answer: { status: 302, headers: [['Location', '/next?#part']] } });
  const response = await handleFetch(navigation('https://a.test/x'), services);
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe(`${route('https://a.test/next?')}#part`);
  expect(services.redirects.take('new', 'https://a.test/next?')).toEqual(['https://a.test/x']);
});

it('hands a redirect of a subresource on with its real URL', async () => {
  const { services } = createTestWorker({
    clients: [page],
    answer: { status: 307, headers: [['Location', '//b.test/y']] },
  });
  const event = fetchEvent('https://a.test/x', { clientId: 'page', mode: 'cors' });
  const response = await handleFetch(event, services);
  expect([response.status, response.headers.get('location')]).toEqual([307, 'https://b.test/y']);
});

it('keeps a redirect of a worker below the scope', async () => {
  const { services } = createTestWorker({ clients: [page], answer: { status: 301, headers: [['Location', 'w2.js']] } });
  const event = fetchEvent(route('https://a.test/w.js', 'worker'), {
    clientId: 'page',
    mode: 'same-origin',
    destination: 'worker',
  });
  expect((await handleFetch(event, services)).headers.get('location')).toBe(route('https://a.test/w2.js', 'worker'));
});

it('shows the body of a 3xx without a Location', async () => {
  const { services } = createTestWorker({
    answer: { status: 302, headers: [['Content-Type', 'text/plain']], body: 'nowhere' },
  });
  expect(await (await handleFetch(navigation('https://a.test/'), services)).text()).toBe('nowhere');
});

it('sends a navigation to a misdirected URL on to its route', async () => {
  const { services, sent } = createTestWorker({ clients: [page] });
  const event = fetchEvent(`${origin}/service/html/next`, {
    mode: 'navigate',
    destination: 'document',
    referrer: page.url,
  });
  const response = await handleFetch(event, services);
  expect([response.status, response.headers.get('location')]).toEqual([307, route('https://a.test/dir/next')]);
  expect(sent).toEqual([]);
});

it.each([204, 205, 304])('answers a %d without a body', async (status) => {
  const { services } = createTestWorker({ clients: [page], answer: { status } });
  const response = await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page' }), services);
  expect([response.status, response.body]).toEqual([status, null]);
});

it('streams what it has no business with as it is', async () => {
  const bytes = Uint8Array.of(0, 255, 11, 128);
  const headers: [string, string][] = [
    ['Content-Type', 'video/mp4'],
    ['Content-Range', 'bytes 0-3/9'],
    ['Content-Length', '4'],
  ];
  const { services, sent } = createTestWorker({ clients: [page], answer: { status: 206, headers, body: bytes } });
  const event = fetchEvent('https://a.test/v', {
    clientId: 'page',
    destination: 'video',
    headers: { range: 'bytes=0-3' },
  });
  const response = await handleFetch(event, services);
  expect([response.status, response.headers.get('content-range'), response.headers.get('content-length')]).toEqual([
    206,
    'bytes 0-3/9',
    '4',
  ]);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  expect(headerOf(sent[0], 'range')).toBe('bytes=0-3');
});

it('serves a script in the encoding that it came in', async () => {
  const body = Uint8Array.of(0x22, 0xe9, 0x22, 0x2b, ...new TextEncoder().encode('location'));
  const headers: [string, string][] = [
    ['Content-Type', 'application/x-javascript; charset=iso-8859-1'],
    ['Content-Length', '3'],
  ];
  const { services } = createTestWorker({ clients: [page], answer: { headers, body } });
  const response = await handleFetch(
    fetchEvent('https://a.test/x.js', { clientId: 'page', destination: 'script' }),
    services,
  );
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=iso-8859-1');
  expect(response.headers.has('content-length')).toBe(false);
  const text = new TextDecoder('latin1').decode(await response.arrayBuffer());
  expect(text).toBe('"é"+cv$p\v.location');
});

it.each<[title: string, status: number, headers: [string, string][]]>([
  ['that failed', 404, [['Content-Type', 'text/javascript']]],
  [
    'that the browser will refuse',
    200,
    [
      ['Content-Type', 'text/plain'],
      ['X-Content-Type-Options', 'nosniff'],
    ],
  ],
  ['that is an image', 200, [['Content-Type', 'image/png']]],
])('leaves a script alone %s', async (_title, status, headers) => {
  const { services } = createTestWorker({ clients: [page], answer: { status, headers, body: 'top.location = 1' } });
  const response = await handleFetch(
    fetchEvent('https://a.test/x.js', { clientId: 'page', destination: 'script' }),
    services,
  );
  expect(await response.text()).toBe('top.location = 1');
  expect(response.headers.get('content-type')).toBe(headers[0]![1]);
});

it('keeps a wrong type of a script wrong', async () => {
  const { services } = createTestWorker({
    clients: [page],
    answer: { headers: [['Content-Type', 'text/html']], body: '1' },
  });
  const event = fetchEvent('https://a.test/x.js', { clientId: 'page', destination: 'script', mode: 'cors' });
  expect((await handleFetch(event, services)).headers.get('content-type')).toBe('text/html');
});

const workerEvent = (asset = 'worker') =>
  fetchEvent(route('https://a.test/dir/w.js', asset), {
    clientId: 'page',
    mode: 'same-origin',
    destination: asset as 'worker',
    resultingClientId: 'w',
  });
const javascript: [string, string] = ['Content-Type', 'text/javascript'];

it('puts the runtime on the first line of a classic worker', async () => {
  const { services } = createTestWorker({ clients: [page], answer: { headers: [javascript], body: 'one();\ntwo();' } });
  const lines = (await (await handleFetch(workerEvent(), services)).text()).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^\(function culvert\(data\)\{boot\(data\)\}\)\(\{"kind":"worker","url":"https:\/\/a\.test\/dir\/w\.js",.*\},\(function rewriters\(\)\{parsers\}\)\);one\(\);$/,
  );
  expect(await services.clients.find('w')).toMatchObject({
    url: 'https://a.test/dir/w.js',
    topLevelSite: 'https://a.test',
  });
});

it.each(['"use strict";x', "// c\n/* d */ 'use strict'\nx", '"use asm"; "use strict"; x'])(
  'keeps a worker strict that begins with %j',
  async (body) => {
    const { services } = createTestWorker({ clients: [page], answer: { headers: [javascript], body } });
    expect(await (await handleFetch(workerEvent(), services)).text()).toMatch(/^"use strict";\(function culvert/);
  },
);

it('imports the runtime first in a module worker', async () => {
  const { services } = createTestWorker({
    clients: [page],
    answer: { headers: [javascript], body: 'import "./x.js";\nfoo();' },
  });
  const text = await (await handleFetch(workerEvent('sharedworker'), services)).text();
  expect(text).toMatch(
    /^import "\/service\/~\/worker-runtime\.js\?kind=sharedworker&url=https%3A%2F%2Fa\.test%2Fdir%2Fw\.js&site=https%3A%2F%2Fa\.test";/,
  );
  expect(text.split('\n')).toHaveLength(2);
});

it('takes no classic worker for a module that only speaks of imports', async () => {
  const { services } = createTestWorker({
    clients: [page],
    answer: { headers: [javascript], body: '// import x\nconst s = `\nimport "y"`; import("z")' },
  });
  expect(await (await handleFetch(workerEvent(), services)).text()).toMatch(/^\(function culvert/);
});

it('attaches cookies and stores new ones', async () => {
  const answer = {
    headers: [
      ['Set-Cookie', 'b=2; Path=/'],
      ['set-cookie', 'c=3; HttpOnly'],
    ] as [string, string][],
  };
  const { services, sent } = createTestWorker({ clients: [page], answer });
  services.cookies.jar.setCookie('a=1', 'https://a.test/', { http: true, partition: 'https://a.test' });
  const load = () => handleFetch(fetchEvent('https://a.test/x', { clientId: 'page' }), services);
  await load();
  await load();
  expect(sent.map((request) => headerOf(request, 'cookie'))).toEqual(['a=1', 'a=1; b=2; c=3']);
});

it('neither sends nor stores cookies without credentials', async () => {
  const { services, sent } = createTestWorker({ clients: [page], answer: { headers: [['Set-Cookie', 'b=2']] } });
  services.cookies.jar.setCookie('a=1', 'https://a.test/', { http: true, partition: 'https://a.test' });
  await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page', mode: 'cors', credentials: 'omit' }), services);
  expect(headerOf(sent[0], 'cookie')).toBeUndefined();
  expect(services.cookies.jar.size).toBe(1);
});

it('gives a third party a jar of its own under each site', async () => {
  const clients = [page, { id: 'other', url: route('https://b.test/') }];
  const { services, sent } = createTestWorker({
    clients,
    answer: { headers: [['Set-Cookie', 'id=1; SameSite=None; Secure']] },
  });
  const load = (clientId: string) => handleFetch(fetchEvent('https://ads.test/x', { clientId }), services);
  for (const clientId of ['page', 'other', 'page']) await load(clientId);
  expect(sent.map((request) => headerOf(request, 'cookie'))).toEqual([undefined, undefined, 'id=1']);
});

it('sends a body with the type that the page gave it', async () => {
  const { services, sent } = createTestWorker({ clients: [page] });
  const body = new URLSearchParams({ a: '1' });
  await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page', method: 'POST', body, mode: 'cors' }), services);
  const blob = sent[0]!.init.body as Blob;
  expect([await blob.text(), blob.type]).toEqual(['a=1', '']);
  expect(headerOf(sent[0], 'content-type')).toBe('application/x-www-form-urlencoded;charset=UTF-8');
  expect(headerOf(sent[0], 'origin')).toBe('https://a.test');
  expect(sent[0]!.init).toMatchObject({ method: 'POST', redirect: 'manual' });
});

it('hands on the abort of the page', async () => {
  const controller = new AbortController();
  const { services, sent } = createTestWorker({
    clients: [page],
    answer: ({ init }) =>
      new Promise((_resolve, reject) =>
        init.signal!.addEventListener('abort', () => reject(init.signal!.reason as Error)),
      ),
  });
  const answered = handleFetch(
    fetchEvent('https://a.test/x', { clientId: 'page', signal: controller.signal }),
    services,
  );
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  controller.abort();
  expect((await answered).type).toBe('error');
  expect(warn).not.toHaveBeenCalled();
});

it('stops a navigation that takes too long', async () => {
  vi.useFakeTimers();
  try {
    const never = ({ init }: { init: { signal?: AbortSignal | null } }) =>
      new Promise<never>((_resolve, reject) =>
        init.signal!.addEventListener('abort', () => reject(init.signal!.reason as Error)),
      );
    const { services } = createTestWorker({ answer: never });
    const answered = handleFetch(navigation('https://a.test/'), services);
    await vi.advanceTimersByTimeAsync(120_001);
    const response = await answered;
    expect(response.status).toBe(504);
    expect(await response.text()).toContain('SW_TIMEOUT');
  } finally {
    vi.useRealTimers();
  }
});

it.each<[code: string, status: number, text: RegExp]>([
  ['HOST_NOT_FOUND', 502, /could not be found/],
  ['CONNECTION_REFUSED', 502, /refused/],
  ['CONNECTION_RESET', 502, /broke/],
  ['CONNECTION_TIMEOUT', 504, /too long/],
  ['IMPL_TLS_ERROR', 502, /certificate/],
  ['IMPL_BLOCKED_ADDRESS', 403, /--allow-private/],
  ['IMPL_SERVER_UNREACHABLE', 502, /proxy server cannot be reached/],
  ['IMPL_NOT_A_BARE_SERVER', 502, /Bare server/],
  ['UNHEARD_OF', 500, /went wrong/],
])('shows a page for %s', async (code, status, text) => {
  const { services, progress } = createTestWorker({
    answer: () => {
      throw new BareError({ code, id: 'response', message: 'Failed <because>' });
    },
  });
  const response = await handleFetch(navigation('https://a.test/'), services);
  const page = await response.text();
  expect(response.status).toBe(status);
  expect(page).toMatch(text);
  expect(page).toContain('Failed &lt;because&gt;');
  expect(page).toContain(code);
  expect(page).not.toMatch(/<script|src=|url\(/);
  expect(progress.at(-1)).toMatchObject({ stage: 'error', message: 'Failed <because>', url: 'https://a.test/' });
});

it('shows a page for a route that is none', async () => {
  const { services } = createTestWorker();
  const response = await handleFetch(
    fetchEvent(`${origin}/service/html/x`, { mode: 'navigate', destination: 'document' }),
    services,
  );
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
});

it('shows a page for a status that is no answer', async () => {
  const { services } = createTestWorker({ answer: { status: 150 } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  expect([response.status, (await response.text()).includes('150')]).toEqual([502, true]);
});

it('shows what a site answers with a status that a Response cannot have', async () => {
  const { services } = createTestWorker({ answer: { status: 999, headers: [html], body: '<p>denied' } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  expect([response.status, (await response.text()).includes('<p>denied')]).toEqual([599, true]);
});

it('leaves a document in an encoding that browsers do not read to them', async () => {
  const headers: [string, string][] = [['Content-Type', 'text/html; charset=hz-gb-2312']];
  const { services } = createTestWorker({ answer: { headers, body: '<script>1</script>' } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  expect(response.headers.get('content-type')).toBe('text/html; charset=iso-2022-kr');
  expect(await response.text()).toBe('<script>1</script>');
});

it('fails a subresource with a network error and one line', async () => {
  const { services } = createTestWorker({
    clients: [page],
    answer: () => {
      throw new BareError({ code: 'CONNECTION_REFUSED', id: 'response', message: 'refused' });
    },
  });
  const response = await handleFetch(fetchEvent('https://a.test/x', { clientId: 'page' }), services);
  expect(response.type).toBe('error');
  expect(warn.mock.calls).toEqual([['culvert: GET https://a.test/x: refused']]);
});

it('gives a frame whose page sends no referrer no cookies that the site has as what was opened', async () => {
  const { services, sent } = createTestWorker({
    clients: [page],
    answer: { headers: [html, ['Set-Cookie', 'session=1; SameSite=Lax']], body: '<p>' },
  });
  await handleFetch(navigation('https://b.test/'), services);
  await handleFetch(navigation('https://b.test/widget', { destination: 'iframe' }), services);
  await handleFetch(navigation('https://b.test/again'), services);
  expect(sent.map((request) => headerOf(request, 'cookie'))).toEqual([undefined, undefined, 'session=1']);
});

it('opens a data: document without asking anybody', async () => {
  const { services, sent } = createTestWorker({ clients: [page] });
  const event = navigation('data:text/html,<p>hi', { referrer: page.url, destination: 'iframe' });
  const text = await (await handleFetch(event, services)).text();
  expect(text).toContain('function culvert');
  expect(text).toContain('<p>hi');
  expect(sent).toEqual([]);
});

it('tells the page with a list or a function of Bare servers the one it is to use', async () => {
  const bareServers = [
    ['https://one.test/bare/', 'https://two.test/bare/'],
    async (remote: URL) => [`https://one.test/bare/${remote.hostname === 'a.test' ? '' : '?'}`],
  ];
  for (const bareServer of bareServers) {
    const { services } = createTestWorker({ bareServer, answer: { headers: [html], body: '<p>' } });
    const text = await (await handleFetch(navigation('https://a.test/'), services)).text();
    expect(text).toContain('"bareServer":"https://one.test/bare/"');
  }
});

it('rewrites stylesheets under scoped URLs alone', async () => {
  const answer = { headers: [['Content-Type', 'text/css']] as [string, string][], body: 'a{background:url(x.png)}' };
  const load = async (urls: 'real' | 'scoped') => {
    const { services } = createTestWorker({ clients: [page], answer, urls });
    const url = urls === 'real' ? 'https://a.test/s.css' : route('https://a.test/s.css', 'css');
    return (await handleFetch(fetchEvent(url, { clientId: 'page', destination: 'style' }), services)).text();
  };
  expect(await load('real')).toBe(answer.body);
  expect(await load('scoped')).toContain(route('https://a.test/x.png', 'img'));
});

it.each([
  ['worker', 'worker'],
  ['module', 'worker'],
] as const)('keeps the imports of a module worker below the scope, from the asset %s', async (asset, destination) => {
  const { services } = createTestWorker({
    clients: [page],
    answer: { headers: [javascript], body: 'import "./x.js";' },
  });
  const url = route('https://a.test/dir/w.js', asset);
  const text = await (
    await handleFetch(fetchEvent(url, { clientId: 'page', destination, mode: 'cors' }), services)
  ).text();
  expect(text).toContain(route('https://a.test/dir/x.js', 'module'));
});

it('leaves the imports of a module at its real URL as they are', async () => {
  const { services } = createTestWorker({
    clients: [page],
    answer: { headers: [javascript], body: 'import "./x.js";' },
  });
  const event = fetchEvent('https://a.test/dir/m.js', { clientId: 'page', destination: 'script', mode: 'cors' });
  expect(await (await handleFetch(event, services)).text()).toBe('import "./x.js";');
});
