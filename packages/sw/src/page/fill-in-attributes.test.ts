import { expect, it } from 'vitest';
import { fillInAttributes } from './fill-in-attributes.js';

it('puts values into the first of each attribute, escaped', () => {
  const page = '<html data-bare="/bare/" data-scope="/service/"><p data-bare="/bare/">';
  expect(fillInAttributes(page, { 'data-bare': 'https://b.example/?a="1"&b=$&', 'data-scope': 'go/' })).toBe(
    '<html data-bare="https://b.example/?a=&quot;1&quot;&amp;b=$&amp;" data-scope="go/"><p data-bare="/bare/">',
  );
});
