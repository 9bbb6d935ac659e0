/** @module Interfaces that fetch, connect or resolve, and the markup sinks of scripts. */
import type { LeakAttempt } from '../leak-attempt.js';

/** A script run inside a worker, from a blob. */
const inWorker = (name: string, code: string, kind = 'fetch'): LeakAttempt => ({
  name: `blob worker: ${name}`,
  kind,
  script: `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(code)}])))`,
});
const sink = (name: string, script: string): LeakAttempt => ({
  name: `sink ${name}`,
  kind: 'image',
  script,
  html: '<div id=d></div>',
});
const img = '<img src="LEAK/a.png">';

export const interfaces: readonly LeakAttempt[] = [
  { name: 'fetch', kind: 'fetch', script: `await fetch('LEAK/a.json')` },
  { name: 'fetch no-cors', kind: 'fetch', script: `await fetch('LEAK/a.json', { mode: 'no-cors' })` },
  {
    name: 'fetch with preflight',
    kind: 'fetch',
    script: `await fetch('LEAK/a.json', { method: 'PUT', headers: { 'x-own': '1' }, body: 'b' })`,
  },
  {
    name: 'fetch keepalive',
    kind: 'fetch',
    script: `await fetch('LEAK/a.json', { keepalive: true, method: 'POST', body: 'b', mode: 'no-cors' })`,
  },
  {
    name: 'fetch keepalive in pagehide',
    kind: 'fetch',
    html: '',
    script: `addEventListener('pagehide', () => fetch('LEAK/a.json', { keepalive: true, mode: 'no-cors' })); location.href = '/blank.html'`,
  },
  {
    name: 'fetch with a Request',
    kind: 'fetch',
    script: `await fetch(new Request('LEAK/a.json', { cache: 'reload', priority: 'high' }))`,
  },
  {
    name: 'fetch with a streamed body',
    kind: 'fetch',
    script: `await fetch('LEAK/a.json', { method: 'POST', duplex: 'half', body: new ReadableStream({ start(c) { c.close() } }) })`,
  },
  {
    name: 'fetch of targetAddressSpace',
    kind: 'fetch',
    script: `await fetch('LEAK/a.json', { targetAddressSpace: 'loopback' })`,
  },
  {
    name: 'fetch with Object URL of another realm',
    kind: 'fetch',
    script: `const i = document.createElement('iframe'); document.body.append(i); await i.contentWindow.fetch('LEAK/a.json')`,
  },
  {
    name: 'XMLHttpRequest',
    kind: 'fetch',
    script: `const x = new XMLHttpRequest(); x.open('GET', 'LEAK/a.json'); x.send()`,
  },
  {
    name: 'XMLHttpRequest sync',
    kind: 'fetch',
    script: `const x = new XMLHttpRequest(); x.open('GET', 'LEAK/a.json', false); x.send()`,
  },
  {
    name: 'XMLHttpRequest with upload listeners',
    kind: 'fetch',
    script: `const x = new XMLHttpRequest(); x.upload.onprogress = () => 0; x.open('POST', 'LEAK/a.json'); x.send('b')`,
  },
  {
    name: 'XMLHttpRequest responseType document',
    kind: 'fetch',
    script: `const x = new XMLHttpRequest(); x.open('GET', 'LEAK/a.html'); x.responseType = 'document'; x.send()`,
  },
  {
    name: 'XMLHttpRequest with a user',
    kind: 'fetch',
    script: `const x = new XMLHttpRequest(); x.open('GET', 'LEAK/a.json', true, 'user', 'secret'); x.send()`,
  },
  {
    name: 'XMLHttpRequest of a blank frame',
    kind: 'fetch',
    script: `const i = document.createElement('iframe'); document.body.append(i); const x = new i.contentWindow.XMLHttpRequest(); x.open('GET', 'LEAK/a.json'); x.send()`,
  },
  {
    name: 'XMLHttpRequest sync of a blank frame',
    kind: 'fetch',
    script: `const i = document.createElement('iframe'); document.body.append(i); const x = new i.contentWindow.XMLHttpRequest(); x.open('GET', 'LEAK/a.json', false); x.send()`,
  },
  { name: 'sendBeacon', kind: 'ping', script: `navigator.sendBeacon('LEAK/a', 'b')` },
  {
    name: 'sendBeacon with a Blob',
    kind: 'ping',
    script: `navigator.sendBeacon('LEAK/a', new Blob(['{}'], { type: 'text/plain' }))`,
  },
  {
    name: 'sendBeacon of a blank frame',
    kind: 'ping',
    script: `const i = document.createElement('iframe'); document.body.append(i); i.contentWindow.navigator.sendBeacon('LEAK/a', 'b')`,
  },
  {
    name: 'sendBeacon in pagehide',
    kind: 'ping',
    script: `addEventListener('pagehide', () => navigator.sendBeacon('LEAK/a', 'b')); location.href = '/blank.html'`,
  },
  { name: 'EventSource', kind: 'fetch', script: `new EventSource('LEAK/a.events')` },
  {
    name: 'EventSource with credentials',
    kind: 'fetch',
    script: `new EventSource('LEAK/a.events', { withCredentials: true })`,
  },
  {
    name: 'EventSource of a blank frame',
    kind: 'fetch',
    script: `const i = document.createElement('iframe'); document.body.append(i); new i.contentWindow.EventSource('LEAK/a.events')`,
  },
  { name: 'WebSocket', kind: 'socket', script: `new WebSocket('ws://HOST:PORT/')` },
  { name: 'WebSocket over TLS', kind: 'socket', script: `new WebSocket('wss://HOST/')` },
  { name: 'WebSocket with an http URL', kind: 'socket', script: `new WebSocket('LEAK/')` },
  {
    name: 'WebSocket of a blank frame',
    kind: 'socket',
    script: `const i = document.createElement('iframe'); document.body.append(i); new i.contentWindow.WebSocket('ws://HOST:PORT/')`,
  },
  {
    name: 'WebSocket of a data: frame',
    kind: 'socket',
    html: `<iframe src="data:text/html,<script>new WebSocket('ws://HOST:PORT/')</script>"></iframe>`,
  },
  { name: 'WebSocketStream', kind: 'socket', script: `new WebSocketStream('ws://HOST:PORT/')` },
  { name: 'WebTransport', kind: 'socket', script: `new WebTransport('https://HOST:443/')` },
  {
    name: 'RTCPeerConnection TURN over TCP',
    kind: 'name query',
    script: `const p = new RTCPeerConnection({ iceServers: [{ urls: 'turn:HOST:3478?transport=tcp', username: 'u', credential: 'c' }] }); p.createDataChannel('d'); await p.setLocalDescription(); await new Promise((r) => setTimeout(r, 500))`,
  },
  {
    name: 'module worker importing',
    kind: 'worker',
    script: `new Worker(URL.createObjectURL(new Blob(['import "LEAK/a.js"'], { type: 'text/javascript' })), { type: 'module' })`,
  },
  {
    name: 'SharedWorker of a blob',
    kind: 'worker',
    script: `new SharedWorker(URL.createObjectURL(new Blob(["fetch('LEAK/a.json')"])))`,
  },
  {
    name: 'SharedWorker of a blob, module importing',
    kind: 'worker',
    script: `new SharedWorker(URL.createObjectURL(new Blob(['import "LEAK/a.js"'], { type: 'text/javascript' })), { type: 'module' })`,
  },
  {
    name: 'data: worker',
    kind: 'worker',
    script: `new Worker("data:text/javascript,fetch('LEAK/a.json',{mode:'no-cors'})")`,
  },
  {
    name: 'data: module worker',
    kind: 'worker',
    script: `new Worker("data:text/javascript,import 'LEAK/a.js'", { type: 'module' })`,
  },
  {
    name: 'data: worker, importScripts',
    kind: 'worker',
    script: `new Worker("data:text/javascript,importScripts('LEAK/a.js')")`,
  },
  {
    name: 'worker of a blank frame',
    kind: 'worker',
    script: `const i = document.createElement('iframe'); document.body.append(i); new i.contentWindow.Worker(URL.createObjectURL(new Blob(["fetch('LEAK/a.json')"])))`,
  },
  inWorker('fetch', `fetch('LEAK/a.json')`),
  inWorker('fetch keepalive', `fetch('LEAK/a.json', { keepalive: true, mode: 'no-cors' })`),
  inWorker('XMLHttpRequest', `const x = new XMLHttpRequest(); x.open('GET', 'LEAK/a.json'); x.send()`),
  inWorker('XMLHttpRequest sync', `const x = new XMLHttpRequest(); x.open('GET', 'LEAK/a.json', false); x.send()`),
  inWorker('importScripts', `importScripts('LEAK/a.js')`),
  inWorker('dynamic import', `import('LEAK/a.js')`),
  inWorker('EventSource', `new EventSource('LEAK/a.events')`),
  inWorker('WebSocket', `new WebSocket('ws://HOST:PORT/')`, 'socket'),
  inWorker('WebTransport', `new WebTransport('https://HOST:443/')`, 'socket'),
  inWorker('nested worker', `new Worker(URL.createObjectURL(new Blob(["fetch('LEAK/a.json')"])))`),
  inWorker('nested data: worker', `new Worker("data:text/javascript,fetch('LEAK/a.json',{mode:'no-cors'})")`),
  inWorker('FontFace', `new FontFace('f', 'url(LEAK/a.woff2)').load()`, 'font'),
  inWorker('Cache.add', `caches.open('c').then((c) => c.add('LEAK/a.json'))`),
  inWorker('eval of fetch', `eval("fetch('LEAK/a.json')")`),
  inWorker('Function of another prototype', `(async () => 0).constructor("return fetch('LEAK/a.json')")()`),
  { name: 'dynamic import', kind: 'script', script: `await import('LEAK/a.js')` },
  { name: 'dynamic import in eval', kind: 'script', script: `(0, eval)("import('LEAK/a.js')")` },
  { name: 'dynamic import in a string timer', kind: 'script', script: `setTimeout("import('LEAK/a.js')")` },
  {
    name: 'dynamic import in a blob module',
    kind: 'script',
    script: `await import(URL.createObjectURL(new Blob(["import 'LEAK/a.js'"], { type: 'text/javascript' })))`,
  },
  {
    name: 'dynamic import in a data: module',
    kind: 'script',
    script: `await import("data:text/javascript,import 'LEAK/a.js'")`,
  },
  {
    name: 'dynamic import with type css',
    kind: 'style',
    script: `await import('LEAK/a.css', { with: { type: 'css' } })`,
  },
  { name: 'paintWorklet.addModule', kind: 'script', script: `await CSS.paintWorklet.addModule('LEAK/a.js')` },
  {
    name: 'audioWorklet.addModule',
    kind: 'script',
    script: `await new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule('LEAK/a.js')`,
  },
  {
    name: 'audioWorklet importing from a blob',
    kind: 'script',
    script: `await new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(URL.createObjectURL(new Blob(["import 'LEAK/a.js'"], { type: 'text/javascript' })))`,
  },
  { name: 'Cache.add', kind: 'fetch', script: `await (await caches.open('c')).add('LEAK/a.json')` },
  { name: 'Cache.addAll', kind: 'fetch', script: `await (await caches.open('c')).addAll(['LEAK/a.json'])` },
  { name: 'Image()', kind: 'image', script: `new Image().src = 'LEAK/a.png'` },
  {
    name: 'Image() of a blank frame',
    kind: 'image',
    script: `const i = document.createElement('iframe'); document.body.append(i); new i.contentWindow.Image().src = 'LEAK/a.png'`,
  },
  { name: 'Image srcset', kind: 'image', script: `new Image().srcset = 'LEAK/a.png 1x'` },
  { name: 'Image decode', kind: 'image', script: `const i = new Image(); i.src = 'LEAK/a.png'; await i.decode()` },
  { name: 'Audio()', kind: 'media', script: `new Audio('LEAK/a.mp3').load()` },
  {
    name: 'video.src by script',
    kind: 'media',
    script: `const v = document.createElement('video'); v.src = 'LEAK/a.mp4'; v.load()`,
  },
  {
    name: 'media srcObject, then currentSrc',
    kind: 'media',
    script: `const v = document.createElement('video'); v.srcObject = new MediaStream(); v.srcObject = null; v.src = 'LEAK/a.mp4'`,
  },
  {
    name: 'PaymentRequest over https',
    kind: 'manifest',
    script: `await new PaymentRequest([{ supportedMethods: 'https://HOST/pay' }], { total: { label: 'x', amount: { currency: 'EUR', value: '1' } } }).canMakePayment()`,
    topLevel: true,
  },
  {
    name: 'FedCM',
    kind: 'fetch',
    script: `await navigator.credentials.get({ identity: { providers: [{ configURL: 'https://HOST/fedcm.json', clientId: 'c' }] } })`,
    topLevel: true,
  },
  {
    name: 'publickey credentials of another rp',
    kind: 'fetch',
    script: `await navigator.credentials.get({ publicKey: { challenge: new Uint8Array(8), rpId: 'HOST', timeout: 1000 } })`,
    topLevel: true,
  },
  {
    name: 'topics, attribution by fetch',
    kind: 'fetch',
    script: `await fetch('LEAK/a', { mode: 'no-cors', browsingTopics: true, attributionReporting: { eventSourceEligible: true, triggerEligible: false } })`,
  },
  {
    name: 'createImageBitmap of a video',
    kind: 'media',
    script: `const v = document.createElement('video'); v.preload = 'auto'; v.src = 'LEAK/a.mp4'; await createImageBitmap(v)`,
  },
  {
    name: 'canvas pattern of an image',
    kind: 'image',
    script: `const i = new Image(); i.crossOrigin = ''; i.src = 'LEAK/a.png'; document.createElement('canvas').getContext('2d').fillStyle = 'url(LEAK/b.png)'`,
  },
  {
    name: 'WebAssembly.instantiateStreaming',
    kind: 'fetch',
    script: `await WebAssembly.instantiateStreaming(fetch('LEAK/a.wasm'))`,
  },
];

export const sinks: readonly LeakAttempt[] = [
  sink('innerHTML', `d.innerHTML = '${img}'`),
  sink('outerHTML', `d.outerHTML = '${img}'`),
  sink('insertAdjacentHTML', `d.insertAdjacentHTML('afterend', '${img}')`),
  sink('setHTMLUnsafe', `d.setHTMLUnsafe('<div><template shadowrootmode=open>${img}</template></div>')`),
  sink('parseHTMLUnsafe, adopted', `d.append(document.adoptNode(Document.parseHTMLUnsafe('${img}').images[0]))`),
  sink('innerHTML of a detached element', `document.createElement('div').innerHTML = '${img}'`),
  sink(
    'innerHTML with onerror',
    `d.innerHTML = '<img src="data:,x" onerror="new Image().src=&quot;LEAK/a.png&quot;">'`,
  ),
  sink('shadowRoot.innerHTML', `d.attachShadow({ mode: 'open' }).innerHTML = '${img}'`),
  sink('document.write', `document.write('${img}')`),
  sink('document.write in pieces', `document.write('<img sr'); document.write('c="LEAK/a.png">')`),
  sink('document.writeln of a script', `document.writeln('<script>new Image().src="LEAK/a.png"<\\/script>')`),
  sink('document.open and write', `document.open(); document.write('${img}'); document.close()`),
  sink('createContextualFragment', `d.append(document.createRange().createContextualFragment('${img}'))`),
  sink(
    'DOMParser, adopted',
    `d.append(document.adoptNode(new DOMParser().parseFromString('${img}', 'text/html').images[0]))`,
  ),
  sink(
    'DOMParser of XHTML, imported',
    `d.append(document.importNode(new DOMParser().parseFromString('<img xmlns="http://www.w3.org/1999/xhtml" src="LEAK/a.png"/>', 'application/xhtml+xml').documentElement, true))`,
  ),
  sink(
    'template content, cloned',
    `const t = document.createElement('template'); t.innerHTML = '${img}'; d.append(t.content.cloneNode(true))`,
  ),
  sink(
    'createHTMLDocument, moved',
    `const o = document.implementation.createHTMLDocument(''); o.body.innerHTML = '${img}'; d.append(o.images[0])`,
  ),
  sink(
    'XSLT to a fragment',
    `const x = new XSLTProcessor(); x.importStylesheet(new DOMParser().parseFromString('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><img xmlns="http://www.w3.org/1999/xhtml" src="LEAK/a.png"/></xsl:template></xsl:stylesheet>', 'text/xml')); d.append(x.transformToFragment(new DOMParser().parseFromString('<a/>', 'text/xml'), document))`,
  ),
  sink(
    'XSLT document()',
    `const x = new XSLTProcessor(); x.importStylesheet(new DOMParser().parseFromString('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:import href="LEAK/a.xsl"/><xsl:template match="/"><img xmlns="http://www.w3.org/1999/xhtml" src="LEAK/a.png"/></xsl:template></xsl:stylesheet>', 'text/xml')); d.append(x.transformToFragment(new DOMParser().parseFromString('<a/>', 'text/xml'), document)); new Image().src = 'LEAK/b.png'`,
  ),
  sink(
    'execCommand insertHTML',
    `d.contentEditable = 'true'; d.focus(); document.execCommand('insertHTML', false, '${img}')`,
  ),
  sink(
    'execCommand insertImage',
    `d.contentEditable = 'true'; d.focus(); document.execCommand('insertImage', false, 'LEAK/a.png')`,
  ),
  sink('setAttribute', `const i = new Image(); i.setAttribute('src', 'LEAK/a.png')`),
  sink('setAttributeNS', `const i = new Image(); i.setAttributeNS(null, 'src', 'LEAK/a.png')`),
  sink(
    'attribute node',
    `const n = document.createAttribute('src'); n.value = 'LEAK/a.png'; new Image().setAttributeNode(n)`,
  ),
  sink(
    'attribute nodeValue',
    `const i = new Image(); i.setAttribute('src', 'data:,'); i.attributes[0].nodeValue = 'LEAK/a.png'`,
  ),
  sink(
    'attribute textContent',
    `const i = new Image(); i.setAttribute('src', 'data:,'); i.attributes[0].textContent = 'LEAK/a.png'`,
  ),
  sink(
    'iframe src attribute textContent',
    `const i = document.createElement('iframe'); i.src = 'about:blank'; d.append(i); i.attributes.src.textContent = 'LEAK/a.html'`,
  ),
  sink(
    'setNamedItemNS',
    `const n = document.createAttributeNS(null, 'src'); n.value = 'LEAK/a.png'; new Image().attributes.setNamedItemNS(n)`,
  ),
  sink('Reflect.set', `Reflect.set(HTMLImageElement.prototype, 'src', 'LEAK/a.png', new Image())`),
  sink(
    'native setter of a blank frame',
    `const i = document.createElement('iframe'); document.body.append(i); Object.getOwnPropertyDescriptor(i.contentWindow.HTMLIFrameElement.prototype, 'src').set.call(d.appendChild(document.createElement('iframe')), 'LEAK/a.html')`,
  ),
  sink(
    'setAttribute of a blank frame on a script',
    `const i = document.createElement('iframe'); document.body.append(i); const s = document.createElement('script'); i.contentWindow.Element.prototype.setAttribute.call(s, 'src', 'LEAK/a.js'); d.append(s)`,
  ),
  sink('script by createElement', `const s = document.createElement('script'); s.src = 'LEAK/a.js'; d.append(s)`),
  sink(
    'script moved to a blank frame',
    `const i = document.createElement('iframe'); document.body.append(i); const s = document.createElement('script'); s.src = 'LEAK/a.js'; i.contentDocument.body.append(s)`,
  ),
  sink(
    'picture moved to a blank frame',
    `const i = document.createElement('iframe'); document.body.append(i); i.contentDocument.body.innerHTML = '${img}'`,
  ),
  sink('onclick attribute', `d.setAttribute('onclick', "new Image().src='LEAK/a.png'"); d.click()`),
  sink(
    'custom element upgraded',
    `d.innerHTML = '<x-leak></x-leak>'; customElements.define('x-leak', class extends HTMLElement { connectedCallback() { this.innerHTML = '${img}' } })`,
  ),
  sink(
    'moveBefore',
    `const f = document.createElement('div'); f.innerHTML = '${img}'; d.append(f); document.body.moveBefore(f, null)`,
  ),
  sink('replaceWith, before, after', `const f = new Image(); f.setAttribute('src', 'LEAK/a.png'); d.replaceWith(f)`),
  sink(
    'normalize of a split style',
    `const s = document.createElement('style'); s.append('@import "LE', 'AK/a.css"'.replace('AK', 'AK')); d.append(s); s.textContent = '@import "LEAK/a.css"'`,
  ),
];
