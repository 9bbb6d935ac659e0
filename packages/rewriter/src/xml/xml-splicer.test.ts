import { expect, it } from 'vitest';
import { cutRandomly, randomSource, seed } from '../html/chunks.test-support.js';
import { rewriteScript } from '../js/index.js';
import type { UrlSettings } from '../url/index.js';
import { xmlRewritingStream } from './rewriting-stream.js';
import { XmlSplicer } from './xml-splicer.js';
import { unrewriteXmlScript } from './xml-text.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const context = { documentUrl: 'https://site.example/dir/a.svg', settings, bootXml: '<boot xmlns="b"/>' };
const at = (asset: string, path: string): string =>
  `http://localhost:8080/service/${asset}/${encodeURIComponent(`https://site.example/dir/${path}`)}`;

function rewrite(xml: string, pieces: Iterable<string> = [xml]): string {
  const splicer = new XmlSplicer(context);
  let output = '';
  for (const piece of pieces) output += splicer.write(piece);
  return output + splicer.end();
}

const html = '<html xmlns="http://www.w3.org/1999/xhtml">';
const svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">';
const boot = context.bootXml;
const location = rewriteScript('location', { kind: 'script' }).replaceAll('\v', '\u1680');

const cases: [string, string][] = [
  // the boot
  [`<?xml version="1.0"?>\n<!--a-->${svg}</svg>`, `<?xml version="1.0"?>\n<!--a-->${svg}${boot}</svg>`],
  [`${svg.replace('>', ' />')}`, `${svg.replace('>', ' ')}>${boot}</svg>`],
  ['<data><script>location</script></data>', '<data><script>location</script></data>'],
  [
    `<data>a<b/>${html}<script>location</script></html>${svg}</svg></data>`,
    `<data>a<b/>${boot}${html}<script>${location}</script></html>${svg}</svg></data>`,
  ],
  [
    '<data xmlns:h="http://www.w3.org/1999/xhtml"><h:script src="data:,location"/></data>',
    `<data xmlns:h="http://www.w3.org/1999/xhtml">${boot}<h:script src="data:;charset=utf-8,${encodeURIComponent(rewriteScript('location', { kind: 'script' }))}" culvert-src="data:,location"/></data>`,
  ],
  // scripts
  [`${svg}<script>location</script></svg>`, `${svg}${boot}<script>${location}</script></svg>`],
  [
    `${svg}<script><![CDATA[if(a<b&&c)location]]></script></svg>`,
    `${svg}${boot}<script><![CDATA[if(a<b&&c)${location}]]></script></svg>`,
  ],
  [
    `${html}<script>//<![CDATA[\n1<location\n//]]></script></html>`,
    `${html}${boot}<script>//<![CDATA[\n1<${location}\n//]]></script></html>`,
  ],
  [
    `${html}<script>1;<![CDATA[1<2;]]>location<![CDATA[]]></script></html>`,
    `${html}${boot}<script>1;1&lt;2;${location}</script></html>`,
  ],
  [`${html}<script>a &lt; location</script></html>`, `${html}${boot}<script>a &lt; ${location}</script></html>`],
  [`${html}<script><!--a-->1<b/></script></html>`, `${html}${boot}<script><!--a-->1<b/></script></html>`],
  [
    `${html}<script type="text/x">location</script></html>`,
    `${html}${boot}<script type="text/x">location</script></html>`,
  ],
  [`${html}<script src="a">location</script></html>`, `${html}${boot}<script src="a">location</script></html>`],
  [
    `<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:script>location</h:script><script>location</script></h:html>`,
    `<h:html xmlns:h="http://www.w3.org/1999/xhtml">${boot}<h:script>${location}</h:script><script>location</script></h:html>`,
  ],
  // attributes
  [
    `${svg}<a onclick='location="&amp;"'/></svg>`,
    `${svg}${boot}<a onclick="${rewriteHandler('location="&"')}"/></svg>`,
  ],
  [
    `${svg}<use x:href="b.svg#c"/></svg>`,
    `${svg}${boot}<use x:href="${at('svg', 'b.svg')}#c" culvert-xlink-href="b.svg#c"/></svg>`,
  ],
  [
    `${html}<iframe\n src = 'b?c&amp;d' title="e"></iframe></html>`,
    `${html}${boot}<iframe src="${at('html', 'b?c&d')}" culvert-src="b?c&amp;d" title="e"></iframe></html>`,
  ],
  [
    `${html}<base href="https://b.example/c/"/><iframe src="d"/></html>`,
    `${html}${boot}<base href="https://b.example/c/"/><iframe src="http://localhost:8080/service/html/${encodeURIComponent('https://b.example/c/d')}" culvert-src="d"/></html>`,
  ],
  [`${svg}<g culvert-src="a" id="b"/></svg>`, `${svg}${boot}<g id="b"/></svg>`],
  // before the root
  ['<?xml-stylesheet href="a.css"?><a/>', '<?xml-stylesheet href="https://site.example/dir/a.css"?><a/>'],
  [
    '<?xml-stylesheet href="a.xsl" type="text/xsl"?><a/>',
    '<?culvert-xml-stylesheet href="a.xsl" type="text/xsl"?><a/>',
  ],
  [
    '<?xml-stylesheet type="text/c&#x73;s" href="a.css"?><a/>',
    '<?xml-stylesheet type="text/c&#x73;s" href="https://site.example/dir/a.css"?><a/>',
  ],
  [
    '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "<script>e</script>"><!ENTITY % f "g">]><a>&b;</a>',
    '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d ""><!ENTITY % f "">]><a>&b;</a>',
  ],
  [
    `<!DOCTYPE svg [<!ENTITY s "http://www.w3.org/2000/svg">]><svg xmlns="&s;"><script>location</script></svg>`,
    `<!DOCTYPE svg [<!ENTITY s "http://www.w3.org/2000/svg">]><svg xmlns="&s;">${boot}<script>${location}</script></svg>`,
  ],
  // not well formed
  [`${html}<p a=b><script>location</script></html>`, `${html}${boot}<`],
  [`${html}<p>1 < 2</p><script>location</script></html>`, `${html}${boot}<p>1 <`],
  [`${html}<script>location`, `${html}${boot}<script>location`],
];

function rewriteHandler(source: string): string {
  const rewritten = rewriteScript(source, { kind: 'handler' }).replaceAll('\v', '\u1680');
  return rewritten.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

it.each(cases)('rewrites %s', (xml, expected) => {
  expect(rewrite(xml)).toBe(expected);
  expect(rewrite(xml, xml)).toBe(expected);
  for (let cut = 1; cut < xml.length; cut++) {
    expect(rewrite(xml, [xml.slice(0, cut), xml.slice(cut)]), `cut at ${cut}`).toBe(expected);
  }
});

it('puts nothing into a document that XML does not allow', () => {
  const handler = '\u1680cv$l location \u{1f600}';
  const xml = `${svg}<a onclick="${handler}"/><script>/* \u1680 */ top.location</script></svg>`;
  expect(rewrite(xml)).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
});

it('gives back the text of a script', () => {
  for (const source of ['location', 'a[b].top = "\u1680"', '/*\u1680*/eval(x)']) {
    const rewritten = rewriteScript(source, { kind: 'script' }).replaceAll('\v', '\u1680');
    expect(unrewriteXmlScript(rewritten)).toBe(source);
  }
});

it('rewrites random markup the same way however it is cut, and throws for none of it', () => {
  const random = randomSource(seed);
  const words =
    `< > / = " ' & ; <a <a> </a> <script> </script> <!-- --> <![CDATA[ ]]> <? ?> <!DOCTYPE [ ] onclick="location" href='b' location xmlns="c" &lt;`.split(
      ' ',
    );
  for (let round = 0; round < 3_000; round++) {
    let xml = random() < 0.7 ? svg : '';
    for (let length = Math.floor(random() * 14); length > 0; length--) {
      xml += words[Math.floor(random() * words.length)]! + (random() < 0.4 ? ' ' : '');
    }
    const whole = rewrite(xml);
    expect(rewrite(xml, cutRandomly(xml, random, 5)), `CHUNK_SEED=${seed} ${JSON.stringify(xml)}`).toBe(whole);
  }
});

it('reads the encoding from the declaration, and stays in it', async () => {
  const xml = `<?xml version="1.0" encoding="ISO-8859-1"?>${svg}<text>é</text></svg>`;
  const stream = xmlRewritingStream(context);
  const writer = stream.writable.getWriter();
  const writing = writer.write(Uint8Array.from([...xml].map((c) => c.charCodeAt(0)))).then(() => writer.close());
  const output = await new Response(stream.readable).arrayBuffer();
  expect(new TextDecoder('latin1').decode(output)).toBe(rewrite(xml));
  await writing;
});
