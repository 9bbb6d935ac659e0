import { html, parseFragment } from 'parse5';
import { expect, it } from 'vitest';
import { decodeAttributeValue } from './attribute-value.js';

function asParsed(written: string): string | undefined {
  const quote = written.includes('"') ? "'" : '"';
  const [element] = parseFragment(`<a href=${quote}${written}${quote}>`).childNodes;
  expect(element).toHaveProperty('namespaceURI', html.NS.HTML);
  return element && 'attrs' in element ? element.attrs[0]?.value : undefined;
}

it.each([
  '?a=1&amp;b=2&lt;&gt;&quot;&#39;',
  // Queries as they are written: no references, whatever the parameters are called.
  '?a=1&b=2&copy=3&lt=4&not1=5&notit=6&amp=7&ampx=8&1=9&AMP=10',
  '?a&copy;=1&copy&not;it=2&lt',
  '?a=1&b=2&amp;c=3&copy4',
  '&AMP;&#x26;&#38;&#xD800;&hearts;&NotEqualTilde;',
  '&=&&a&&amp;amp;=',
  `"&b='`.slice(0, -1),
])('%s is what a parser reads', (written) => {
  expect(decodeAttributeValue(written)).toBe(asParsed(written));
});
