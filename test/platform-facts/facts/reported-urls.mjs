/** What the browser itself reports as the URL of a thing that the worker answered: the real one. */
export const reportedUrls = [
  {
    id: 'script-src',
    statement: 'document.currentScript.src is the real URL',
    head: '<script src="x.js"></script>',
    resources: { 'x.js': { body: 'globalThis.result = document.currentScript.src' } },
    measure: () => globalThis.result,
    always: 'site/x.js',
  },
  {
    id: 'error-stack',
    statement: 'Error.stack of an external script names the real URL and not the proxy',
    head: '<script src="x.js"></script>',
    resources: { 'x.js': { body: 'globalThis.result = new Error("x").stack' } },
    measure: () => [globalThis.result.includes(`${fact.site}x.js`), globalThis.result.includes(location.origin)],
    always: [true, false],
  },
  {
    id: 'onerror-filename',
    statement: 'window.onerror gets the real file name and an unmuted message for a script without crossorigin',
    head: '<script>onerror = (...args) => (globalThis.result = args)</script><script src="x.js"></script>',
    resources: { 'x.js': { body: 'throw new TypeError("told in full")' } },
    measure: () => ({ named: globalThis.result[1], isMuted: !globalThis.result[0].includes('told in full') }),
    expected: {
      chromium: { named: 'site/x.js', isMuted: false },
      firefox: { named: 'site/x.js', isMuted: false },
    },
  },
  {
    id: 'module-url',
    statement: 'import.meta.url of a module and of its relative import is the real URL',
    head: '<script type="module" src="m/a.mjs.js"></script>',
    resources: {
      'm/a.mjs.js': { body: 'import { url } from "./b.js"; globalThis.result = [import.meta.url, url]' },
      'm/b.js': { body: 'export const { url } = import.meta' },
    },
    measure: () => fact.until(() => globalThis.result),
    always: ['site/m/a.mjs.js', 'site/m/b.js'],
  },
  {
    id: 'module-redirect',
    statement: 'after a cross-origin redirect of the entry module, it and its relative imports have the final URL',
    head: '<script type="module" src="entry.js"></script>',
    resources: {
      'entry.js': { status: 302, headers: { location: '{other}moved/entry.js' } },
      'moved/entry.js': { body: 'import { url } from "./b.js"; globalThis.result = [import.meta.url, url]' },
      'moved/b.js': { body: 'export const { url } = import.meta' },
    },
    measure: () => fact.until(() => globalThis.result),
    always: ['other/moved/entry.js', 'other/moved/b.js'],
  },
  {
    id: 'dynamic-import',
    statement: 'import() in an inline script resolves against the real base and reaches the worker',
    resources: { 'late.js': { body: 'export const { url } = import.meta' } },
    body: '<script>globalThis.imported = import("./late.js")</script>',
    measure: async () => [(await globalThis.imported).url, await fact.where('dynamic-import/late.js')],
    always: ['site/late.js', 'worker'],
  },
  {
    id: 'import-map',
    statement: 'a bare specifier of an import map leads to the real URL',
    head: `<script type="importmap">{"imports":{"bare":"./lib/bare.js"}}</script>
      <script type="module">import { url } from "bare"; globalThis.result = url</script>`,
    resources: { 'lib/bare.js': { body: 'export const { url } = import.meta' } },
    measure: () => fact.until(() => globalThis.result),
    always: 'site/lib/bare.js',
  },
  {
    id: 'element-urls',
    statement: 'a.href, img.src, img.currentSrc, form.action and sheet.href are real URLs',
    head: '<link rel="stylesheet" href="x.css">',
    body: '<a href="next?q"></a><img src="x.png"><form action="send"></form>',
    measure: async () => {
      const image = document.querySelector('img');
      await image.decode();
      return [
        document.querySelector('a').href,
        image.src,
        image.currentSrc,
        document.querySelector('form').action,
        document.styleSheets[0].href,
      ];
    },
    always: ['site/next?q', 'site/x.png', 'site/x.png', 'site/send', 'site/x.css'],
  },
  {
    id: 'computed-url',
    statement: 'url() in a stylesheet computes to the real URL, relative to the sheet',
    head: '<link rel="stylesheet" href="styles/x.css">',
    resources: { 'styles/x.css': { body: 'body { background: url(x.png) } @import' } },
    measure: () => getComputedStyle(document.body).backgroundImage,
    always: 'url("site/styles/x.png")',
  },
  {
    id: 'fetch-url',
    statement: 'Response.url of fetch is the real URL, its type "basic", and all headers are visible',
    resources: { 'x.txt': { headers: { 'x-own': 'seen' }, body: 'text' } },
    measure: async () => {
      const response = await fetch('x.txt');
      return [response.url, response.type, response.headers.get('x-own'), await response.text()];
    },
    always: ['site/x.txt', 'basic', 'seen', 'text'],
  },
  {
    id: 'xhr-url',
    statement: 'an asynchronous XMLHttpRequest reaches the worker, with real responseURL and all headers visible',
    resources: { 'x.txt': { headers: { 'x-own': 'seen' }, body: 'text' } },
    measure: async () => {
      const request = new XMLHttpRequest();
      request.open('GET', 'x.txt');
      request.send();
      await fact.event(request, 'loadend');
      return [request.responseURL, request.getResponseHeader('x-own'), request.responseText];
    },
    always: ['site/x.txt', 'seen', 'text'],
  },
  {
    id: 'event-source',
    statement: 'an EventSource reaches the worker; its url and the origin of its events are real',
    measure: async () => {
      const source = new EventSource('x.sse');
      const { origin, data } = await fact.event(source, 'message');
      source.close();
      return [source.url, origin, data, await fact.where('event-source/x.sse')];
    },
    always: ['site/x.sse', 'site:', 'hello', 'worker'],
  },
  {
    id: 'resource-timing',
    statement: 'resource timing names the real URL',
    body: '<img src="x.png">',
    measure: async () => {
      await document.querySelector('img').decode();
      return fact.until(
        () => performance.getEntriesByType('resource').find(({ name }) => name.endsWith('x.png'))?.name,
      );
    },
    always: 'site/x.png',
  },
  {
    id: 'cache-keys',
    statement: 'Cache.add takes the real URL and keeps it as the key',
    resources: { 'x.txt': { body: 'text' } },
    measure: async () => {
      await caches.delete('cache-keys');
      const cache = await caches.open('cache-keys');
      await cache.add('x.txt');
      const [request] = await cache.keys();
      return request.url;
    },
    always: 'site/x.txt',
  },
  {
    id: 'srcdoc-base',
    statement: 'a srcdoc frame inherits base and worker, and the worker knows it as about:srcdoc',
    body: '<iframe srcdoc="<img src=x.png>"></iframe>',
    measure: async () => {
      const { clientUrl } = await fact.seen('srcdoc-base/x.png');
      const { contentDocument } = document.querySelector('iframe');
      return [contentDocument.baseURI, clientUrl, await fact.where('srcdoc-base/x.png')];
    },
    always: ['site/page.html', 'about:srcdoc', 'worker'],
  },
  {
    id: 'blank-base',
    statement: 'the baseURI of an about:blank child is the real URL',
    body: '<iframe></iframe>',
    measure: () => document.querySelector('iframe').contentDocument.baseURI,
    always: 'site/page.html',
  },
  {
    id: 'sheet-rules',
    statement:
      'cssRules of a stylesheet of the real origin are readable in Chromium; Firefox takes it for cross-origin',
    head: '<link rel="stylesheet" href="x.css">',
    resources: { 'x.css': { body: 'p { color: red }' } },
    measure: () => fact.errorOf(() => document.styleSheets[0].cssRules),
    expected: { chromium: 'no error', firefox: 'SecurityError' },
  },
  {
    id: 'canvas-taint',
    statement: 'an image of the real origin leaves a canvas readable in Chromium; Firefox taints it',
    body: '<img src="x.png">',
    measure: async () => {
      const image = document.querySelector('img');
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.getContext('2d').drawImage(image, 0, 0);
      return fact.errorOf(() => canvas.toDataURL());
    },
    expected: { chromium: 'no error', firefox: 'SecurityError' },
  },
  {
    id: 'base-moved',
    statement: 'the base element works as last child of html; a later base in head wins; its removal restores ours',
    measure: () => {
      const base = document.querySelector('base');
      document.documentElement.append(base);
      const moved = document.baseURI;
      const theirs = document.createElement('base');
      theirs.href = 'https://theirs.test/';
      document.head.append(theirs);
      const overruled = document.baseURI;
      theirs.remove();
      return [moved, overruled, document.baseURI];
    },
    always: ['site/page.html', 'https://theirs.test/', 'site/page.html'],
  },
];
