import { expect, it } from 'vitest';
import type { HeaderPair } from '@culvert/bare-client';
import { origin } from '../fetch/fetch.test-support.js';
import { isHopByHop } from './hop-by-hop.js';
import { decodeHeaderText, encodeHeaderText, headerValue } from './header-list.js';
import { responseHeaders, type ResponseDescription } from './response-headers.js';

const translate = (remote: HeaderPair[], fields: Partial<ResponseDescription> = {}) =>
  responseHeaders(remote, {
    remoteUrl: 'https://a.test/dir/page',
    initiatorUrl: 'https://a.test/',
    isDocument: false,
    isReadByScript: false,
    security: null,
    isForIsolated: false,
    settings: { origin, scope: '/service/', urls: 'real' },
    ...fields,
  });

it('drops what would speak of the proxy origin, or lead past the worker', () => {
  const names = [
    'Set-Cookie',
    'Content-Security-Policy',
    'Content-Security-Policy-Report-Only',
    'Strict-Transport-Security',
    'Clear-Site-Data',
    'Alt-Svc',
    'Report-To',
    'NEL',
    'Cross-Origin-Embedder-Policy-Report-Only',
    'Cross-Origin-Opener-Policy-Report-Only',
    'Cross-Origin-Resource-Policy',
    'X-Frame-Options',
    'Service-Worker-Allowed',
    'Speculation-Rules',
    'Connection',
    'Transfer-Encoding',
  ];
  const headers = translate(names.map((name): HeaderPair => [name, 'x']));
  expect([...headers].filter(([name]) => name !== 'timing-allow-origin')).toEqual([]);
});

it('keeps the rest, and joins duplicates', () => {
  const headers = translate([
    ['X-A', '1'],
    ['x-a', '2'],
    ['Content-Encoding', 'gzip'],
    ['ETag', '"1"'],
  ]);
  expect([headers.get('x-a'), headers.get('content-encoding'), headers.get('etag')]).toEqual(['1, 2', 'gzip', '"1"']);
});

it('shows a script all but cookies, which its own service worker may hand on as a document', () => {
  const shown: HeaderPair[] = [
    ['content-security-policy', "img-src 'none'"],
    ['referrer-policy', 'no-referrer'],
    ['strict-transport-security', 'max-age=1'],
    ['x-frame-options', 'DENY'],
  ];
  const headers = translate([...shown, ['Set-Cookie', 'a=1']], { isReadByScript: true });
  expect([...headers].filter(([name]) => name !== 'timing-allow-origin')).toEqual(shown);
});

it('drops what Connection names', () => {
  expect(
    translate([
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
    ]).has('x-hop'),
  ).toBe(false);
  expect(isHopByHop('te')).toBe(true);
});

it('keeps Content-Length of a body that is as it was sent', () => {
  expect(translate([['Content-Length', '5']]).get('content-length')).toBe('5');
  expect(
    translate([
      ['Content-Length', '5'],
      ['Content-Encoding', 'gzip'],
    ]).has('content-length'),
  ).toBe(false);
});

it('gives every document the leak guard and a referrer policy that tells the worker all', () => {
  const headers = translate(
    [
      ['Content-Security-Policy', "default-src 'none'"],
      ['Referrer-Policy', 'no-referrer'],
    ],
    { isDocument: true },
  );
  expect(headers.get('content-security-policy')).toMatch(/frame-src 'self'/);
  expect(headers.get('content-security-policy')).not.toMatch(/default-src/);
  expect(headers.get('referrer-policy')).toBe('unsafe-url');
  expect(headers.get('x-dns-prefetch-control')).toBe('off');
});

it('scopes the URL of a Refresh in a document', () => {
  const headers = translate([['Refresh', '5; url=next']], { isDocument: true });
  expect(headers.get('refresh')).toBe(`5; url=${origin}/service/html/https%3A%2F%2Fa.test%2Fdir%2Fnext`);
});

it('makes the URLs of Link absolute and drops what would connect past the worker', () => {
  const headers = translate([['Link', '<x.css>; rel=preload; as=style, <https://b.test>; rel=preconnect']]);
  expect(headers.get('link')).toBe('<https://a.test/dir/x.css>; rel=preload; as=style');
});

it('drops the Link of a document, whose loads may start before the worker is in charge', () => {
  expect(translate([['Link', '<x.css>; rel=preload; as=style']], { isDocument: true }).has('link')).toBe(false);
});

it.each<[title: string, remote: HeaderPair[], initiatorUrl: string, expected: string | null]>([
  ['the own origin', [], 'https://a.test/', '*'],
  ['another one', [], 'https://b.test/', null],
  ['one that is named', [['Timing-Allow-Origin', 'https://c.test, https://b.test']], 'https://b.test/', '*'],
  ['all', [['Timing-Allow-Origin', '*']], 'https://b.test/', '*'],
])('gives timing to %s', (_title, remote, initiatorUrl, expected) => {
  expect(translate(remote, { initiatorUrl }).get('timing-allow-origin')).toBe(expected);
});

it('skips a header that is none', () => {
  expect([
    ...translate(
      [
        ['bad name', '1'],
        ['x', 'a\nb'],
        ['ok', '1'],
      ],
      { initiatorUrl: 'https://b.test/' },
    ),
  ]).toEqual([['ok', '1']]);
});

it('turns header bytes to text and back', () => {
  expect(decodeHeaderText('\u00c3\u00a9')).toBe('é');
  expect(encodeHeaderText('é')).toBe('\u00c3\u00a9');
  expect(decodeHeaderText('\u00e9')).toBe('\u00e9');
  expect(
    headerValue(
      [
        ['A', '1'],
        ['a', '2'],
      ],
      'a',
    ),
  ).toBe('1, 2');
  expect(headerValue([], 'a')).toBeNull();
});
