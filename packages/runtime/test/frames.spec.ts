import { expect, test } from './support/fixture.js';

const parent = 'https://parent.example/';
const same = 'https://parent.example/inner.html';
const other = 'https://other.example/inner.html';
const page = (script: string, body = '') =>
  `<!doctype html><head></head><body>${body}<script>${script}</script></body>`;

test('a same-origin child shares the tree: top, parent, location, frameElement', async ({ proxied }) => {
  proxied.sites[parent] = page(`window.mark = 1`, `<iframe src="${same}"></iframe>`);
  proxied.sites[same] =
    page(`window.result = [top === parent, parent.mark, parent.location.href, window.top.location.pathname,
    frameElement?.localName, location.ancestorOrigins.length, location.ancestorOrigins[0], location.ancestorOrigins.contains('https://parent.example'),
    parent.location === parent.location, parent.document.location.href, document.referrer, parent.parent === parent, window.parent.top === parent]`);
  const frame = await proxied.open(parent);
  expect(await frame.childFrames()[0]!.evaluate('result')).toEqual([
    true,
    1,
    parent,
    '/',
    'iframe',
    1,
    'https://parent.example',
    true,
    true,
    parent,
    parent,
    true,
    true,
  ]);
});

test('a child of another origin may navigate its parent and read nothing', async ({ proxied }) => {
  proxied.sites[parent] = page(``, `<iframe src="${other}"></iframe>`);
  proxied.sites[other] = page(`const t = (f) => { try { return String(f()) } catch (e) { return e.name } };
    window.result = [t(() => parent.location.href), t(() => parent.location.toString()), frameElement, t(() => parent.location.replace.name),
    location.ancestorOrigins[0], t(() => parent === top)];
    window.go = () => { parent.location.href = 'https://other.example/next.html' }`);
  const frame = await proxied.open(parent);
  const child = frame.childFrames()[0]!;
  expect(await child.evaluate('result')).toEqual([
    'SecurityError',
    'SecurityError',
    null,
    'replace',
    'https://parent.example',
    'true',
  ]);
  expect(await frame.evaluate(`document.querySelector('iframe').contentDocument`)).toBe(null);
  proxied.sites['https://other.example/next.html'] = page('window.here = location.href');
  await child.evaluate('setTimeout(go)');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe('https://other.example/next.html');
});

test('the runtime is in an about:blank frame as soon as a script can reach it', async ({ proxied }) => {
  proxied.sites[parent] = page(
    `const made = document.createElement('iframe'); document.body.append(made);
     const inFirst = frames[0].eval('[window.top === parent, location.href, document.baseURI, origin, document.referrer]');
     const inMade = made.contentWindow.eval('[window.top === parent, location.href, origin, Function.prototype.toString.call(parent.open)]');
     made.contentDocument.body.innerHTML = '<p>written</p>';
     window.result = [inFirst, inMade, made.contentWindow.location.href, frames[1].location.href, made.contentDocument.head.childElementCount, frames[0].parent === window];
     made.contentWindow.fetch('data.json').then((r) => r.text()).then((t) => window.fetched = t);
     const x = new made.contentWindow.XMLHttpRequest(); x.open('GET', 'data.json'); x.onload = () => window.loaded = x.responseText; x.send();
     const image = made.contentDocument.createElement('img'); image.src = 'https://parent.example/leak.png'; made.contentDocument.body.append(image);`,
    `<iframe></iframe>`,
  );
  proxied.sites['https://parent.example/data.json'] = { type: 'application/json', body: '{"a":1}' };
  const frame = await proxied.open(parent);
  expect(await frame.evaluate('result')).toEqual([
    [true, 'about:blank', parent, 'https://parent.example', parent],
    [true, 'about:blank', 'https://parent.example', 'function open() { [native code] }'],
    'about:blank',
    'about:blank',
    0,
    true,
  ]);
  await frame.waitForFunction('window.fetched && window.loaded');
  expect(await frame.evaluate('[fetched, loaded]')).toEqual(['{"a":1}', '{"a":1}']);
});

test('a frame that was about:blank first works when its document comes', async ({ proxied }) => {
  proxied.sites[parent] = page(
    `const f = document.createElement('iframe'); document.body.append(f); window.first = f.contentWindow.eval('location.href');
     f.contentWindow.location.href = 'inner.html'; window.f = f;`,
  );
  proxied.sites[same] =
    page(`window.result = [location.href, document.URL, document.baseURI, parent.location.href, document.querySelectorAll('base').length];
    fetch('data.json').then((r) => r.text()).then((t) => window.fetched = t); const i = new Image(); i.onload = () => window.image = true; i.onerror = () => window.image = false; i.src = 'pixel.svg'`);
  proxied.sites['https://parent.example/data.json'] = { type: 'application/json', body: '{"a":1}' };
  proxied.sites['https://parent.example/pixel.svg'] = {
    type: 'image/svg+xml',
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
  };
  const frame = await proxied.open(parent);
  await expect
    .poll(() =>
      frame
        .childFrames()[0]!
        .evaluate('window.fetched && window.image !== undefined && result')
        .catch(() => null),
    )
    .toBeTruthy();
  const child = frame.childFrames()[0]!;
  expect(((await child.evaluate('result')) as unknown[]).slice(0, 4)).toEqual([same, same, same, parent]);
  expect(await child.evaluate('[fetched, image]')).toEqual(['{"a":1}', true]);
});

test('a frame is entered before the call that inserts it returns', async ({ proxied }) => {
  proxied.sites[parent] =
    page(`const a = document.createElement('iframe'); a.name = 'named'; document.body.appendChild(a);
    const first = frames[0].eval('window.top === parent') && named.eval('origin');
    const d = document.createElement('div'); document.body.append(d); d.innerHTML = '<iframe></iframe>';
    window.result = [first, frames[1].eval('origin'), String(document.body.appendChild), String(Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML').set)]`);
  const frame = await proxied.open(parent);
  expect(await frame.evaluate('result')).toEqual([
    'https://parent.example',
    'https://parent.example',
    'function appendChild() { [native code] }',
    'function set innerHTML() { [native code] }',
  ]);
});

test('a policy that forbids eval does not keep the runtime out of a frame', async ({ proxied }) => {
  proxied.sites[parent] = {
    type: 'text/html',
    policy: "script-src 'nonce-culvert'",
    body: `<!doctype html><head></head><body><script nonce=culvert>const a = document.createElement('iframe'); document.body.appendChild(a);
      window.result = [frames[0].origin, String(frames[0].open), frames[0].document.scripts.length, Object.keys(frames[0]).filter((k) => k.startsWith('cv')).length]</script>`,
  };
  const frame = await proxied.open(parent);
  expect(await proxied.page.evaluate('JSON.stringify(frames[0].result)')).toBe(
    JSON.stringify(['https://parent.example', 'function open() { [native code] }', 0, 0]),
  );
  expect(frame.url()).toBe(proxied.route(parent));
});

test('what an uncontrolled frame loads past the worker is blocked and not sent', async ({ proxied }) => {
  proxied.sites[parent] = page(`const a = document.createElement('iframe'); document.body.appendChild(a);
    const d = a.contentDocument; const out = window.out = [];
    for (const [tag, key] of [['img', 'src'], ['script', 'src'], ['link', 'href'], ['video', 'src']]) {
      const e = d.createElement(tag); if (tag === 'link') e.rel = 'stylesheet'; e[key] = 'https://leak.example/' + tag; e.onerror = () => out.push(tag); d.head.append(e);
    }`);
  const frame = await proxied.open(parent);
  await frame.waitForTimeout(500);
  expect(await frame.evaluate('frames[0].document.querySelectorAll("meta").length')).toBe(0);
});
