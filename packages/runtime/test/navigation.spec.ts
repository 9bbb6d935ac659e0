import { expect, test } from './support/fixture.js';

const url = 'https://site.example/dir/page.html?q=1';
const next = 'https://site.example/dir/next.html';
const page = (body: string, script = '') =>
  `<!doctype html><head></head><body>${body}<script>${script}</script></body>`;
const arrived = page('', 'window.here = location.href');

test('a link keeps its URL and goes to the route', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="next.html">x</a>`,
    `window.result = [a.href, a.getAttribute('href'), a.outerHTML]`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual([next, 'next.html', '<a id="a" href="next.html">x</a>']);
  await frame.click('#a');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
});

test('a prevented link does not go, however it was prevented', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="next.html">x</a> <a id=b href="next.html" onclick="return false" target=_blank>x</a> <a id=c href="next.html">x</a> <a id=d href="next.html" target=_blank>x</a>`,
    `a.onclick = (e) => e.preventDefault(); c.onclick = (e) => { e.stopPropagation(); e.preventDefault() };
     d.addEventListener('click', (e) => { window.seen = e.defaultPrevented; e.stopImmediatePropagation(); return 1 }); d.onclick = 0; d.addEventListener('click', (e) => {});
     document.addEventListener('click', (e) => (window.log ??= []).push([e.target.id, e.defaultPrevented]))`,
  );
  const frame = await proxied.open(url);
  let popups = 0;
  proxied.context.on('page', () => popups++);
  for (const id of ['a', 'b', 'c']) await frame.click('#' + id);
  await frame.waitForTimeout(300);
  expect(frame.url()).toBe(proxied.route(url));
  expect(popups).toBe(0);
  expect(await frame.evaluate('log')).toEqual([
    ['a', true],
    ['b', true],
  ]);
  const opened = proxied.context.waitForEvent('page');
  await frame.click('#d');
  await expect.poll(async () => (await opened).url()).toBe(proxied.route(next));
  expect(await frame.evaluate('[seen, d.getAttribute("href")]')).toEqual([false, 'next.html']);
});

test('new windows open at the route: target, middle click, modifiers, detached links', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="next.html">x</a> <a id=b href="next.html" target=_blank>x</a> <a id=c target=named href="next.html">x</a>`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  const expectPage = async (act: () => Promise<unknown>) => {
    const [opened] = await Promise.all([proxied.context.waitForEvent('page'), act()]);
    await expect.poll(() => opened.url()).toBe(proxied.route(next));
    await expect.poll(() => opened.evaluate('window.here').catch(() => null)).toBe(next);
    const opener = await opened.evaluate('opener !== null');
    await opened.close();
    return opener;
  };
  expect(await expectPage(() => frame.click('#b'))).toBe(false);
  expect(await expectPage(() => frame.click('#c'))).toBe(true);
  await expectPage(() => frame.click('#a', { modifiers: ['Control'] }));
  await expectPage(() => frame.click('#a', { button: 'middle' }));
  await expectPage(() => frame.click('#a', { modifiers: ['Shift'] }));
  await expectPage(() =>
    frame.evaluate(`{ const l = document.createElement('a'); l.href = 'next.html'; l.target = '_blank'; l.click() }`),
  );
  await expectPage(() =>
    frame.evaluate(`b.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })), 0`),
  );
  await expectPage(() => frame.evaluate(`b.addEventListener('click', (e) => e.stopPropagation()), b.click()`));
  expect(frame.url()).toBe(proxied.route(url));
});

test('_top and _parent end at the outermost proxied document', async ({ proxied }) => {
  proxied.sites[url] = page(`<iframe src="https://site.example/inner.html"></iframe>`);
  proxied.sites['https://site.example/inner.html'] = page(
    `<iframe src="https://site.example/innermost.html"></iframe>`,
  );
  proxied.sites['https://site.example/innermost.html'] = page(`<a id=a href="dir/next.html" target=_top>x</a>`);
  proxied.sites[next] = page(`<a id=a href="page2.html" target=_parent>x</a>`, 'window.here = location.href');
  proxied.sites['https://site.example/dir/page2.html'] = arrived;
  const frame = await proxied.open(url);
  await frame.childFrames()[0]!.childFrames()[0]!.click('#a');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
  expect(await frame.evaluate('window.name')).toBe('outside-frame');
  await frame.click('#a');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe('https://site.example/dir/page2.html');
  expect(proxied.page.url()).toBe(proxied.origin + '/');
});

test('fragment links stay in the document', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="#part">x</a><p id=part>p</p>`,
    `window.kept = 1; onhashchange = (e) => (window.log ??= []).push([e.oldURL, e.newURL, location.hash]); navigation.onnavigate = (e) => window.event = [e.destination.url, e.hashChange, e.canIntercept, e.sourceElement?.id, e.navigationType]`,
  );
  const frame = await proxied.open(url);
  await frame.click('#a');
  await frame.waitForFunction('window.log');
  expect(await frame.evaluate('[kept, log, event]')).toEqual([
    1,
    [[url, `${url}#part`, '#part']],
    [`${url}#part`, true, true, 'a', 'push'],
  ]);
});

test('history keeps real URLs and refuses other origins', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="x.html">x</a>`,
    `
    const refused = (u) => { try { history.pushState(1, '', u); return 'no error' } catch (e) { return e.name + ': ' + e.message } };
    history.pushState({ n: 1 }, '', '/other/deep?x#y');
    window.result = [location.href, document.URL, document.baseURI, a.href, history.state.n, refused('https://evil.example/'), refused('http://site.example/'), history.length];
    history.replaceState(null, ''); result.push(location.href); history.replaceState(null, '', null); result.push(location.href);
    history.replaceState(2, '', '?only'); result.push(location.href, navigation.currentEntry.url);
    window.addEventListener('popstate', () => window.popped = [location.href, a.href, document.baseURI]);`,
  );
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual([
    'https://site.example/other/deep?x#y',
    'https://site.example/other/deep?x#y',
    expect.stringMatching(/^https:\/\/site\.example\/other\/deep\?x/),
    'https://site.example/other/x.html',
    1,
    "SecurityError: Failed to execute 'pushState' on 'History': A history state object with URL 'https://evil.example/' cannot be created in a document with origin 'https://site.example' and URL 'https://site.example/other/deep?x#y'.",
    expect.stringContaining('SecurityError'),
    expect.any(Number),
    'https://site.example/other/deep?x#y',
    'https://site.example/other/deep?x#y',
    'https://site.example/other/deep?only',
    'https://site.example/other/deep?only',
  ]);
  await frame.evaluate('history.back()');
  await frame.waitForFunction('window.popped');
  expect(await frame.evaluate('popped')).toEqual([url, 'https://site.example/dir/x.html', url]);
});

test('GET and POST forms go to the route with their fields', async ({ proxied }) => {
  proxied.sites[url] = page(`
    <form id=get action="next.html?old=1"><input name=a value="1 &"><button id=gb name=b value=2>x</button></form>
    <form id=post action="next.html" method=post><input name=a value=1><button id=pb formaction="other.html">x</button></form>
    <form id=multi action="next.html" method=post enctype="multipart/form-data"><input name=a value=ü><input type=file name=f></form>
    <form id=none onsubmit="return false" action="next.html"><button id=nb>x</button></form>`);
  for (const target of [next, 'https://site.example/dir/other.html']) proxied.sites[target] = arrived;
  const frame = await proxied.open(url);
  await frame.click('#nb');
  await frame.click('#gb');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(`${next}?a=1+%26&b=2`);
  await proxied.open(url);
  await frame.click('#pb');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe('https://site.example/dir/other.html');
  await proxied.open(url);
  await frame.setInputFiles('input[type=file]', {
    name: 'f.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('content'),
  });
  await frame.evaluate('multi.submit()');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
  await proxied.open(url);
  await frame.evaluate('post.requestSubmit()');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
  const posts = proxied.requests.filter((r) => r.method === 'POST');
  expect(posts.map((r) => [r.url, r.contentType.split(';')[0], r.body.replace(/------\w+/g, '--')])).toEqual([
    ['https://site.example/dir/other.html', 'application/x-www-form-urlencoded', 'a=1'],
    [next, 'multipart/form-data', expect.stringMatching(/name="a"\r\n\r\n\u00c3\u00bc[^]*filename="f.txt"[^]*content/)],
    [next, 'application/x-www-form-urlencoded', 'a=1'],
  ]);
});

test('a form whose submit event is stopped still goes to the route', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<form id=f action="https://other.example/to" method=post><input name=a value=1><button id=b>x</button></form>`,
    `f.onsubmit = (e) => { e.stopPropagation(); window.action = f.getAttribute('action') }`,
  );
  proxied.sites['https://other.example/to'] = arrived;
  const frame = await proxied.open(url);
  await frame.click('#b');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe('https://other.example/to');
});

test('window.open gives a window with the runtime in it, or opens the route', async ({ proxied }) => {
  proxied.sites[url] = page(
    '',
    `window.go = (...a) => window.w = open(...a); window.peek = () => w.eval('[location.href, opener.location.href, origin]')`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  let [opened] = await Promise.all([proxied.context.waitForEvent('page'), frame.evaluate(`void go('next.html')`)]);
  await expect.poll(() => opened.evaluate('window.here').catch(() => null)).toBe(next);
  expect(await opened.evaluate('[opener !== null, window.top === window, document.referrer]')).toEqual([
    true,
    true,
    url,
  ]);
  expect(await frame.evaluate('peek()')).toEqual([next, url, 'https://site.example']);
  await opened.close();
  [opened] = await Promise.all([proxied.context.waitForEvent('page'), frame.evaluate(`void go('')`)]);
  expect(await frame.evaluate('peek()')).toEqual(['about:blank', url, 'https://site.example']);
  await opened.close();
  [opened] = await Promise.all([
    proxied.context.waitForEvent('page'),
    frame.evaluate(`go('next.html', '_blank', 'noopener'), w`),
  ]);
  await expect.poll(() => opened.evaluate('window.here').catch(() => null)).toBe(next);
  expect(await frame.evaluate('w')).toBe(null);
  await opened.close();
});
