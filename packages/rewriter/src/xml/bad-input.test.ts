/** What a site can send as XML: every answer ends, in bounded time, and nothing throws. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { xmlRewritingStream } from './rewriting-stream.js';
import { XmlSplicer } from './xml-splicer.js';

const context = {
  documentUrl: 'https://site.example/a.svg',
  settings: { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' },
  bootXml: '<boot/>',
} as const;

const html = '<html xmlns="http://www.w3.org/1999/xhtml">';
const megabyte = 1_000_000;

it.each<[title: string, xml: string]>([
  ['10,000 levels', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
  ['a tag without an end', `${html}<a ${'x'.repeat(4 * megabyte)}`],
  ['a quote without an end', `${html}<a b="${'x'.repeat(4 * megabyte)}`],
  ['a long attribute', `${html}<a b="${'x'.repeat(4 * megabyte)}"/>`],
  ['100,000 attributes', `${html}<a ${'b="c" '.repeat(100_000)}/>`],
  ['spaces in a tag', `${html}<a ${' '.repeat(megabyte)}<`],
  ['a long name', `${html}<${'a'.repeat(4 * megabyte)}`],
  ['an end tag without an end', `${html}</${'a'.repeat(4 * megabyte)}`],
  ['a long internal subset', `<!DOCTYPE a [${'<!ENTITY b "c">'.repeat(100_000)}]><a/>`],
  ['an internal subset without an end', `<!DOCTYPE a [${'<!ENTITY b "c">'.repeat(100_000)}`],
  ['a doctype of quotes', `<!DOCTYPE a ${'"'.repeat(200_001)}`],
  ['entities in entities', `<!DOCTYPE a [${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(1000)}]><a b="&b;"/>`],
  ['a long script', `${html}<script>${'a&lt;b;'.repeat(500_000)}</script></html>`],
  ['a long CDATA section', `${html}<script><![CDATA[${'a[b]]>'.repeat(500_000)}</script></html>`],
  ['comments', `${html}<script>${'<!---->a;'.repeat(200_000)}</script></html>`],
])('gets through %s', { timeout: 60_000 }, (_title, xml) => {
  const start = performance.now();
  const splicer = new XmlSplicer(context);
  for (let offset = 0; offset < xml.length; offset += 65_536) splicer.write(xml.slice(offset, offset + 65_536));
  splicer.end();
  expect(performance.now() - start).toBeLessThan(20_000);
});

it('holds back no more than a construct of an endless document', () => {
  const splicer = new XmlSplicer(context);
  let length = splicer.write(html).length;
  const paragraph = `<p title="x">${'text '.repeat(200)}</p>`;
  for (let round = 0; round < 20_000; round++) length += splicer.write(paragraph).length;
  expect(length).toBeGreaterThan(20_000 * paragraph.length - 2048);
});

it('takes bytes that are no text, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }), async (chunks) => {
      const read = async (pieces: Uint8Array[]): Promise<string> => {
        const stream = xmlRewritingStream(context);
        const writer = stream.writable.getWriter();
        const text = new Response(stream.readable).text();
        for (const piece of pieces) await writer.write(piece);
        await writer.close();
        return text;
      };
      const whole = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
      expect(await read(chunks)).toBe(await read([whole]));
    }),
    { numRuns: 200 },
  );
});
