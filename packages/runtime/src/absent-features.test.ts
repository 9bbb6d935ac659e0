import { expect, it } from 'vitest';
import { absentFeatures } from './absent-features.js';

it('secure sites, this machine among them, are without payments and credentials alone', () => {
  for (const url of [
    'https://a.test/',
    'http://localhost:81/',
    'http://a.localhost/',
    'http://127.0.0.1/',
    'http://[::1]/',
  ]) {
    const { globals, members, isSecure } = absentFeatures(url, 'Chrome/156');
    expect([
      globals.filter((name) => !/^Pay|^Authenticator|^Identity|Login$|Credential/.test(name)),
      members,
      isSecure,
    ]).toEqual([[], { Navigator: ['credentials', 'login'] }, true]);
  }
});

it('what is hidden from an http: site travels as JSON, and Firefox keeps some of it', () => {
  for (const url of ['http://a.test/', 'http://localhost.test/', 'http://1.2.3.4/']) {
    const table = absentFeatures(url, 'Chrome/156');
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(new RegExp(table.families!).test('CacheStorage')).toBe(true);
    expect([table.kept, table.isSecure]).toEqual([undefined, undefined]);
    expect(new RegExp(absentFeatures(url, 'Gecko Firefox/153').kept!).test('ClipboardEvent')).toBe(true);
  }
});
