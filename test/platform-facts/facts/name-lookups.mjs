/**
 * Which loads make the browser look a name up. Chromium writes its look-ups to a log that is read when it has ended; the
 * names are `.invalid`, which no resolver knows. A Firefox log of this kind holds no such list.
 */
const notLogged = { firefox: 'look-ups are read from a log that only Chromium writes' };

export const nameLookups = [
  {
    id: 'lookup-subresources',
    statement:
      'no name is looked up for what the worker answers: script, style, image, font, fetch, import(), EventSource, beacon',
    host: 'subresources.invalid',
    skip: notLogged,
    head: '<script src="http://subresources.invalid/x/x.js"></script><link rel="stylesheet" href="http://subresources.invalid/x/x.css">',
    body: '<img src="http://subresources.invalid/x/x.png">',
    measure: async () => {
      const host = 'http://subresources.invalid/x';
      await fetch(`${host}/x.txt`);
      await import(`${host}/m.js`);
      navigator.sendBeacon(`${host}/beacon.txt`);
      const source = new EventSource(`${host}/x.sse`);
      await fact.event(source, 'message');
      source.close();
      await new FontFace('x', `url(${host}/x.woff2)`).load().catch(() => {});
    },
    looksUp: false,
  },
  {
    id: 'lookup-guarded-frame',
    statement: "a frame at a real URL that frame-src 'self' blocks still costs a look-up",
    host: 'guarded-frame.invalid',
    skip: notLogged,
    headers: { 'content-security-policy': "frame-src 'self'" },
    body: '<iframe src="http://guarded-frame.invalid/x.html"></iframe>',
    measure: () => fact.sleep(500),
    looksUp: true,
  },
  {
    id: 'lookup-prefetch',
    statement: '<link rel="dns-prefetch"> and preconnect cost a look-up',
    host: 'prefetch.invalid',
    skip: notLogged,
    body: '<link rel="dns-prefetch" href="http://prefetch.invalid"><link rel="preconnect" href="http://prefetch.invalid">',
    measure: () => fact.sleep(500),
    looksUp: true,
  },
  {
    id: 'lookup-prefetch-off',
    statement: 'X-DNS-Prefetch-Control: off does not keep <link rel="dns-prefetch"> from it',
    host: 'prefetch-off.invalid',
    skip: notLogged,
    headers: { 'x-dns-prefetch-control': 'off' },
    body: '<link rel="dns-prefetch" href="http://prefetch-off.invalid">',
    measure: () => fact.sleep(500),
    looksUp: true,
  },
  {
    id: 'lookup-link',
    statement: 'a link costs no look-up before anyone follows it',
    host: 'link.invalid',
    skip: notLogged,
    body: '<a href="http://link.invalid/">link</a>',
    measure: () => fact.sleep(1000),
    looksUp: false,
  },
];
