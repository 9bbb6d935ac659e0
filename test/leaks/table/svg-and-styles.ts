/** @module SVG references, and CSS in every place where it takes a URL. */
import type { LeakAttempt } from '../leak-attempt.js';

const style = (name: string, css: string): LeakAttempt => ({
  name: `CSS ${name}`,
  kind: 'style',
  html: `<style>${css}</style><div id=box class=x>x</div><ul><li>x</ul>`,
});

export const svg: readonly LeakAttempt[] = [
  { name: 'svg image href', kind: 'image', html: '<svg><image href="LEAK/a.png" width=9 height=9 /></svg>' },
  {
    name: 'svg image xlink:href',
    kind: 'image',
    html: '<svg><image xlink:href="LEAK/a.png" width=9 height=9 /></svg>',
  },
  {
    name: 'svg image by setAttributeNS',
    kind: 'image',
    html: '<svg><image id=i width=9 height=9 /></svg>',
    script: `i.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', 'LEAK/a.png')`,
  },
  {
    name: 'svg image href.baseVal',
    kind: 'image',
    html: '<svg><image id=i width=9 height=9 /></svg>',
    script: `i.href.baseVal = 'LEAK/a.png'`,
  },
  {
    name: 'svg feImage',
    kind: 'image',
    html: '<svg><filter id=f><feImage href="LEAK/a.png" /></filter><rect width=9 height=9 filter="url(#f)" /></svg>',
  },
  {
    name: 'svg animate href',
    kind: 'image',
    html: '<svg><image width=9 height=9><animate attributeName=href values="LEAK/a.png;LEAK/b.png" dur=1s /></image></svg>',
  },
  {
    name: 'svg set href',
    kind: 'image',
    html: '<svg><image width=9 height=9><set attributeName=href to="LEAK/a.png" /></image></svg>',
  },
  {
    name: 'svg animate of a link, clicked',
    kind: 'navigation',
    html: '<svg><a id=a><text>x</text><set attributeName=href to="LEAK/a.html" /></a></svg>',
    script: `await new Promise((r) => setTimeout(r, 200)); a.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))`,
  },
  {
    name: 'svg fill, stroke, marker url()',
    kind: 'document',
    html: '<svg><path d="M0 0L9 9" fill="url(LEAK/a.svg#f)" stroke="url(LEAK/b.svg#s)" marker-start="url(LEAK/c.svg#m)" /></svg>',
  },
  {
    name: 'svg mask, clip-path url()',
    kind: 'document',
    html: '<svg><rect width=9 height=9 mask="url(LEAK/a.svg#f)" clip-path="url(LEAK/b.svg#c)" /></svg>',
  },
  { name: 'svg style element', kind: 'style', html: '<svg><style>@import "LEAK/a.css";</style></svg>' },
  {
    name: 'svg foreignObject with img',
    kind: 'image',
    html: '<svg><foreignObject width=9 height=9><img src="LEAK/a.png"></foreignObject></svg>',
  },
  {
    name: 'svg foreignObject with iframe',
    kind: 'document',
    html: '<svg><foreignObject width=9 height=9><iframe src="LEAK/a.html"></iframe></foreignObject></svg>',
  },
  {
    name: 'svg document in a data: frame',
    kind: 'image',
    html: `<iframe src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='LEAK/a.png' width='9' height='9'/></svg>"></iframe>`,
  },
];

export const styles: readonly LeakAttempt[] = [
  style('background-image', '#box { background-image: url(LEAK/a.png) }'),
  style('background in quotes with escapes', '#box { background: url("\\68ttp://HOST:PORT/a.png") }'),
  style('escaped url function', '#box { background: \\75rl(LEAK/a.png) }'),
  style('background of many layers', '#box { background: url(data:,), url(LEAK/a.png) }'),
  style('@import string', '@import "LEAK/a.css";'),
  style('@import url()', '@import url(LEAK/a.css);'),
  style('@import with layer, supports and media', '@import url("LEAK/a.css") layer(x) supports(display: grid) screen;'),
  style('@import after a comment without end', '/**/@import/**/"LEAK/a.css"'),
  style('@font-face', '@font-face { font-family: f; src: url(LEAK/a.woff2) } #box { font-family: f }'),
  style(
    '@font-face with format and tech',
    '@font-face { font-family: f; src: url(LEAK/a.woff2) format("woff2") tech(variations) } #box { font-family: f }',
  ),
  style('cursor', '#box, html { cursor: url(LEAK/a.cur), auto }'),
  style('content', '#box { content: url(LEAK/a.png) }'),
  style('::before content', '#box::before { content: url(LEAK/a.png) }'),
  style('::after content with alternative text', '#box::after { content: url(LEAK/a.png) / "x" }'),
  style('::marker content', 'li::marker { content: url(LEAK/a.png) }'),
  style('list-style-image', 'li { list-style-image: url(LEAK/a.png) }'),
  style('list-style', 'li { list-style: url(LEAK/a.png) square }'),
  style('border-image', '#box { border: 9px solid; border-image: url(LEAK/a.png) 9 }'),
  style('mask-image', '#box { mask-image: url(LEAK/a.png) }'),
  style('-webkit-mask', '#box { -webkit-mask: url(LEAK/a.png) }'),
  style('-webkit-mask-box-image', '#box { -webkit-mask-box-image: url(LEAK/a.png) 9 }'),
  style('clip-path', '#box { clip-path: url(LEAK/a.svg#c) }'),
  style('shape-outside', '#box { float: left; shape-outside: url(LEAK/a.png) }'),
  style('image-set()', '#box { background: image-set(url(LEAK/a.png) 1x, url(LEAK/b.png) 2x) }'),
  style('image-set() of strings', '#box { background: image-set("LEAK/a.png" 1x) }'),
  style('-webkit-image-set()', '#box { background: -webkit-image-set(url(LEAK/a.png) 1x) }'),
  style('-webkit-cross-fade()', '#box { background: -webkit-cross-fade(url(LEAK/a.png), url(LEAK/b.png), 50%) }'),
  style('custom property', ':root { --u: url(LEAK/a.png) } #box { background: var(--u) }'),
  style(
    '@property with a URL',
    '@property --p { syntax: "<image>"; inherits: true; initial-value: none } #box { --p: url(LEAK/a.png); background: var(--p) }',
  ),
  style('nested rules', '.x { & { background: url(LEAK/a.png) } }'),
  style(
    '@media, @supports, @layer, @container',
    '@media all { @supports (display: grid) { @layer a { .x { background: url(LEAK/a.png) } } } }',
  ),
  style('@scope and @starting-style', '@scope (body) { .x { background: url(LEAK/a.png) } }'),
  style(
    '@keyframes',
    '@keyframes k { from { background-image: url(LEAK/a.png) } to { background-image: url(LEAK/b.png) } } .x { animation: k 9s }',
  ),
  style('attribute selector oracle', '.x[class="x"] { background: url(LEAK/a.png) }'),
  style('::selection, ::placeholder, ::first-letter', '.x::first-letter { background: url(LEAK/a.png) }'),
  { name: 'style attribute', kind: 'image', html: '<div style="background:url(LEAK/a.png)">x</div>' },
  {
    name: 'style attribute, character references',
    kind: 'image',
    html: '<div style="background:&#117;rl(&quot;LEAK/a.png&quot;)">x</div>',
  },
  {
    name: 'style property',
    kind: 'image',
    html: '<div id=d>x</div>',
    script: `d.style.backgroundImage = 'url(LEAK/a.png)'`,
  },
  {
    name: 'style.cssText',
    kind: 'image',
    html: '<div id=d>x</div>',
    script: `d.style.cssText = 'background: url(LEAK/a.png)'`,
  },
  {
    name: 'style.setProperty',
    kind: 'image',
    html: '<div id=d>x</div>',
    script: `d.style.setProperty('background-image', 'url(LEAK/a.png)')`,
  },
  {
    name: 'attributeStyleMap',
    kind: 'image',
    html: '<div id=d>x</div>',
    script: `d.attributeStyleMap.set('background-image', 'url(LEAK/a.png)')`,
  },
  {
    name: 'CSSStyleSheet.replace, adopted',
    kind: 'image',
    html: '<div class=x>x</div>',
    script: `const s = new CSSStyleSheet(); await s.replace('.x { background: url(LEAK/a.png) }'); document.adoptedStyleSheets = [s]`,
  },
  {
    name: 'insertRule',
    kind: 'image',
    html: '<style id=s></style><div class=x>x</div>',
    script: `s.sheet.insertRule('.x { background: url(LEAK/a.png) }')`,
  },
  {
    name: 'insertRule @import',
    kind: 'style',
    html: '<style id=s></style>',
    script: `s.sheet.insertRule('@import "LEAK/a.css"')`,
  },
  {
    name: 'style text changed',
    kind: 'style',
    html: '<style id=s></style>',
    script: `s.textContent = '@import "LEAK/a.css"'`,
  },
  {
    name: 'style text node data',
    kind: 'style',
    html: '<style id=s>/**/</style>',
    script: `s.firstChild.data = '@import "LEAK/a.css"'`,
  },
  {
    name: 'element.animate',
    kind: 'image',
    html: '<div id=d>x</div>',
    script: `d.animate([{ backgroundImage: 'url(LEAK/a.png)' }, { backgroundImage: 'url(LEAK/b.png)' }], 9000)`,
  },
  { name: 'new FontFace', kind: 'font', script: `await new FontFace('f', 'url(LEAK/a.woff2)').load()` },
  {
    name: 'document.fonts.load',
    kind: 'font',
    html: '<style>@font-face { font-family: g; src: url(LEAK/a.woff2) }</style>',
    script: `await document.fonts.load('9px g')`,
  },
  {
    name: 'processing instruction xml-stylesheet',
    kind: 'style',
    script: `document.insertBefore(document.createProcessingInstruction('xml-stylesheet', 'href="LEAK/a.css" type="text/css"'), document.firstChild)`,
  },
];
