import { expect, it } from 'vitest';
import { completeMarkupLength } from './markup-buffer.js';

const pending = (markup: string) => markup.slice(completeMarkupLength(markup));

it('lets complete markup and text through', () => {
  for (const markup of [
    '',
    'text & more',
    '<p class="a>b">x</p>',
    '<!-- c -->',
    '<!-->',
    '<br/>',
    'a < b',
    '</>',
    '<!doctype html>',
  ]) {
    expect(pending(markup)).toBe('');
  }
});

it('holds back a tag until it is closed', () => {
  expect(pending('a<')).toBe('<');
  expect(pending('a<di')).toBe('<di');
  expect(pending('<b>x</')).toBe('</');
  expect(pending('<a title="x>')).toBe('<a title="x>');
  expect(pending("<a title = 'x> y")).toBe("<a title = 'x> y");
  expect(pending('<p>x<img src=a')).toBe('<img src=a');
  expect(pending('<img src=')).toBe('<img src=');
});

it('holds back a script until its end tag is complete', () => {
  expect(pending('x<script>')).toBe('<script>');
  expect(pending('x<script>a("</b>")</scr')).toBe('<script>a("</b>")</scr');
  expect(pending('x<script>a</script')).toBe('<script>a</script');
  expect(pending('x<SCRIPT>a</script >y')).toBe('');
  expect(pending('x<script>a</scripted>')).toBe('<script>a</scripted>');
});

it('treats an unquoted value with a slash as part of the tag', () => {
  expect(pending('<a href=/x/y>z')).toBe('');
  expect(pending('<a href=x"y>z')).toBe('');
});

it('gives the same result for any split into two writes', () => {
  const markup =
    '<!doctype html><!-- a --><p title="x>y" b=\'<\'>t</p><script src=a>if (a<b) "</p>"</script><style>a>b{}</style>end';
  for (let cut = 0; cut <= markup.length; cut += 1) {
    const first = markup.slice(0, cut);
    const length = completeMarkupLength(first);
    expect(completeMarkupLength(first.slice(length) + markup.slice(cut))).toBe(markup.length - length);
  }
});
