/** @module Pages in encodings other than UTF-8, direct and proxied: what they are, read and send. */
import { encoderFor } from '@culvert/rewriter';
import type { Frame } from '@playwright/test';
import { sideBySide } from './support/side-by-side.js';
import { startSiteInProcess, type Site } from './support/site.js';

interface EncodedPage {
  encoding: string;
  /** Characters of the encoding; the first has a backslash or brace as its second byte in some of them. */
  word: string;
  /** How the page says it: in the header, in a `<meta>`, or by a byte order mark. */
  by: 'header' | 'meta' | 'mark';
}

const pages: EncodedPage[] = [
  { encoding: 'windows-1252', word: 'éèß€', by: 'header' },
  { encoding: 'windows-1251', word: 'что', by: 'meta' },
  { encoding: 'shift_jis', word: '表ソ能ｱ', by: 'meta' },
  { encoding: 'shift_jis', word: '表ソ能', by: 'header' },
  { encoding: 'euc-jp', word: '表日本', by: 'header' },
  { encoding: 'iso-2022-jp', word: '表日本', by: 'meta' },
  { encoding: 'gbk', word: '漒誠中', by: 'meta' },
  { encoding: 'gb18030', word: '漒中㐀', by: 'header' },
  { encoding: 'big5', word: '功許中', by: 'header' },
  { encoding: 'euc-kr', word: '한국똠', by: 'meta' },
  { encoding: 'utf-16le', word: '日本é', by: 'mark' },
  { encoding: 'utf-16be', word: '日本é', by: 'header' },
  { encoding: 'utf-8', word: '日本é', by: 'mark' },
];

/** What a visitor sent: the raw URL and body, by path. */
type Sent = Record<string, string>;

async function startEncoded({ encoding, word, by }: EncodedPage, sent: Sent): Promise<Site> {
  const bytes = (text: string) => encoderFor(encoding, (codePoint) => `(${codePoint})`)(text);
  const html = `${by === 'mark' ? '\ufeff' : ''}<!doctype html><html><head>
${by === 'meta' ? `<meta http-equiv="Content-Type" content="text/html; charset=${encoding}">` : ''}<title>${word}</title><link rel="icon" href="data:,">
<script src="plain.js"></script><script src="named.js" charset="utf-8"></script>
<script>var inline = ['${word}', "${word}", location.pathname, /${word}/.test('${word}'), \`${word}\`];</script>
<link rel="stylesheet" href="style.css"></head>
<body><p id="text" title="${word}" onclick="clicked = ['${word}', location.pathname]">${word}&#x1f600;</p>
<a id="link" href="answer?a=${word}&amp;b=\u{1f600}">link</a>
<form id="get" action="answer"><input name="q" value="${word}"><input name="e" value="&#x1f600;"></form>
<form id="post" action="answer" method="post"><input name="q" value="${word}"><input type="hidden" name="_charset_"></form>
<iframe src="answer?frame=${word}"></iframe><iframe srcdoc="<p>${word}<script>var seen = ['${word}', document.characterSet, location.href]</script>"></iframe>
</body></html>`;
  const answers: Record<string, [type: string, body: Uint8Array]> = {
    '/dir/page': [`text/html${by === 'header' ? `; charset=${encoding}` : ''}`, bytes(html)],
    '/dir/plain.js': ['text/javascript', bytes(`var plain = ['${word}', location.pathname, "${word}"];`)],
    '/dir/named.js': [
      'text/javascript',
      new TextEncoder().encode(`var named = ['日本', top === self, location.hash];`),
    ],
    '/dir/style.css': ['text/css', bytes(`#text::after { content: '${word}' }`)],
  };
  return startSiteInProcess('encoded.test', (request, response) => {
    const path = request.url!.split('?')[0]!;
    const [type, body] = answers[path] ?? [
      'text/html; charset=utf-8',
      new TextEncoder().encode('<!doctype html><p>answer'),
    ];
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      if (path === '/dir/answer')
        sent[`${request.method} ${/[?&](\w+)=/.exec(request.url!)?.[1] ?? ''}`] = request.url! + text;
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
  });
}

const run = <T>(frame: Frame, source: string) => frame.evaluate((text) => (0, eval)(text) as T, source);
/** The port differs from run to run. */
const normal = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/\.test:\d+/g, '.test:PORT')) as unknown;

for (const page of pages) {
  const sent: Sent = {};
  sideBySide(`a page in ${page.encoding}, told by ${page.by}, is read and sends as it does by itself`, {
    site: () => startEncoded(page, sent),
    reset: () => {
      for (const key of Object.keys(sent)) delete sent[key];
      return Promise.resolve();
    },
    async steps(view, site) {
      const open = async () => {
        await view.open(`${site.origin}/dir/page`);
        await view.frame.waitForFunction(() => document.readyState === 'complete');
      };
      await open();
      await view.screenshot('page');
      await view.frame.locator('#text').click();
      const seen = await run(
        view.frame,
        `(() => {
          const link = document.getElementById('link'), text = document.getElementById('text');
          const [frame, srcdoc] = document.querySelectorAll('iframe');
          const made = document.createElement('a');
          made.href = '?' + text.title;
          return {
            sets: [document.characterSet, document.charset, document.inputEncoding], title: document.title,
            inline, plain, named, clicked, text: text.textContent, attribute: text.title, handler: text.getAttribute('onclick'),
            scripts: [...document.scripts].map((script) => script.text), style: getComputedStyle(text, '::after').content,
            link: [link.href, link.search, link.getAttribute('href')], made: made.href, url: new URL('?' + text.title, location.href).href,
            frame: [frame.src, frame.contentWindow.location.href], srcdoc: [srcdoc.srcdoc, srcdoc.contentWindow.seen],
          };
        })()`,
      );
      for (const action of [`document.getElementById('link').click()`, `location.href = 'answer?set=' + inline[0]`]) {
        await Promise.all([view.frame.waitForURL(/answer/), run(view.frame, action)]);
        await open();
      }
      for (const id of ['get', 'post']) {
        await Promise.all([
          view.frame.waitForURL(/answer/),
          run(view.frame, `document.getElementById('${id}').submit()`),
        ]);
        if (id === 'get') await open();
      }
      return normal({ seen, sent: { ...sent } }) as Record<string, unknown>;
    },
  });
}
