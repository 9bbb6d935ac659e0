import { expect, it } from 'vitest';
import { judgeMixedContent } from './mixed-content.js';

const secure = { url: 'https://a.test/' };
const plain = { url: 'http://a.test/' };
const upgrading = { url: 'http://a.test/', policies: ['img-src *; upgrade-insecure-requests'] };

it.each<[record: typeof upgrading | typeof plain | null, url: string, destination: string, expected: string | null]>([
  [secure, 'http://b.test/x.js', 'script', 'blocked'],
  [secure, 'http://b.test/', '', 'blocked'],
  [secure, 'http://b.test/', 'iframe', 'blocked'],
  [secure, 'http://b.test/x.png', 'image', 'https://b.test/x.png'],
  [secure, 'http://localhost/x.js', 'script', null],
  [secure, 'https://b.test/x.js', 'script', null],
  [plain, 'http://b.test/x.js', 'script', null],
  [null, 'http://b.test/', 'iframe', null],
  [upgrading, 'http://b.test/x.js', 'script', 'https://b.test/x.js'],
])('judges %j for %s as %s: %s', (record, remoteUrl, destination, expected) => {
  expect(judgeMixedContent({ remoteUrl, record, destination, isTopLevel: false })).toBe(expected);
});

it('lets a user go from a secure page to one that is not', () => {
  const request = { remoteUrl: 'http://b.test/', record: secure, destination: 'document', isTopLevel: true };
  expect(judgeMixedContent(request)).toBeNull();
});
