import { expect, it } from 'vitest';
import { insecureContext } from './insecure-context.js';

it('there is nothing to hide from secure sites, this machine among them', () => {
  for (const url of [
    'https://a.test/',
    'http://localhost:81/',
    'http://a.localhost/',
    'http://127.0.0.1/',
    'http://[::1]/',
  ])
    expect(insecureContext(url, 'Chrome/156'), url).toBeUndefined();
});

it('what is hidden from an http: site travels as JSON, and Firefox keeps some of it', () => {
  for (const url of ['http://a.test/', 'http://localhost.test/', 'http://1.2.3.4/']) {
    const table = insecureContext(url, 'Chrome/156')!;
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(new RegExp(table.families).test('CacheStorage')).toBe(true);
    expect(table.kept).toBeUndefined();
    expect(new RegExp(insecureContext(url, 'Gecko Firefox/153')!.kept!).test('ClipboardEvent')).toBe(true);
  }
});
