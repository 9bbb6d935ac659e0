/** What reaches the worker, and what its fetch event says of a request. */
export const requests = [
  {
    id: 'subresources',
    statement:
      'images, scripts, stylesheets, @import, CSS images, fonts and preloads reach the worker, and no other host',
    head: `<link rel="preload" as="image" href="preloaded.png"><link rel="stylesheet" href="x.css">
      <link rel="modulepreload" href="modulepreloaded.js"><script src="x.js"></script>`,
    body: '<div>text</div><img src="x.png"><svg><image href="svg.png"></image></svg>',
    resources: {
      'x.css': {
        body: `@import "imported.css"; @font-face { font-family: x; src: url(x.woff2) }
          div { background: url(background.png); font-family: x }`,
      },
    },
    measure: async () => {
      const names = [
        'preloaded.png',
        'modulepreloaded.js',
        'x.css',
        'imported.css',
        'background.png',
        'x.woff2',
        'x.js',
        'x.png',
        'svg.png',
      ];
      const result = {};
      for (const name of names) result[name] = await fact.where(`subresources/${name}`);
      return names.filter((name) => result[name] !== 'worker').map((name) => `${name}: ${result[name]}`);
    },
    always: [],
  },
  {
    id: 'destinations',
    statement: 'FetchEvent.request.destination and mode are those of the element',
    head: '<link rel="stylesheet" href="x.css"><script src="x.js"></script><script type="module" src="m.js"></script>',
    body: '<img src="x.png"><img crossorigin src="cors.png"><video crossorigin src="x.mp4"></video><div>text</div>',
    resources: { 'x.css': { body: '@font-face { font-family: x; src: url(x.woff2) } div { font-family: x }' } },
    measure: async () => {
      const result = {};
      for (const name of ['x.css', 'x.js', 'm.js', 'x.png', 'cors.png', 'x.mp4', 'x.woff2']) {
        const { destination, mode } = await fact.seen(`destinations/${name}`);
        result[name] = `${destination} ${mode}`;
      }
      return result;
    },
    always: {
      'x.css': 'style no-cors',
      'x.js': 'script no-cors',
      'm.js': 'script cors',
      'x.png': 'image no-cors',
      'cors.png': 'image cors',
      'x.mp4': 'video cors',
      'x.woff2': 'font cors',
    },
  },
  {
    id: 'credentials',
    statement: 'FetchEvent.request.credentials and mode are what the page asked for',
    measure: async () => {
      await Promise.all([
        fetch('omit.txt', { credentials: 'omit' }),
        fetch('same.txt'),
        fetch('include.txt', { credentials: 'include' }),
        fetch('no-cors.txt', { mode: 'no-cors' }),
      ]);
      const result = [];
      for (const name of ['omit', 'same', 'include', 'no-cors']) {
        const { credentials, mode } = await fact.seen(`credentials/${name}.txt`);
        result.push(`${name}: ${credentials} ${mode}`);
      }
      return result;
    },
    always: ['omit: omit cors', 'same: same-origin cors', 'include: include cors', 'no-cors: same-origin no-cors'],
  },
  {
    id: 'same-origin-mode',
    statement: 'fetch with mode "same-origin" reaches the worker at a scoped URL, and is refused at the real one',
    measure: async () => {
      await fetch(fact.route('xhr', 'scoped.txt'), { mode: 'same-origin' });
      const { mode } = await fact.seen('same-origin-mode/scoped.txt');
      const error = await fact.errorOf(() => fetch('real.txt', { mode: 'same-origin' }));
      return [mode, error, await fact.where('same-origin-mode/real.txt', 500)];
    },
    always: ['same-origin', 'TypeError', 'nowhere'],
  },
  {
    id: 'redirect-mode',
    statement: 'FetchEvent.request.redirect is what the page asked for',
    measure: async () => {
      await fetch('manual.txt', { redirect: 'manual' });
      await fetch('error.txt', { redirect: 'error' });
      await fetch('follow.txt');
      const result = [];
      for (const name of ['manual', 'error', 'follow'])
        result.push((await fact.seen(`redirect-mode/${name}.txt`)).redirect);
      return result;
    },
    always: ['manual', 'error', 'follow'],
  },
  {
    id: 'fetch-keepalive',
    statement: 'fetch with keepalive reaches the worker in Chromium; in Firefox it goes past it, real and scoped',
    measure: async () => {
      await fetch('real.txt', { keepalive: true });
      await fetch(fact.route('xhr', 'scoped.txt'), { keepalive: true });
      return [await fact.where('fetch-keepalive/real.txt'), await fact.where('fetch-keepalive/scoped.txt')];
    },
    expected: { chromium: ['worker', 'worker'], firefox: ['network', 'static host'] },
  },
  {
    id: 'referrer-policy',
    statement: 'FetchEvent.request.referrerPolicy is that of the element or of the fetch',
    body: '<img src="element.png" referrerpolicy="origin"><img src="default.png">',
    measure: async () => {
      await fetch('fetch.txt', { referrerPolicy: 'no-referrer' });
      const result = [];
      for (const name of ['element.png', 'default.png', 'fetch.txt']) {
        result.push((await fact.seen(`referrer-policy/${name}`)).referrerPolicy);
      }
      return result;
    },
    expected: {
      chromium: ['origin', 'strict-origin-when-cross-origin', 'no-referrer'],
      firefox: ['origin', 'strict-origin-when-cross-origin', 'no-referrer'],
    },
  },
  {
    id: 'custom-method-and-headers',
    statement: 'a fetch with a method and headers of its own reaches the worker without a preflight',
    measure: async () => {
      await fetch('put.txt', { method: 'PUT', headers: { 'x-own': '1' }, body: 'x' });
      const log = await fact.log('custom-method-and-headers/put.txt');
      const { method, headers } = log.worker[0];
      return [method, headers['x-own'], log.worker.length, log.network.length];
    },
    always: ['PUT', '1', 1, 0],
  },
  {
    id: 'client-of-document',
    statement: 'clients.get(clientId).url is the proxied document that asked',
    body: '<img src="x.png">',
    measure: async () => (await fact.seen('client-of-document/x.png')).clientUrl,
    always: 'proxy:/service/html/site%2Fpage.html',
  },
  {
    id: 'frame-navigation',
    statement:
      'a frame navigation has a resultingClientId, no clientId, destination "iframe" and its parent as referrer',
    measure: async () => {
      fact.append('iframe', { src: fact.route('html', 'frame.html') });
      const { hasClientId, hasResultingClientId, destination, mode, referrer } =
        await fact.seen('frame-navigation/frame.html');
      return {
        hasClientId,
        hasResultingClientId,
        destination,
        mode,
        hasReferrer: referrer.startsWith(location.origin),
      };
    },
    expected: {
      chromium: {
        hasClientId: false,
        hasResultingClientId: true,
        destination: 'iframe',
        mode: 'navigate',
        hasReferrer: true,
      },
      firefox: {
        hasClientId: false,
        hasResultingClientId: true,
        destination: 'iframe',
        mode: 'navigate',
        hasReferrer: true,
      },
    },
  },
  {
    id: 'redirect',
    statement: 'a 302 of the worker with a real Location is followed by the browser through a second fetch event',
    resources: { 'from.txt': { status: 302, headers: { location: '{other}to.txt' } }, 'to.txt': { body: 'moved' } },
    measure: async () => {
      const response = await fetch('from.txt');
      return [response.url, response.redirected, await response.text(), await fact.where('redirect/to.txt')];
    },
    always: ['other/to.txt', true, 'moved', 'worker'],
  },
  {
    id: 'redirect-manual',
    statement: 'redirect: "manual" gives an opaqueredirect for a 302 of the worker',
    resources: { 'from.txt': { status: 302, headers: { location: '{other}to.txt' } } },
    measure: async () => (await fetch('from.txt', { redirect: 'manual' })).type,
    always: 'opaqueredirect',
  },
  {
    id: 'redirected-image',
    statement: 'a redirected image is followed through the worker',
    body: '<img src="from.png">',
    resources: { 'from.png': { status: 302, headers: { location: '{other}to.png' } } },
    measure: () => fact.where('redirected-image/to.png'),
    always: 'worker',
  },
  {
    id: 'beacon',
    statement: 'navigator.sendBeacon reaches the worker',
    measure: async () => {
      const wasQueued = navigator.sendBeacon('beacon.txt', 'x');
      return [wasQueued, await fact.where('beacon/beacon.txt')];
    },
    always: [true, 'worker'],
  },
  {
    id: 'worklet',
    statement: 'an audio worklet module reaches the worker by its real URL',
    resources: { 'x.js': { body: 'registerProcessor("x", class extends AudioWorkletProcessor { process() {} })' } },
    measure: async () => {
      const context = new OfflineAudioContext(1, 128, 44_100);
      await context.audioWorklet.addModule('x.js');
      return fact.where('worklet/x.js');
    },
    always: 'worker',
  },
  {
    id: 'svg-fragments',
    statement: 'a fragment-only <use href="#a"> finds its element under a foreign base',
    body: '<svg width="50" height="50"><defs><rect id="a" width="40" height="30"/></defs><use href="#a"/></svg>',
    measure: () => document.querySelector('use').getBBox().width,
    always: 40,
  },
  {
    id: 'svg-fill',
    statement: 'fill="url(#g)" finds its gradient under a foreign base',
    body: `<style>body{margin:0}</style><svg width="50" height="50"><linearGradient id="g"><stop stop-color="#00ff00"/></linearGradient>
      <rect fill="url(#g)" width="50" height="50"/></svg>`,
    drive: async ({ page }) => {
      const { PNG } = await import('pngjs');
      const picture = PNG.sync.read(
        Buffer.from(await page.screenshot({ clip: { x: 20, y: 20, width: 1, height: 1 } })),
      );
      return [...picture.data.subarray(0, 3)];
    },
    always: [0, 255, 0],
  },
  {
    id: 'site-csp',
    statement: "the site's own CSP with real host names is enforced: a script outside it is blocked and asks nobody",
    headers: { 'content-security-policy': "script-src 'nonce-prelude' 'unsafe-eval' {origin}" },
    head: '<script src="{other}blocked.js"></script>',
    resources: { 'blocked.js': { body: 'globalThis.ran = true' } },
    measure: async () => [globalThis.ran ?? false, await fact.where('site-csp/blocked.js', 500)],
    always: [false, 'nowhere'],
  },
  {
    id: 'site-csp-allowed',
    statement:
      'a script that the CSP names runs in Chromium; Firefox also holds the address of the worker against the CSP',
    headers: { 'content-security-policy': "script-src 'nonce-prelude' 'unsafe-eval' {origin}" },
    head: '<script src="x.js"></script>',
    resources: { 'x.js': { body: 'globalThis.ran = true' } },
    measure: async () => [globalThis.ran ?? false, await fact.where('site-csp-allowed/x.js')],
    expected: { chromium: [true, 'worker'], firefox: [false, 'worker'] },
  },
  {
    id: 'site-csp-with-worker',
    statement: "with the worker script's URL added to the CSP, what it names runs in both and the rest stays blocked",
    headers: { 'content-security-policy': "script-src 'nonce-prelude' 'unsafe-eval' {origin} {proxy}/worker.js" },
    head: '<script src="x.js"></script><script src="{other}blocked.js"></script>',
    resources: { 'x.js': { body: 'globalThis.ran = 1' }, 'blocked.js': { body: 'globalThis.ran = 2' } },
    measure: async () => [globalThis.ran ?? false, await fact.where('site-csp-with-worker/blocked.js', 500)],
    always: [1, 'nowhere'],
  },
  {
    id: 'media',
    statement:
      'video and audio at real URLs reach the worker in Chromium; without crossorigin they go past it in Firefox',
    body: '<video src="x.mp4"></video><audio src="x.mp3"></audio>',
    measure: async () => [await fact.where('media/x.mp4'), await fact.where('media/x.mp3')],
    expected: { chromium: ['worker', 'worker'], firefox: ['network', 'network'] },
  },
  {
    id: 'media-cors',
    statement: 'video with crossorigin at a real URL, and video at a scoped URL, reach the worker',
    body: '<video crossorigin src="cors.mp4"></video>',
    measure: async () => {
      fact.append('video', { src: fact.route('media', 'scoped.mp4') });
      return [await fact.where('media-cors/cors.mp4'), await fact.where('media-cors/scoped.mp4')];
    },
    always: ['worker', 'worker'],
  },
];
