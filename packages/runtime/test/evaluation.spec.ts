import { expect, test } from './support/fixture.js';

const url = 'https://site.example/';

test('code from strings sees the stand-ins and keeps its scope', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    const local = (() => { let inner = 2; return eval("inner + ':' + location.href") })();
    const strict = (() => { 'use strict'; return eval("var x1 = 1; location.href") })();
    const shadowed = ((eval) => eval("raw"))((s) => s + ' location');
    const indirect = (0, eval)('location.href');
    const renamed = [eval][0]('window.location.href');
    const Async = (async () => {}).constructor;
    const results = [local, strict, shadowed, indirect, renamed, eval(5), typeof x1,
      Function('return location.href')(), new Function('a', 'b = a', 'return a + b + location.pathname')(1, 2),
      new Function('a', '// comment\\nreturn location.href').toString(), Function.prototype.constructor === Function,
      Object.getPrototypeOf(function* () {}).constructor('yield location.href')().next().value,
      (() => {}) instanceof Function, Function.name, Function.length, String(Function),
      (class F extends Function { hi() { return 'hi' } }, new (class F extends Function { hi() { return this() } })('return location.href').hi()),
      eval === window.eval, eval.name, 'prototype' in eval];
    const errors = ['Function("a){", "}")', 'Function("return (")', 'eval("(")', 'new (class extends Function {})("}")'].map((t) => { try { (0, eval)(t); return 'none' } catch (e) { return e.name + ':' + (e instanceof SyntaxError) } });
    setTimeout("window.timer = location.href", 0);
    new Async('return await location.href')().then((v) => window.asynchronous = v);
    window.results = results; window.errors = errors;
  </script>`;
  const frame = await proxied.open(url);
  await frame.waitForFunction('window.timer && window.asynchronous');
  expect(await frame.evaluate('results')).toEqual([
    '2:' + url,
    url,
    'raw location',
    url,
    url,
    5,
    'undefined',
    url,
    '3/',
    'function anonymous(a\n) {\n// comment\nreturn location.href\n}',
    true,
    url,
    true,
    'Function',
    1,
    'function Function() { [native code] }',
    url,
    true,
    'eval',
    false,
  ]);
  expect(await frame.evaluate('errors')).toEqual([
    'SyntaxError:true',
    'SyntaxError:true',
    'SyntaxError:true',
    'SyntaxError:true',
  ]);
  expect(await frame.evaluate('[timer, asynchronous]')).toEqual([url, url]);
});

test('a rewritten function reads as it was written', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    function original(a) { return window.location.href + location.hash /* top */ }
    window.result = [original.toString(), original + ''];
  </script>`;
  const frame = await proxied.open(url);
  const text = 'function original(a) { return window.location.href + location.hash /* top */ }';
  expect(await frame.evaluate('result')).toEqual([text, text]);
});

test("dynamic names and patterns read and write the page's location", async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    const out = window.result = [];
    with ({ location: 'paris' }) out.push(location);
    with ({}) out.push(location.href);
    const { location: a, ...rest } = window; out.push(a.href, rest.top === window, rest.document === document);
    const { top: b } = window, [{ location: c }] = [window], { x: { location: d } } = { x: window }; out.push(b === window, c.href, d.href);
    out.push((({ location }) => location.href)(window), (({ ...r }) => r.location.href)(window));
    for (const { location: e } of [window]) out.push(e.href);
    let f, g; ({ location: f, ...g } = window); out.push(f.href, g.location === undefined);
    (function () { eval('var location2 = 1'); out.push(location.href) })();
    out.push((0, function () { return this.location.href })(), ['location'].map((k) => window[k].href)[0], typeof location, typeof top);
    var top = 5; out.push(top === window);
  </script><p id=p onclick="out.push(location.href)">x</p>`;
  const frame = await proxied.open(url);
  await frame.evaluate('p.click()');
  expect(await frame.evaluate('result')).toEqual([
    'paris',
    url,
    url,
    true,
    true,
    true,
    url,
    url,
    url,
    url,
    url,
    url,
    true,
    url,
    url,
    url,
    'object',
    'object',
    true,
    url,
  ]);
});

test('a data: or blob: module sees the stand-ins', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    import('data:text/javascript,export default location.href').then((m) => window.one = m.default);
    import(URL.createObjectURL(new Blob(['export default window.location.href'], { type: 'text/javascript' }))).then((m) => window.two = m.default);
  </script>`;
  const frame = await proxied.open(url);
  await frame.waitForFunction('window.one && window.two');
  expect(await frame.evaluate('[one, two]')).toEqual([url, url]);
});
