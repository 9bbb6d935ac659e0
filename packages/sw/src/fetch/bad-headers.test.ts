/** Headers of a site that are malformed, or far too many: a page comes all the same, or one that says what is wrong. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { HeaderPair } from '@culvert/bare-client';
import { createTestWorker, fetchEvent, navigation, route } from './fetch.test-support.js';
import { handleFetch } from './handle-fetch.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

async function open(headers: HeaderPair[], status = 200): Promise<{ response: Response; text: string }> {
  const { services } = createTestWorker({ answer: { status, headers, body: '<p>shown' } });
  const response = await handleFetch(navigation('https://a.test/'), services);
  return { response, text: await response.text() };
}

it.each([
  'http://',
  'http://[',
  'https://a.test:99999/',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'about:blank',
])('explains a redirect of a navigation to "%s"', async (location) => {
  const { response, text } = await open([['Location', location]], 302);
  expect(response.status).toBe(502);
  expect(text).toContain('SW_INVALID_REDIRECT');
});

it.each([
  ['', route('https://a.test/')],
  ['/\u00c3\u00a9', route('https://a.test/%C3%A9')],
  ['//b.test', route('https://b.test/')],
  ['mailto:a@b.test', 'mailto:a@b.test'],
])('follows a Location of "%s"', async (location, expected) => {
  const { response } = await open([['Location', location]], 302);
  expect([response.status, response.headers.get('location')]).toEqual([302, expected]);
});

it('takes the first of several Locations, as browsers do where they agree', async () => {
  const { response } = await open(
    [
      ['Location', '/a'],
      ['Location', '/a'],
    ],
    302,
  );
  expect(response.headers.get('location')).toBe(route('https://a.test/a'));
});

it.each(['http://', 'javascript:1', 'data:,x'])('fails a subresource that is redirected to "%s"', async (location) => {
  const { services } = createTestWorker({ answer: { status: 302, headers: [['Location', location]] } });
  const event = fetchEvent('https://a.test/x', { destination: 'image' });
  expect((await handleFetch(event, services)).type).toBe('error');
});

it.each<[name: string, value: string]>([
  ['Link', '<'],
  ['Link', '<http://[>; rel=preload; as=script'],
  ['Link', '<a>; rel="unclosed'],
  ['Link', ',,;;<>'],
  ['Content-Security-Policy', ';;;,,,'],
  ['Content-Security-Policy', "script-src 'nonce-"],
  ['Content-Security-Policy', 'script-src \u00ff\u0001; \u00e9-src x'],
  ['Content-Security-Policy', `img-src ${'a'.repeat(100_000)}`],
  ['Content-Security-Policy-Report-Only', 'report-uri'],
  ['Reporting-Endpoints', '"=,=",'],
  ['Report-To', '{"group":{}}'],
  ['Refresh', '0;url=http://['],
  ['Clear-Site-Data', 'cookies"'],
  ['Strict-Transport-Security', 'max-age=-1;;='],
  ['Referrer-Policy', ',,unheard-of'],
  ['Cross-Origin-Embedder-Policy', '"'],
  ['X-Frame-Options', ',,,'],
  ['Content-Disposition', "inline; filename*=utf-8\'\'%E0%A4%A"],
  ['Set-Cookie', '=;=;;Expires=never;Domain=..'],
  ['Content-Length', 'many'],
  ['No name', 'x'],
  ['X-Value', 'a\nb'],
])('shows a page with the header %s: %s', async (name, value) => {
  const { response, text } = await open([
    ['Content-Type', 'text/html'],
    [name, value],
  ]);
  expect(response.status).toBe(200);
  expect(text).toContain('<p>shown');
});

it.each([
  ';',
  'text',
  'text/',
  'text/html;charset=',
  'text/html; charset="',
  'text/html; charset=no-such',
  'text/html;;;=',
  '\u00ff/\u00ff',
  'text/html, text/plain, */*',
])('shows a page with the Content-Type "%s"', async (type) => {
  const { response, text } = await open([['Content-Type', type]]);
  expect(response.status).toBe(200);
  expect(text).toContain('<p>shown');
});

it('shows a page with 10 MB of headers and a hundred policies', async () => {
  const many = Array.from({ length: 1000 }, (_, index): HeaderPair => [`X-${index}`, 'x'.repeat(10_000)]);
  const policies = Array.from({ length: 100 }, (): HeaderPair => ['Content-Security-Policy', "img-src 'self'"]);
  const { response, text } = await open([['Content-Type', 'text/html'], ...many, ...policies]);
  expect(response.headers.get('x-999')).toHaveLength(10_000);
  expect(text).toContain('<p>shown');
});

it('gives a script the same headers, 10 MB of them', async () => {
  const many = Array.from({ length: 1000 }, (_, index): HeaderPair => [`X-${index}`, 'x'.repeat(10_000)]);
  const { services } = createTestWorker({
    answer: { headers: many, body: 'x' },
    clients: [{ id: 'page', url: route('https://a.test/') }],
  });
  const event = fetchEvent('https://a.test/x', { clientId: 'page', mode: 'cors' });
  expect((await handleFetch(event, services)).headers.get('x-0')).toHaveLength(10_000);
});
