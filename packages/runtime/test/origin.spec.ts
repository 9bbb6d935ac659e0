import { expect, test } from './support/fixture.js';

const parent = 'http://www.site.example/dir/page.html';
const page = (script: string, body = '') =>
  `<!doctype html><head></head><body>${body}<script>${script}</script></body>`;

test('document.domain opens two hosts of a site to each other, where both set it', async ({ proxied }) => {
  proxied.sites[parent] = page(
    `const t = (f) => { try { return String(f()) } catch (e) { return e.name } };
     const frame = document.querySelector('iframe');
     onload = () => {
       window.result = [document.domain, frame.contentDocument, t(() => frame.contentWindow.location.href)];
       document.domain = 'site.example';
       result.push(document.domain, t(() => frame.contentDocument.domain), t(() => frame.contentWindow.location.href),
         t(() => { document.domain = 'example.org' }), t(() => { document.domain = 'example' }), t(() => { new Document().domain = document.domain }));
     }`,
    `<iframe src="http://other.site.example/"></iframe>`,
  );
  proxied.sites['http://other.site.example/'] = page(`document.domain = 'site.example'`);
  const frame = await proxied.open(parent);
  await frame.waitForFunction('window.result?.length > 3');
  expect(await frame.evaluate('result')).toEqual([
    'www.site.example',
    null,
    'SecurityError',
    'site.example',
    'site.example',
    'http://other.site.example/',
    'SecurityError',
    'SecurityError',
    'SecurityError',
  ]);
});

test('document.domain changes nothing between secure origins', async ({ proxied }) => {
  const url = 'https://www.site.example/';
  proxied.sites[url] = page(`document.domain = 'site.example'; window.result = [document.domain, originAgentCluster]`);
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual(['www.site.example', true]);
});

test('a sandboxed frame runs with an opaque origin', async ({ proxied }) => {
  proxied.sites[parent] = page(`onmessage = (e) => { window.result = [e.origin, e.source === frames[0], e.data] };
     document.body.innerHTML = '<iframe sandbox="allow-scripts" src="inner.html"></iframe>';
     const frame = document.querySelector('iframe');
     frame.onload = () => { window.outside = [frame.getAttribute('sandbox'), frame.sandbox.value, frame.sandbox.length, frame.contentDocument, frame.outerHTML.includes('culvert')] };`);
  proxied.sites['http://www.site.example/dir/inner.html'] = page(
    `const t = (f) => { try { return String(f()) } catch (e) { return e.name } };
     parent.postMessage([origin, location.href, t(() => localStorage.length), t(() => document.cookie), t(() => parent.location.href),
       t(() => { document.domain = document.domain }), frameElement], '*')`,
  );
  const frame = await proxied.open(parent);
  await frame.waitForFunction('window.result && window.outside');
  expect(await frame.evaluate('result')).toEqual([
    'null',
    true,
    [
      'null',
      'http://www.site.example/dir/inner.html',
      'SecurityError',
      'SecurityError',
      'SecurityError',
      'SecurityError',
      null,
    ],
  ]);
  expect(await frame.evaluate('outside')).toEqual(['allow-scripts', 'allow-scripts', 1, null, false]);
});

test('a sandbox that a script builds works as one in markup', async ({ proxied }) => {
  proxied.sites[parent] = page(`
    onmessage = (e) => { window.result = [e.origin, e.data] };
    const frame = document.createElement('iframe');
    const list = frame.sandbox;
    list.add('allow-forms');
    list.toggle('allow-scripts');
    frame.sandbox.remove('allow-forms');
    window.shown = [list === frame.sandbox, frame.getAttribute('sandbox'), list.contains('allow-same-origin')];
    frame.src = 'inner.html';
    document.body.append(frame);`);
  proxied.sites['http://www.site.example/dir/inner.html'] = page(`parent.postMessage(origin, '*')`);
  const frame = await proxied.open(parent);
  await frame.waitForFunction('window.result');
  expect(await frame.evaluate('[result, shown]')).toEqual([
    ['null', 'null'],
    [true, 'allow-scripts', false],
  ]);
});

test('an http site finds no secure context, an https site does', async ({ proxied }) => {
  const look =
    page(`window.result = [isSecureContext, typeof crypto.subtle, 'caches' in window, 'mediaDevices' in navigator,
    typeof registerProtocolHandler, 'registerProtocolHandler' in navigator, typeof LockManager, typeof fetch]`);
  proxied.sites[parent] = look;
  proxied.sites['https://www.site.example/'] = look;
  const insecure = await proxied.open(parent);
  expect(await insecure.evaluate('result')).toEqual([
    false,
    'undefined',
    false,
    false,
    'undefined',
    false,
    'undefined',
    'function',
  ]);
  const secure = await proxied.open('https://www.site.example/');
  expect(await secure.evaluate('result')).toEqual([
    true,
    'object',
    true,
    true,
    'undefined',
    true,
    'function',
    'function',
  ]);
});
