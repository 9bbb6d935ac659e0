import { expect, it } from 'vitest';
import { isSearchTemplate, parseAddress } from './address.js';

const searchTemplate = 'https://search.test/?q=%s';
const parse = (text: string): unknown => {
  const address = parseAddress(text, { searchTemplate });
  return address.kind === 'error' ? address.code : `${address.kind} ${address.url}`;
};

it.each([
  ['https://example.com/a?b#c', 'url https://example.com/a?b#c'],
  ['  HTTP://Example.COM  ', 'url http://example.com/'],
  ['https:example.com', 'url https://example.com/'],
  ['//example.com/x', 'url https://example.com/x'],
  ['example.com', 'url https://example.com/'],
  ['example.com/a b?c d', 'url https://example.com/a%20b?c%20d'],
  ['sub.example.co.uk:8443/x', 'url https://sub.example.co.uk:8443/x'],
  ['example.com.', 'url https://example.com./'],
  ['bücher.example', 'url https://xn--bcher-kva.example/'],
  ['xn--bcher-kva.example', 'url https://xn--bcher-kva.example/'],
  ['localhost', 'url http://localhost/'],
  ['localhost:3000/path', 'url http://localhost:3000/path'],
  ['app.localhost', 'url http://app.localhost/'],
  ['127.0.0.1', 'url http://127.0.0.1/'],
  ['127.0.0.1:8080/x', 'url http://127.0.0.1:8080/x'],
  ['[::1]:8080', 'url http://[::1]:8080/'],
  ['intranet/', 'url http://intranet/'],
  ['intranet:8080', 'url http://intranet:8080/'],
  ['printer.local', 'url http://printer.local/'],
  ['index.html/', 'url https://index.html/'],
  ['data.gov', 'url https://data.gov/'],
])('takes %j for a URL', (text, expected) => {
  expect(parse(text)).toBe(expected);
});

it.each([
  ['culvert', 'culvert'],
  ['two words', 'two words'],
  ['what is example.com', 'what is example.com'],
  ['3.14', '3.14'],
  ['1.2.3', '1.2.3'],
  ['index.html', 'index.html'],
  ['node.js', 'node.js'],
  ['std::vector', 'std::vector'],
  ['define: proxy', 'define: proxy'],
  ['news: today', 'news: today'],
  ['me@example.com', 'me@example.com'],
  ['a&b=c', 'a&b=c'],
  ['?', '?'],
  ['/path', '/path'],
  ['C#', 'C#'],
  ['100%', '100%'],
  ['wie geht’s', 'wie geht’s'],
])('searches for %j', (text, words) => {
  expect(parse(text)).toBe(`search https://search.test/?q=${encodeURIComponent(words)}`);
});

it.each([
  ['ftp://example.com/', 'UNSUPPORTED_SCHEME'],
  ['mailto:me@example.com', 'UNSUPPORTED_SCHEME'],
  ['javascript:alert(1)', 'UNSUPPORTED_SCHEME'],
  ['data:text/html,x', 'UNSUPPORTED_SCHEME'],
  ['about:blank', 'UNSUPPORTED_SCHEME'],
  ['what://ever', 'UNSUPPORTED_SCHEME'],
  ['https://', 'NOT_A_URL'],
  ['http://exa mple.com/', 'NOT_A_URL'],
  ['https://example.com:99999/', 'NOT_A_URL'],
  ['   ', 'EMPTY'],
])('refuses %j', (text, code) => {
  expect(parse(text)).toBe(code);
});

it('refuses words where nothing is searched for', () => {
  expect(parseAddress('two words', { searchTemplate: null })).toMatchObject({ kind: 'error', code: 'NOT_A_URL' });
});

it('names the scheme that it refuses', () => {
  expect(parseAddress('ftp://example.com/', { searchTemplate })).toMatchObject({
    message: expect.stringContaining('ftp:'),
  });
});

it('accepts only http and https search URLs that have a place for the words', () => {
  expect(isSearchTemplate('https://search.test/?q=%s')).toBe(true);
  expect(isSearchTemplate('https://search.test/')).toBe(false);
  expect(isSearchTemplate('javascript:alert("%s")')).toBe(false);
  expect(isSearchTemplate('%s')).toBe(false);
});
