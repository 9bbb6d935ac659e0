/** @module A page with one of each kind of thing that a proxy might leave a trace on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startSiteInProcess, type Site } from '../support/site.js';

const page = `<!DOCTYPE html>
<!-- before html -->
<html lang=en class=one>
<head>
<meta charset=utf-8>
<title>Trace</title>
<link rel=icon href=data:,>
<link rel=stylesheet href=/style.css>
<link rel=canonical href=https://elsewhere.test/canonical>
<meta name=referrer content=origin>
<meta property=og:url content=https://elsewhere.test/og>
<style>#styled { background: url(/picture.svg?inline) }</style>
<script>var early = new Error('early').stack; var earlyNodes = document.querySelectorAll('*').length;</script>
<script src=/script.js></script>
<script type=application/json id=data>{"location":"top"}</script>
<script type=module src=/module.js></script>
</head>
<body onload="loaded = event.type" onclick="location.hash = 1">
<a id=link href="/deep/page?query=1#fragment" ping=/ping target=_top>link</a>
<a id=relative href=relative>relative</a>
<form id=form action=/submit method=post><input name=location value=x><button formaction=/other>send</button></form>
<img id=image src=/picture.svg srcset="/picture.svg 1x, /picture.svg?2 2x" alt="">
<div id=styled style="background-image: url(/picture.svg?attribute)">styled</div>
<iframe id=frame src=/frame></iframe>
<iframe id=blank></iframe>
<iframe id=srcdoc srcdoc="<p>inside <a href=/x>x</a>"></iframe>
<object id=object data=/picture.svg type=image/svg+xml width=8 height=8></object>
<video id=video poster=/picture.svg preload=none src=/missing.mp4></video>
<svg id=svg><use href=#symbol></use><a href=/svg-link><text>t</text></a></svg>
<template id=template><a href=/in-template>t</a><script>location</script></template>
<noscript><a href=/noscript>n</a></noscript>
<div id=handlers onmouseover="return top === parent && location.href"></div>
<p id=text>plain &amp; text</p>
<script id=inline>var inline = function () { return [location.href, top === self, document.cookie]; }
var inlineError = (() => { try { null.x } catch (error) { return error.stack } })();</script>
</body>
</html>
`;

const script = `var external = function external(a, b) { return window.location.origin + parent.name; };
class Traced { static location = 1; top() { return top; } get parent() { return parent; } }
var externalError = (function thrower() { return new Error('external').stack; })();
`;

const files: Record<string, [type: string, body: string]> = {
  '/': ['text/html; charset=utf-8', page],
  '/frame': ['text/html; charset=utf-8', '<!doctype html><title>Frame</title><link rel=icon href=data:,><p>framed'],
  '/script.js': ['text/javascript', script],
  '/module.js': [
    'text/javascript',
    `import { value } from './dependency.js'; window.moduleFacts = [import.meta.url, value, new Error('module').stack];`,
  ],
  '/dependency.js': ['text/javascript', 'export const value = location.pathname;'],
  '/style.css': ['text/css', '@import "/imported.css"; body { background: url(picture.svg) }'],
  '/imported.css': ['text/css', '#text { color: rgb(1, 2, 3) }'],
  '/picture.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"></svg>'],
  '/data.json': ['application/json', '{"a":1}'],
  '/worker.js': [
    'text/javascript',
    `postMessage([location.href, self.origin, new Error('worker').stack, Object.getOwnPropertyNames(self).sort().join(), String(self.postMessage), performance.getEntries().map((e) => e.name).join()]);`,
  ],
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url!.split('?')[0]!;
  const file = files[path];
  if (!file) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing');
  response.writeHead(200, {
    'content-type': file[0],
    'content-length': Buffer.byteLength(file[1]),
    'set-cookie': ['plain=1; Path=/', 'hidden=2; Path=/; HttpOnly'],
    'x-own': 'kept',
    'last-modified': 'Sat, 21 Nov 2026 08:00:00 GMT',
    'cache-control': 'no-store',
    date: 'Sat, 21 Nov 2026 12:00:00 GMT',
  });
  response.end(file[1]);
}

export const startTraceSite = (): Promise<Site> => startSiteInProcess('trace.test', answer);
