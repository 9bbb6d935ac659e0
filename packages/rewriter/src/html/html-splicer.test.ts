import { describe, expect, it, vi } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import { cutRandomly, randomSource, runStream, seed } from './chunks.test-support.js';
import type { HtmlContext } from './html-context.js';
import { HtmlSplicer } from './html-splicer.js';
import { rewriteHtml } from './rewrite-html.js';

// What the script rewriter does has tests of its own; here it is only to be seen where it was called, and for what.
vi.mock('../js/index.js', () => ({
  rewriteScript: (source: string, options: { kind: string }) =>
    source.replaceAll('location', `\v${options.kind}.location`),
}));

const real: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const scoped: UrlSettings = { ...real, urls: 'scoped' };
const documentUrl = 'https://site.example/dir/page.html?q';
const boot = '<base href="https://site.example/dir/page.html?q"><script>boot("</p>")</script>';
const at = (asset: string, url: string): string => `http://localhost:8080/service/${asset}/${encodeURIComponent(url)}`;
const frame = (url: string): string => at('html', url);

interface Example {
  name: string;
  input: string;
  /** Without the boot, which is put in place of `@`. */
  output: string;
  settings?: UrlSettings;
}

const examples: Example[] = [
  // Where the boot goes.
  { name: 'boots an empty document', input: '', output: '@' },
  { name: 'boots a document of white space', input: ' \n ', output: ' \n @' },
  {
    name: 'boots after the head tag',
    input: '<!DOCTYPE html>\n<html lang=en>\n<head>\n<title>x</title>',
    output: '<!DOCTYPE html>\n<html lang=en>\n<head>@\n<title>x</title>',
  },
  { name: 'boots after a head with attributes', input: '<head\nid="a>b">x', output: '<head\nid="a>b">@x' },
  {
    name: 'boots before text without a head',
    input: '<!doctype html> hello <head>',
    output: '<!doctype html> @hello <head>',
  },
  {
    name: 'boots before the first tag without a head',
    input: '<!doctype html><title>a</title><head></head>',
    output: '<!doctype html>@<title>a</title><head></head>',
  },
  {
    name: 'boots before the body of a document without a head',
    input: '<!doctype html><html><body><head>',
    output: '<!doctype html><html>@<body><head>',
  },
  { name: 'boots before an end tag', input: '<!doctype html></p><html>', output: '<!doctype html>@</p><html>' },
  {
    name: 'keeps comments before the doctype first',
    input: '<!-- a <head> --><?xml version="1.0"?></ b><!doctype html><p>',
    output: '<!-- a <head> --><?xml version="1.0"?></ b><!doctype html>@<p>',
  },
  {
    name: 'takes an empty end tag for nothing, as the parser does',
    input: '</><!doctype html><p>',
    output: '</><!doctype html>@<p>',
  },
  { name: 'boots before a reference', input: '<!doctype html>&#32;a', output: '<!doctype html>@&#32;a' },
  { name: 'boots before a NUL', input: '<!doctype html>\0', output: '<!doctype html>@\0' },
  { name: 'boots before a less-than sign that is text', input: ' < head>', output: ' @< head>' },
  { name: 'boots before a comment without an end', input: '<!doctype html> <!-- a', output: '<!doctype html> @<!-- a' },
  { name: 'boots before a comment whose end is cut off', input: '<html><!-- a > --', output: '<html>@<!-- a > --' },
  { name: 'boots before a doctype without an end', input: ' <!doctype html', output: ' @<!doctype html' },
  { name: 'boots before a bogus comment without an end', input: '<!x', output: '@<!x' },
  {
    name: 'boots before a tag without an end',
    input: '<!doctype html><html><head',
    output: '<!doctype html><html>@<head',
  },
  {
    name: 'boots before a quoted attribute without an end',
    input: '<html class="<head>',
    output: '@<html class="<head>',
  },
  {
    name: 'boots once',
    input: '<head></head><head></head><html><head>',
    output: '<head>@</head><head></head><html><head>',
  },

  // Scripts.
  {
    name: 'rewrites an inline script',
    input: '<script>location</script>',
    output: '@<script>\vscript.location</script>',
  },
  {
    name: 'rewrites an inline module',
    input: '<script type=" Module ">location</script>',
    output: '@<script type=" Module ">\vmodule.location</script>',
  },
  {
    name: 'rewrites by language',
    input: '<script language=JavaScript>location</script>',
    output: '@<script language=JavaScript>\vscript.location</script>',
  },
  {
    name: 'leaves data blocks',
    input: '<script type=application/json>location</script><script type="text/javascript;x=y">location</script>',
    output: '@<script type=application/json>location</script><script type="text/javascript;x=y">location</script>',
  },
  {
    name: 'leaves the text of a script with a URL',
    input: '<script src=a.js>location</script>',
    output: '@<script src=a.js>location</script>',
  },
  {
    name: 'leaves import maps',
    input: '<script type=importmap>{"imports":{"a":"./location.js"}}</script>',
    output: '@<script type=importmap>{"imports":{"a":"./location.js"}}</script>',
  },
  {
    name: 'takes integrity out of an import map',
    input: '<script type=importmap>{"integrity":{"a":"b"}} </script>',
    output: '@<script type=importmap>{"integrity":{"a":"b"},"integrity":{}} </script>',
  },
  {
    name: 'neutralises speculation rules',
    input: '<script type=speculationrules>{}</script>',
    output: '@<script type="culvert-speculationrules" culvert-type="speculationrules">{}</script>',
  },
  {
    name: 'ends a script where the parser does',
    input: '<script>"</scriptx>" // </script>location',
    output: '@<script>"</scriptx>" // </script>location',
  },
  {
    name: 'ends a script inside a string',
    input: '<script>a="location</script>location"',
    output: '@<script>a="\vscript.location</script>location"',
  },
  {
    name: 'ends a script inside a comment',
    input: '<script>/* location </script >location',
    output: '@<script>/* \vscript.location </script >location',
  },
  {
    name: 'knows the double escaped state',
    input: '<script><!--<script>location</script>location--></script>location',
    output: '@<script><!--<script>\vscript.location</script>\vscript.location--></script>location',
  },
  {
    name: 'knows the escaped state',
    input: '<script><!-- location </script>location-->',
    output: '@<script><!-- \vscript.location </script>location-->',
  },
  {
    name: 'leaves the double escaped state with the comment',
    input: '<script><!--<script>--></script>location',
    output: '@<script><!--<script>--></script>location',
  },
  { name: 'leaves a script without an end', input: '<p><script>location', output: '@<p><script>location' },
  {
    name: 'leaves a script whose end is cut off',
    input: '<p><script>location</script',
    output: '@<p><script>location</script',
  },
  {
    name: 'leaves script integrity to the worker',
    input: "<script src=a.js integrity='sha256-a&amp;'></script>",
    output: '@<script src=a.js integrity="culvert-sha256-a&amp;" culvert-integrity="sha256-a&amp;"></script>',
  },
  {
    name: 'rewrites a data: script',
    input: '<script src="data:text/javascript,location%3B"></script>',
    output:
      '@<script src="data:text/javascript;charset=utf-8,%0Bscript.location%3B" culvert-src="data:text/javascript,location%3B"></script>',
  },
  {
    name: 'rewrites a base64 data: module',
    input: '<script type=module src="data:text/javascript;base64,bG9jYXRpb24="></script>',
    output:
      '@<script type=module src="data:text/javascript;charset=utf-8,%0Bmodule.location" culvert-src="data:text/javascript;base64,bG9jYXRpb24="></script>',
  },

  // Handlers and javascript: URLs.
  {
    name: 'rewrites event handlers',
    input: '<body ONLOAD=location onx2="location"><svg onload=\'"location"\'>',
    output: '@<body ONLOAD="\vhandler.location" onx2="location"><svg onload="&quot;\vhandler.location&quot;">',
  },
  {
    name: 'rewrites javascript: URLs',
    input: '<a href=" javascript:location"><form action="JavaScript:location"><button formaction=javascript:location>',
    output:
      '@<a href=" javascript:\vjavascript-url.location"><form action="JavaScript:\vjavascript-url.location"><button formaction="javascript:\vjavascript-url.location">',
  },
  {
    name: 'keeps what an escaped javascript: URL read',
    input: '<a href="java\nscript:a%20%25location">',
    output: '@<a href="java\nscript:a %25\vjavascript-url.location" culvert-href="java\nscript:a%20%25location">',
  },
  {
    name: 'rewrites javascript: URLs of SVG links',
    input: '<svg><a xlink:href="javascript:location">',
    output: '@<svg><a xlink:href="javascript:\vjavascript-url.location">',
  },

  // Frames.
  {
    name: 'scopes frames',
    input: '<iframe src="../x?a&amp;b#c" title=\'"\'></iframe>',
    output: `@<iframe src="${frame('https://site.example/x?a&b')}#c" culvert-src="../x?a&amp;b#c" title='"'></iframe>`,
  },
  {
    name: 'scopes unquoted URLs',
    input: '<iframe src=//a.example></iframe><object data=o.svg>',
    output: `@<iframe src="${frame('https://a.example/')}" culvert-src="//a.example"></iframe><object data="${at('object', 'https://site.example/dir/o.svg')}" culvert-data="o.svg">`,
  },
  {
    name: 'leaves frames without a request',
    input: '<iframe src=about:blank></iframe><iframe src></iframe><iframe src="blob:x"></iframe>',
    output: '@<iframe src=about:blank></iframe><iframe src></iframe><iframe src="blob:x"></iframe>',
  },
  {
    name: 'gives a data: frame a route',
    input: '<iframe src="data:text/html,<p>"></iframe>',
    output: `@<iframe src="${at('html', 'data:text/html,<p>')}" culvert-src="data:text/html,<p>"></iframe>`,
  },
  {
    name: 'rewrites javascript: frames',
    input: '<iframe src="javascript:location"></iframe>',
    output: '@<iframe src="javascript:\vjavascript-url.location"></iframe>',
  },
  {
    name: 'recurses into srcdoc',
    input: '<iframe srcdoc="<p onclick=\'location\'>&amp;lt;"></iframe>',
    output: `@<iframe srcdoc="#<p onclick=&quot;\vhandler.location&quot;>&amp;lt;" culvert-srcdoc="<p onclick='location'>&amp;lt;"></iframe>`,
  },
  {
    name: 'drops companions that a page wrote',
    input: '<iframe culvert-src=evil src=a></iframe><p culvert-x="1"class=a>',
    output: `@<iframe  src="${frame('https://site.example/dir/a')}" culvert-src="a"></iframe><p class=a>`,
  },
  {
    name: 'takes the first of two attributes',
    input: '<iframe src=a SRC=b></iframe>',
    output: `@<iframe src="${frame('https://site.example/dir/a')}" culvert-src="a" SRC=b></iframe>`,
  },

  // Links, meta, base.
  {
    name: 'scopes icons and manifests',
    input: '<link rel="shortcut icon" href=i.ico><link rel=manifest href=m.json>',
    output: `@<link rel="shortcut icon" href="${at('icon', 'https://site.example/dir/i.ico')}" culvert-href="i.ico"><link rel=manifest href="${at('manifest', 'https://site.example/dir/m.json')}" culvert-href="m.json">`,
  },
  {
    name: 'takes hints away',
    input: '<link rel=preconnect href=//a><link href=b rel=DNS-prefetch><link rel=prefetch href=c>',
    output:
      '@<link rel=preconnect href="" culvert-href="//a"><link href="" culvert-href="b" rel=DNS-prefetch><link rel=prefetch href="" culvert-href="c">',
  },
  {
    name: 'leaves links that load nothing past the worker',
    input:
      '<link rel=stylesheet href=a.css integrity=x><link rel=preload as=script href=b><link rel=constructor as=__proto__ href=c>',
    output:
      '@<link rel=stylesheet href=a.css integrity=x><link rel=preload as=script href=b><link rel=constructor as=__proto__ href=c>',
  },
  {
    name: 'leaves the integrity of preloaded scripts to the worker',
    input: '<link rel=modulepreload href=a integrity="sha384-x SHA512-y">',
    output:
      '@<link rel=modulepreload href=a integrity="culvert-sha384-x culvert-SHA512-y" culvert-integrity="sha384-x SHA512-y">',
  },
  {
    name: 'makes base absolute and resolves by it',
    input: '<base href="/b/"><base href=/c/><iframe src=x></iframe>',
    output: `@<base href="https://site.example/b/" culvert-href="/b/"><base href="https://site.example/c/" culvert-href="/c/"><iframe src="${frame('https://site.example/b/x')}" culvert-src="x"></iframe>`,
  },
  {
    name: 'gives an invalid base the URL of the document',
    input: '<base href="javascript:1">',
    output: `@<base href="${documentUrl}" culvert-href="javascript:1">`,
  },
  {
    name: 'scopes a refresh',
    input: '<meta content="5; URL=\'/next\'" http-equiv=Refresh><meta http-equiv=refresh content=9>',
    output: `@<meta content="5; url=${frame('https://site.example/next')}" culvert-content="5; URL='/next'" http-equiv=Refresh><meta http-equiv=refresh content=9>`,
  },
  {
    name: 'keeps a policy from being enforced',
    input: '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
    output:
      '@<meta http-equiv="culvert-content-security-policy" culvert-http-equiv="Content-Security-Policy" content="default-src \'none\'">',
  },

  // SVG.
  {
    name: 'scopes external references of use',
    input: '<svg><use href="#a"/><use xlink:href="i.svg#a"/><use href="?q#b"/>',
    output: `@<svg><use href="#a"/><use xlink:href="${at('svg', 'https://site.example/dir/i.svg')}#a" culvert-xlink-href="i.svg#a"/><use href="#b" culvert-href="?q#b"/>`,
  },
  {
    name: 'reads SVG scripts as markup',
    input:
      '<svg><script>a&lt;location<!-- b --><![CDATA[location&&]]></script><title><iframe src=a></iframe></title></svg>',
    output: `@<svg><script>a&lt;\vscript.location<!-- b -->\vscript.location&amp;&amp;</script><title><iframe src="${frame('https://site.example/dir/a')}" culvert-src="a"></iframe></title></svg>`,
  },
  {
    name: 'leaves CDATA sections',
    input: '<svg><![CDATA[<iframe src=a>]]></svg><![CDATA[<iframe src=a>]]>',
    output: `@<svg><![CDATA[<iframe src=a>]]></svg><![CDATA[<iframe src=a>]]>`,
  },
  {
    name: 'knows that a break-out ends foreign content',
    input: '<svg><p><title><iframe src=a></title>',
    output: '@<svg><p><title><iframe src=a></title>',
  },

  // Text that only looks like markup.
  {
    name: 'leaves raw text',
    input:
      '<style><iframe src=a></style><textarea><iframe src=a></textarea><noscript><iframe src=a></noscript><xmp><iframe src=a></xmp><plaintext><iframe src=a></plaintext>',
    output:
      '@<style><iframe src=a></style><textarea><iframe src=a></textarea><noscript><iframe src=a></noscript><xmp><iframe src=a></xmp><plaintext><iframe src=a></plaintext>',
  },
  {
    name: 'leaves comments',
    input: '<p><!-- <iframe src=a> --!><!--><iframe src=a></iframe><!--->',
    output: `@<p><!-- <iframe src=a> --!><!--><iframe src="${frame('https://site.example/dir/a')}" culvert-src="a"></iframe><!--->`,
  },
  {
    name: 'rewrites inside templates',
    input: '<template><iframe src=a></iframe></template>',
    output: `@<template><iframe src="${frame('https://site.example/dir/a')}" culvert-src="a"></iframe></template>`,
  },

  // Scoped URLs.
  {
    name: 'scopes images',
    settings: scoped,
    input: '<img src=a.png srcset="b.png 2x, c.png">',
    output: `@<img src="${at('img', 'https://site.example/dir/a.png')}" culvert-src="a.png" srcset="${at('img', 'https://site.example/dir/b.png')} 2x, ${at('img', 'https://site.example/dir/c.png')}" culvert-srcset="b.png 2x, c.png">`,
  },
  {
    name: 'scopes stylesheets and style',
    settings: scoped,
    input: '<link rel=stylesheet href=a.css><style>a{b:url(c.png)}</style><p style="b:url(c.png)">',
    output: `@<link rel=stylesheet href="${at('css', 'https://site.example/dir/a.css')}" culvert-href="a.css"><style>a{b:url("${at('img', 'https://site.example/dir/c.png')}")}</style><p style="b:url(&quot;${at('img', 'https://site.example/dir/c.png')}&quot;)" culvert-style="b:url(c.png)">`,
  },
  {
    name: 'scopes a style element without an end',
    settings: scoped,
    input: '<style>a{b:url(c.png)',
    output: `@<style>a{b:url("${at('img', 'https://site.example/dir/c.png')}")`,
  },
  {
    name: 'scopes links and forms',
    settings: scoped,
    input: '<a href=x>y</a><a href="#z"></a><form action=f>',
    output: `@<a href="${frame('https://site.example/dir/x')}" culvert-href="x">y</a><a href="#z"></a><form action="${frame('https://site.example/dir/f')}" culvert-action="f">`,
  },
  {
    name: 'scopes scripts by their type',
    settings: scoped,
    input: '<script src=a></script><script type=module src=b></script><script type=x src=c></script>',
    output: `@<script src="${at('js', 'https://site.example/dir/a')}" culvert-src="a"></script><script type=module src="${at('module', 'https://site.example/dir/b')}" culvert-src="b"></script><script type=x src=c></script>`,
  },
  {
    name: 'leaves what is scoped already',
    settings: scoped,
    input: `<img src="${at('img', 'https://a.example/')}">`,
    output: `@<img src="${at('img', 'https://a.example/')}">`,
  },
];

function contextOf(settings: UrlSettings = real): HtmlContext {
  return { documentUrl, settings, bootHtml: (kind) => (kind === 'srcdoc' ? '#' : boot) };
}

const encoder = new TextEncoder();

describe.each(examples)('$name', ({ input, output, settings }) => {
  const context = contextOf(settings);
  const expected = output.replace('@', () => boot);

  it('as one text', () => {
    expect(rewriteHtml(input, context)).toBe(expected);
  });

  it('cut at each character', () => {
    for (let cut = 1; cut < input.length; cut++) {
      const splicer = new HtmlSplicer(context);
      const actual = splicer.write(input.slice(0, cut)) + splicer.write(input.slice(cut)) + splicer.end();
      expect(actual, `cut at ${cut}`).toBe(expected);
    }
  });

  it('a character at a time', () => {
    const splicer = new HtmlSplicer(context);
    let actual = '';
    for (const unit of input.split('')) actual += splicer.write(unit);
    expect(actual + splicer.end()).toBe(expected);
  });

  it('as a stream of random pieces', async () => {
    const pieces = cutRandomly(encoder.encode(input), randomSource(seed));
    expect(await runStream(pieces, context, { charset: 'utf-8' }), `CHUNK_SEED=${seed}`).toBe(expected);
  });
});

it('hands on text and whole tags with the piece they came in', () => {
  const splicer = new HtmlSplicer(contextOf());
  expect(splicer.write('<head><title>a')).toBe(`<head>${boot}<title>a`);
  expect(splicer.write('b</ti')).toBe('b');
  expect(splicer.write('tle><p>text <b')).toBe('</title><p>text ');
  expect(splicer.write('><!-- long comment')).toBe('<b><!-- long comment');
  expect(splicer.write(' --><script>x')).toBe(' --><script>');
  expect(splicer.write('y</script>z')).toBe('xy</script>z');
});

it('hands on an end tag with the piece that completes it, so that a script runs at once', () => {
  const splicer = new HtmlSplicer({ documentUrl, settings: real });
  expect(splicer.write('<p>a</p><script>b()</script>')).toBe('<p>a</p><script>b()</script>');
  expect(splicer.write('<br>')).toBe('<br>');
});

it('gives a fragment no boot', () => {
  const context = { ...contextOf(), fragment: true };
  expect(rewriteHtml('<head>a', context)).toBe('<head>a');
});

it('takes no base URL that a policy forbids', () => {
  const html = '<base href=https://b.test/x/><iframe src=y></iframe>';
  const rewritten = rewriteHtml(html, { documentUrl, settings: real, allowsBase: (url) => !url.includes('b.test') });
  expect(rewritten).toContain(`href="${documentUrl}" culvert-href="https://b.test/x/"`);
  expect(rewritten).toContain(encodeURIComponent(new URL('y', documentUrl).href));
});

it('tells the worker by the route of a frame whose origin its sandbox makes opaque', () => {
  const html = '<iframe sandbox=allow-scripts src=/x></iframe><iframe sandbox=allow-same-origin src=/x></iframe>';
  const rewritten = rewriteHtml(html, { documentUrl, settings: real, sandboxedFrames: 'same-origin' });
  expect(rewritten.match(/\/service\/\w+\//g)).toEqual(['/service/sandbox/', '/service/html/']);
});

it('gives sandboxed frames their origin back only when asked', () => {
  const html =
    '<iframe sandbox></iframe><iframe sandbox="allow-scripts"></iframe><iframe sandbox=allow-same-origin></iframe>';
  const context = { documentUrl, settings: real };
  expect(rewriteHtml(html, context)).toBe(html);
  expect(rewriteHtml(html, { ...context, sandboxedFrames: 'same-origin' })).toBe(
    '<iframe sandbox="allow-same-origin" culvert-sandbox=""></iframe>' +
      '<iframe sandbox="allow-scripts allow-same-origin" culvert-sandbox="allow-scripts"></iframe>' +
      '<iframe sandbox=allow-same-origin></iframe>',
  );
});

it('boots the documents in srcdoc of a fragment', () => {
  const context = { ...contextOf(), fragment: true };
  expect(rewriteHtml('<iframe srcdoc=a>', context)).toBe('<iframe srcdoc="#a" culvert-srcdoc="a">');
});

it('keeps a space after the scheme of a javascript: URL without a companion', () => {
  const context = { ...contextOf(), fragment: true };
  expect(rewriteHtml('<a href="javascript: location">', context)).toBe(
    '<a href="javascript: \vjavascript-url.location">',
  );
});

it('ends the recursion into srcdoc', () => {
  let html = '<p>';
  for (let depth = 0; depth < 12; depth++)
    html = `<iframe srcdoc="${html.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}">`;
  expect(rewriteHtml(html, contextOf())).toContain('culvert-srcdoc');
});

it('gives the nonce to an inline script that is admitted by its hash and changes', () => {
  const isAdmittedByHash = (text: string) => text.startsWith('admitted');
  const rewrite = (html: string) =>
    rewriteHtml(html, {
      documentUrl,
      settings: real,
      bootHtml: '',
      scriptNonce: 'N',
      isAdmittedByHash,
      rewriteScript: (text) => text.replace('x', 'y'),
    });
  expect(rewrite('<script id=a>admitted x</script>')).toBe('<script nonce="N" id=a>admitted y</script>');
  expect(rewrite('<script>admitted</script>')).toBe('<script>admitted</script>');
  expect(rewrite('<script>other x</script>')).toBe('<script>other y</script>');
  expect(rewrite('<script nonce=own>admitted x</script>')).toBe('<script nonce=own>admitted y</script>');
});
