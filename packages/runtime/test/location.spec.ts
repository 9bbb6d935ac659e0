import { expect, test } from './support/fixture.js';

const url = 'https://site.example/dir/page.html?q=1';
const blank = '<!doctype html><head></head><body></body>';

test('location reads the real URL part by part', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    window.result = [location.href, location.origin, location.protocol, location.host, location.hostname, location.port,
      location.pathname, location.search, location.hash, String(location), document.location.href, window.location.href];
  </script>`;
  const frame = await proxied.open(`${url}#part`);
  expect(await frame.evaluate('result')).toEqual([
    `${url}#part`,
    'https://site.example',
    'https:',
    'site.example',
    'site.example',
    '',
    '/dir/page.html',
    '?q=1',
    '#part',
    `${url}#part`,
    `${url}#part`,
    `${url}#part`,
  ]);
});

test('location has the members of the native one, in its order and with its flags', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    const flags = (object) => Reflect.ownKeys(object).map((key) => {
      const d = Object.getOwnPropertyDescriptor(object, key);
      return [String(key), typeof d.value, d.writable, d.enumerable, d.configurable, d.get?.name, d.get && String(d.get), d.set?.name, d.set?.length];
    });
    window.standIn = flags(location);
    window.result = [location instanceof Location, Object.prototype.toString.call(location), location === window.location,
      location === document.location, location.constructor === Location, location.assign.length, String(location.assign),
      'prototype' in location.assign, location.ancestorOrigins.length, location.ancestorOrigins === location.ancestorOrigins,
      Object.prototype.toString.call(location.ancestorOrigins), location.ancestorOrigins.item(0)];
    const brand = (f) => { try { f(); return 'no error' } catch (e) { return e.name + ': ' + e.message } };
    window.errors = [brand(() => Object.getOwnPropertyDescriptor(location, 'href').get.call({})), brand(() => new location.assign('x')),
      brand(() => location.assign()), brand(() => { location.href = 'http://[' })];
  </script>`;
  const frame = await proxied.open(url);
  const native = await proxied.page.evaluate(() =>
    Reflect.ownKeys(location).map((key) => {
      const d = Object.getOwnPropertyDescriptor(location, key)!;
      return [
        String(key),
        typeof d.value,
        d.writable,
        d.enumerable,
        d.configurable,
        d.get?.name,
        d.get && String(d.get),
        d.set?.name,
        d.set?.length,
      ];
    }),
  );
  expect(await frame.evaluate('standIn')).toEqual(native);
  expect(await frame.evaluate('result')).toEqual([
    true,
    '[object Location]',
    true,
    true,
    true,
    1,
    'function assign() { [native code] }',
    false,
    0,
    true,
    '[object DOMStringList]',
    null,
  ]);
  expect(await frame.evaluate('errors')).toEqual([
    'TypeError: Illegal invocation',
    expect.stringMatching(/TypeError: location\.assign is not a constructor|TypeError: .* is not a constructor/),
    "TypeError: Failed to execute 'assign' on 'Location': 1 argument required, but only 0 present.",
    expect.stringMatching(
      /^SyntaxError: Failed to set the 'href' property on 'Location': 'http:\/\/\[\/?' is not a valid URL/,
    ),
  ]);
});

for (const [how, script] of [
  ['href', 'location.href = "next.html"'],
  ['assignment', 'location = "next.html"'],
  ['window assignment', 'window.location = "next.html"'],
  ['assign', 'location.assign("next.html")'],
  ['replace', 'location.replace("next.html")'],
  ['pathname', 'location.pathname = "/dir/next.html"'],
  ['document', 'document.location = "next.html"'],
]) {
  test(`navigates to the real URL's route by ${how}`, async ({ proxied }) => {
    proxied.sites[url] = `<!doctype html><head></head><script>window.go = () => { ${script} }</script>`;
    proxied.sites['https://site.example/dir/next.html'] = `${blank}<script>window.here = location.href</script>`;
    const frame = await proxied.open(url);
    await frame.evaluate('setTimeout(go)');
    const next = how === 'pathname' ? 'https://site.example/dir/next.html?q=1' : 'https://site.example/dir/next.html';
    await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
    expect(frame.url()).toBe(proxied.route(next));
  });
}

test('the fragment is native: no load, a hashchange with real URLs', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><p id=part>x</p><script>
    window.same = true;
    onhashchange = (e) => window.changed = [e.oldURL, e.newURL, location.hash, document.querySelector(':target')?.id];
    window.go = () => { location.hash = 'part' };
  </script>`;
  const frame = await proxied.open(url);
  await frame.evaluate('go()');
  await frame.waitForFunction('window.changed');
  expect(await frame.evaluate('changed')).toEqual([url, `${url}#part`, '#part', 'part']);
});

test('top, parent, opener and frameElement end at the outermost proxied document', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    window.result = [top === window, parent === window, window.top === self, opener, frameElement, origin, self.origin,
      window['to' + 'p'] === window, document.referrer, document.URL, document.documentURI, document.domain, document.baseURI];
  </script>`;
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual([
    true,
    true,
    true,
    null,
    null,
    'https://site.example',
    'https://site.example',
    true,
    '',
    url,
    url,
    'site.example',
    url,
  ]);
});

test('reflection does not reach the native location', async ({ proxied }) => {
  proxied.sites[url] = `<!doctype html><head></head><script>
    const viaGetter = Object.getOwnPropertyDescriptor(window, 'loc' + 'ation').get.call(window);
    const { ...rest } = Object.assign({}, window);
    window.result = [viaGetter.href, Reflect.get(window, 'loc' + 'ation').href, window.__lookupGetter__('location').call(window).href,
      Object.getOwnPropertyDescriptors(document).location.get.call(document).href,
      Object.getOwnPropertyNames(window).filter((n) => n.startsWith('cv')).length,
      Reflect.ownKeys(window).filter((n) => String(n).startsWith('cv')).length,
      Object.entries(document).find(([k]) => k === 'location')[1].href,
      JSON.stringify(Object.getOwnPropertyDescriptor(window, 'eval'), (k, v) => typeof v === 'function' ? v.name : v),
      String(Object.getOwnPropertyDescriptor(window, 'location').get), String(eval), String(Function.prototype.toString),
      String(Object.getOwnPropertyDescriptor)];
  </script>`;
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual([
    url,
    url,
    url,
    url,
    0,
    0,
    url,
    '{"value":"eval","writable":true,"enumerable":false,"configurable":true}',
    'function get location() { [native code] }',
    'function eval() { [native code] }',
    'function toString() { [native code] }',
    'function getOwnPropertyDescriptor() { [native code] }',
  ]);
});

test('hooked functions keep the native name, length, keys and property order', async ({ proxied }) => {
  proxied.sites[url] = blank;
  const frame = await proxied.open(url);
  const look = () => {
    const flags = (object: object) =>
      Reflect.ownKeys(object)
        .filter((key) => !/^cv\$/.test(String(key)) && !/^(culvert|__pw|__playwright)/.test(String(key)))
        .map((key) => {
          const d = Object.getOwnPropertyDescriptor(object, key)!;
          const of = (f: unknown) =>
            typeof f === 'function'
              ? [f.name, f.length, Reflect.ownKeys(f).map(String).join(), Function.prototype.toString.call(f)]
              : typeof f;
          return [String(key), d.writable, d.enumerable, d.configurable, of(d.value), of(d.get), of(d.set)];
        });
    const w = window as unknown as Record<string, { prototype: object }>;
    return [
      'History',
      'MessageEvent',
      'HTMLFormElement',
      'HTMLElement',
      'Event',
      'EventTarget',
      'Document',
      'Navigation',
      'NavigateEvent',
      'HTMLIFrameElement',
      'Function',
      'DOMStringList',
    ]
      .map((name) => [name, flags(w[name]!.prototype)])
      .concat([
        ['Function statics', flags(Function)],
        ['Reflect', flags(Reflect)],
        ['Object', flags(Object)],
      ])
      .concat([
        [
          'window',
          flags(window).filter(([k]) =>
            ['parent', 'opener', 'frameElement', 'origin', 'open', 'postMessage', 'eval', 'setTimeout'].includes(
              k as string,
            ),
          ),
        ],
      ]);
  };
  const direct = await proxied.page.evaluate(look);
  const seen = await frame.evaluate(look);
  for (let index = 0; index < direct.length; index++) expect(seen[index]).toEqual(direct[index]);
});

test('a protocol that a page cannot have loads nothing', async ({ proxied }) => {
  proxied.sites[url] = blank;
  const frame = await proxied.open(url);
  const before = proxied.requests.length;
  const result = await frame.evaluate(`(() => {
    window.mark = 1;
    const t = (f) => { try { return String(f()) } catch (e) { return e.name } };
    return [...['data', 'file', 'x', 'http+x', ':', '1!'].map((scheme) => t(() => (location.protocol = scheme) && 'set')), location.href];
  })()`);
  expect(result).toEqual(['set', 'set', 'set', 'set', 'SyntaxError', 'SyntaxError', url]);
  await frame.evaluate(`fetch('/after')`);
  expect(await frame.evaluate('mark')).toBe(1);
  expect(proxied.requests.slice(before).map((request) => request.url)).toEqual(['https://site.example/after']);
});
