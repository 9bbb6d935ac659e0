import { describe, expect, it } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import { cutRandomly, randomSource, runStream, seed } from './chunks.test-support.js';
import { HtmlSplicer } from './html-splicer.js';
import { rewriteHtml } from './rewrite-html.js';
import { htmlRewritingStream } from './rewriting-stream.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const context = { documentUrl: 'https://site.example/', settings, bootHtml: '[boot]' };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const each = (bytes: Uint8Array): Uint8Array[] => [...bytes].map((byte) => Uint8Array.of(byte));

/** Nothing in these needs rewriting, and everything in them is easy to get wrong. */
const untouched: Record<string, string> = {
  'line ends of all kinds': '<p\r\n\r a\r=\r\n"1\r\n2">\r\n\r\r\n</p\r\n>\n\r',
  'references good and bad': '&amp;&amp &notit; &#0;&#x80;&#x110000;<p title="&ampx=1&copy;&lt">&',
  'NUL everywhere': '\0<p\0 a\0b="\0" \0>\0<!--\0--><textarea>\0</textarea><script type=x>\0</script>',
  'attributes without quotes, values, order or names': '<p a=b=c d e= f ="g"h=\'i\'"j" = /k/ /l/><p/ ><p =a></p a=b>',
  'duplicate attributes': '<p id=a ID=b Id=c>',
  'tags that are text': '< p></ p><p<b><1><></><<p><?a?><!b></',
  'nested forms and misnested formatting': '<form><form><b><i></b></i><a><a><p><table><p><tr><td><li></ul>',
  'comments of all ends': '<!----><!---><!--><!--a--!><!--a--!-><!--->-->-->',
  'entities in comments and raw text': '<!--&lt;<iframe src=a>--><style>&lt;<iframe src=a></style>',
  'conditional comments': '<!--[if IE]><iframe src="a"></iframe><![endif]--><![if !IE]><p><![endif]>',
  'conditional comments in scripts':
    '<script type=text/template><!--[if]><iframe src=a><script></script><![endif]--></script>',
  'unusual case': '<!dOcTyPe HtMl SYSTEM "about:legacy-compat"><HTML><BoDy><P CLASS=X></bOdY>',
  'surrogate pairs and marks': '<p title="😀\u0301">😀\ufeff\u2028\u{10ffff}</p 😀><😀>',
  'foreign content':
    '<svg viewBox="0 0 1 1"><path d="M0 0"/><use href="#a"/><![CDATA[<p>]]></svg><math><mi>a</mi></math>',
  'passive subresources':
    '<img src=a.png srcset="a 1x, b 2x"><link rel=stylesheet href=a><script src=a></script><video src=a poster=b>',
  'links and forms': '<a href="/x?a&b" ping=/p target=_blank>a</a><form action="?"><button formaction=/b></form>',
  'an unclosed tag': '<p class="',
  'an unclosed comment': '<p><!-- a --',
  'an unclosed textarea': '<textarea></textare',
  'an unclosed script': '<script>location',
};

describe.each(Object.entries(untouched))('leaves %s', (_name, html) => {
  const fragment = { documentUrl: context.documentUrl, settings, fragment: true };

  it('as one text', () => {
    expect(rewriteHtml(html, fragment)).toBe(html);
  });

  it('cut at each character', () => {
    for (let cut = 1; cut < html.length; cut++) {
      const splicer = new HtmlSplicer(fragment);
      expect(splicer.write(html.slice(0, cut)) + splicer.write(html.slice(cut)) + splicer.end(), `at ${cut}`).toBe(
        html,
      );
    }
  });

  it('as a stream of bytes', async () => {
    const without = { ...context, bootHtml: '' };
    expect(await runStream(each(bytesOf(html)), without, { charset: 'utf-8' })).toBe(html);
  });
});

const japanese = '<p>日本語テキスト<iframe src="/日本?日本"></iframe>';
const rewrittenJapanese =
  '[boot]<p>日本語テキスト<iframe src="http://localhost:8080/service/html/' +
  encodeURIComponent(new URL('/日本?日本', context.documentUrl).href) +
  '" culvert-src="/日本?日本"></iframe>';

it('reads UTF-16 by its byte order mark, over any header', async () => {
  const text = `\ufeff${japanese}`;
  const little = new Uint8Array(new Uint16Array([...text].map((unit) => unit.charCodeAt(0))).buffer);
  const big = little.map((_byte, index) => little[index ^ 1]!);
  expect(await runStream(each(little), context, { charset: 'windows-1252' }, 'utf-16le')).toBe(rewrittenJapanese);
  expect(await runStream(each(big), context, {}, 'utf-16be')).toBe(rewrittenJapanese);
});

it('reads Shift_JIS from the header or from meta', async () => {
  // "日本" in Shift_JIS
  const word = [0x93, 0xfa, 0x96, 0x7b];
  const bytes = Uint8Array.from([...bytesOf('<p>'), ...word, ...bytesOf('</p>')]);
  expect(await runStream(each(bytes), context, { charset: ' Shift-JIS ' }, 'shift_jis')).toBe('[boot]<p>日本</p>');
  const meta =
    '<!-- <meta charset=utf-8> --><meta name=a content="x"><meta content="a; charset=sjis" http-equiv=Content-Type>';
  const withMeta = Uint8Array.from([...bytesOf(meta), ...bytes]);
  expect(await runStream(each(withMeta), context, {}, 'shift_jis')).toBe(
    meta.replace('<meta name', '[boot]<meta name') + '<p>日本</p>',
  );
});

it('puts a reference where an attribute that is rewritten holds what its encoding does not have', async () => {
  const bytes = bytesOf('<iframe src="/a?&#26085;&eacute;#&#128512;"></iframe>');
  const src = 'http://localhost:8080/service/html/https%3A%2F%2Fsite.example%2Fa%3F%2526%252326085%253B%25E9';
  expect(await runStream([bytes], context, { charset: 'latin1' }, 'windows-1252')).toBe(
    `[boot]<iframe src="${src}#%F0%9F%98%80" culvert-src="/a?&#26085;é#&#128512;"></iframe>`,
  );
});

it.each([
  ['shift_jis', '%93%FA%96%7B%5C'],
  ['euc-kr', '%EC%ED%DC%E2\\'],
  ['utf-16le', '%E6%97%A5%E6%9C%AC\\'],
])('queries of URLs in a document in %s are in it, as a browser has them', (encoding, query) => {
  const html = rewriteHtml('<iframe src="/日?日本\\"></iframe>', { ...context, encoding, fragment: true });
  expect(decodeURIComponent(/html\/([^"]*)"/.exec(html)![1]!)).toBe(
    `https://site.example/%E6%97%A5?${query.replace('%7B', '{').replace('%5C', '\\')}`,
  );
});

it('takes windows-1252 when nothing says, and for a charset that is none', async () => {
  // (0x80 to 0x9f would tell it from ISO-8859-1; Node 20 decodes those wrongly, browsers do not.)
  const bytes = Uint8Array.from([...bytesOf('<p>'), 0xa4, 0xe9]);
  expect(await runStream(each(bytes), context, {}, 'windows-1252')).toBe('[boot]<p>¤é');
  expect(await runStream(each(bytes), context, { charset: 'nonsense' }, 'windows-1252')).toBe('[boot]<p>¤é');
});

it('takes utf-8 for a meta that says UTF-16', async () => {
  expect(await runStream([bytesOf('<meta charset=utf-16le>é')], context)).toBe('[boot]<meta charset=utf-16le>é');
});

it('replaces invalid UTF-8 the same way wherever it is cut', async () => {
  const bytes = Uint8Array.from([
    0x3c, 0x70, 0x3e, 0xf0, 0x9f, 0x98, 0x41, 0xff, 0xe2, 0x82, 0xed, 0xa0, 0x80, 0xf0, 0x9f,
  ]);
  const expected = '[boot]' + new TextDecoder().decode(bytes);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const pieces = [bytes.slice(0, cut), bytes.slice(cut)];
    expect(await runStream(pieces, context, { charset: 'utf-8' })).toBe(expected);
  }
});

it('makes one replacement character of a document in a replaced encoding', async () => {
  expect(await runStream([bytesOf('<p>a'), bytesOf('b')], context, { charset: 'iso-2022-kr' })).toBe('[boot]\ufffd');
});

it('sends the start of a document before its end has come', async () => {
  const stream = htmlRewritingStream(context, { charset: 'utf-8' });
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  void writer.write(bytesOf('<head><title>a</title><p>text'));
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe('<head>[boot]<title>a</title><p>text');
  await writer.abort();
});

it('gives an empty document the boot', async () => {
  expect(await runStream([], context)).toBe('[boot]');
});

it.each([
  ['open tags', '<div>'.repeat(10_000)],
  ['open and closed tags', '<div><svg>'.repeat(10_000) + '</svg></div>'.repeat(10_000)],
  ['unmatched end tags', '<table><b>'.repeat(5_000) + '</div></x></b></p>'.repeat(5_000)],
  ['foreign integration points', '<svg><foreignObject>'.repeat(5_000) + '</p>'.repeat(10_000)],
  ['an attribute of 4 MB', `<img alt="${`${'x'.repeat(95)}&amp;`.repeat(40_000)}"><p>`],
  ['a thousand attributes', `<p ${Array.from({ length: 1000 }, (_, i) => `a${i}=${i}`).join(' ')}>`],
  ['a comment of 4 MB', `<p><!--${'-<!- '.repeat(800_000)}--><p>`],
  ['a script of 4 MB', `<p><script type=x>${'</scrip<!-'.repeat(400_000)}</script><p>`],
  ['less-than signs', '<'.repeat(200_000)],
])(
  'leaves %s as they are, and takes no time for it',
  async (_name, html) => {
    const start = performance.now();
    const bytes = bytesOf(html);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 16384) }, (_, i) =>
      bytes.slice(i * 16384, (i + 1) * 16384),
    );
    const output = await runStream(pieces, { ...context, bootHtml: '' }, { charset: 'utf-8' });
    expect(output === html).toBe(true);
    expect(performance.now() - start).toBeLessThan(10_000);
  },
  30_000,
);

it('rewrites random markup the same way however it is cut, and throws for none of it', () => {
  const random = randomSource(seed);
  const parts = [
    '<',
    '>',
    '/',
    '=',
    '"',
    "'",
    ' ',
    '\n',
    '\r',
    '\0',
    '!',
    '--',
    '-',
    '&',
    '&amp',
    ';',
    ']]>',
    '<![CDATA[',
    'é',
    '😀',
    '\ud83d',
    'iframe',
    'src',
    'svg',
    'script',
    'style',
    'title',
    'math',
    'mi',
    'head',
    'html',
    'p',
    'link',
    'rel',
    'icon',
    'href',
    'meta',
    'http-equiv',
    'refresh',
    'content',
    '0;url=a',
    'base',
    'onclick',
    'javascript:a',
    'data:,b',
    'srcdoc',
    'use',
    '<iframe src=',
    '<script>',
    '</script>',
    '<!--',
    '-->',
    '<svg>',
    '</svg>',
    '<p ',
    'culvert-src',
    'a%',
    '%41',
    'http://[',
    '//b/c?d#e',
    '\v',
  ];
  for (const urls of ['real', 'scoped'] as const) {
    const randomContext = { ...context, settings: { ...settings, urls } };
    for (let round = 0; round < 1500; round++) {
      let html = '';
      for (let length = Math.floor(random() * 40); length > 0; length--)
        html += parts[Math.floor(random() * parts.length)];
      const whole = rewriteHtml(html, randomContext);
      const splicer = new HtmlSplicer(randomContext);
      let pieces = '';
      for (const piece of cutRandomly(html, random, 6)) pieces += splicer.write(piece);
      expect(pieces + splicer.end(), `CHUNK_SEED=${seed} ${JSON.stringify(html)}`).toBe(whole);
      expect(whole.split('[boot]').length, JSON.stringify(html)).toBeGreaterThan(1);
    }
  }
}, 30_000);
