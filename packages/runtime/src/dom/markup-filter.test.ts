import { expect, it } from 'vitest';
import { mayNeedPatch } from './markup-filter.js';

const real = { origin: 'http://localhost', scope: '/service/', urls: 'real' } as const;
const needs = (markup: string) => mayNeedPatch(markup, real);

it('lets ordinary markup through', () => {
  for (const markup of [
    'text on = 1',
    '<div class="on" style="background:url(x.png)"><img src="a.png" srcset="b 2x"><a href="/x">y</a></div>',
    '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
    '<form action="/x"><input name=a></form>',
  ]) {
    expect(needs(markup)).toBe(false);
  }
});

it('sees what has to be patched', () => {
  for (const markup of [
    '<iframe src=x>',
    '<IFRAME>',
    '<link rel=icon>',
    '<img src=x onerror=a()>',
    '<img/onerror=a()>',
    '<b title="x"onclick="y">',
    '<a href="JavaScript:x">',
    '<a href="java&#x73;cript:x">',
    '<a href="java\nscript:x">',
    '<svg><use href="x#y"/></svg>',
    '<svg><rect fill="url(x#y)"/></svg>',
    '<script>x</script>',
    '<a ping=x>',
  ]) {
    expect(needs(markup)).toBe(true);
  }
});

it('looks at everything where a class is scoped', () => {
  expect(mayNeedPatch('<p>', { ...real, scopedClasses: ['image'] })).toBe(true);
});
