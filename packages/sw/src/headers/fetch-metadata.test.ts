import { expect, it } from 'vitest';
import { originHeader, secFetchSite, type RequestProvenance } from './fetch-metadata.js';

const from = (fields: Partial<RequestProvenance>): RequestProvenance => ({
  remoteUrl: 'https://a.test/x',
  redirectChain: [],
  initiatorUrl: 'https://a.test/',
  method: 'GET',
  mode: 'no-cors',
  referrerPolicy: 'strict-origin-when-cross-origin',
  ...fields,
});

it.each<[Partial<RequestProvenance>, string]>([
  [{ initiatorUrl: null }, 'none'],
  [{}, 'same-origin'],
  [{ remoteUrl: 'https://www.a.test/' }, 'same-site'],
  [{ remoteUrl: 'http://a.test/' }, 'cross-site'],
  [{ remoteUrl: 'https://b.test/' }, 'cross-site'],
  [{ redirectChain: ['https://b.test/'] }, 'cross-site'],
  [{ redirectChain: ['https://www.a.test/'] }, 'same-site'],
])('Sec-Fetch-Site of %j is %s', (fields, site) => {
  expect(secFetchSite(from(fields))).toBe(site);
});

it.each<[title: string, fields: Partial<RequestProvenance>, origin: string | null]>([
  ['a same-origin GET', { mode: 'cors' }, null],
  ['a cross-origin no-cors GET', { remoteUrl: 'https://b.test/' }, null],
  ['a cross-origin CORS GET', { mode: 'cors', remoteUrl: 'https://b.test/' }, 'https://a.test'],
  ['a same-origin POST', { mode: 'cors', method: 'POST' }, 'https://a.test'],
  ['a form POST to another site', { mode: 'navigate', method: 'POST', remoteUrl: 'https://b.test/' }, 'https://a.test'],
  ['a form POST to plain http:', { mode: 'navigate', method: 'POST', remoteUrl: 'http://b.test/' }, 'null'],
  ['a form POST under no-referrer', { mode: 'navigate', method: 'POST', referrerPolicy: 'no-referrer' }, 'null'],
  ['a CORS GET that comes home from a redirect', { mode: 'cors', redirectChain: ['https://b.test/'] }, 'null'],
  [
    'a redirect to a third origin',
    { mode: 'cors', remoteUrl: 'https://c.test/', redirectChain: ['https://b.test/'] },
    'null',
  ],
  [
    'a redirect out of the own origin',
    { mode: 'cors', remoteUrl: 'https://b.test/', redirectChain: ['https://a.test/r'] },
    'https://a.test',
  ],
  ["a user's navigation", { mode: 'navigate', initiatorUrl: null }, null],
])('Origin of %s', (_title, fields, origin) => {
  expect(originHeader(from(fields))).toBe(origin);
});
