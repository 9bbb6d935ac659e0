import { expect, test } from './support/state-fixture.js';

const url = 'https://site.example/dir/page.html';
const blank = '<!doctype html><head></head><body><div id=d></div></body>';

test('rewrites markup given to the parser sinks and reads it back as written', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const d = document.getElementById('d')!;
    const records: string[] = [];
    new MutationObserver((list) =>
      records.push(...list.map((r) => `${r.type} +${r.addedNodes.length} -${r.removedNodes.length}`)),
    ).observe(document, { childList: true, subtree: true, attributes: true });
    const written =
      '<p onclick="window.seen=location.href">a</p><iframe src="../x"></iframe><noscript><b>n</b></noscript>';
    d.innerHTML = written;
    await Promise.resolve();
    const first = records.splice(0);
    (d.firstChild as HTMLElement).click();
    const back = d.innerHTML;
    const frame = d.querySelector('iframe')!;
    const read = [
      frame.src,
      frame.getAttribute('src'),
      frame.getAttributeNames(),
      frame.attributes.length,
      frame.attributes[0]!.value,
      frame.outerHTML,
      frame.hasAttribute('culvert-src'),
      new XMLSerializer().serializeToString(frame).includes('culvert'),
      frame.attributes.getNamedItem('src')!.value,
      (d.firstChild as Element).getAttribute('onclick'),
      [...frame.attributes].length,
    ];
    d.insertAdjacentHTML('beforeend', '<i onclick="location">i</i>');
    d.lastElementChild!.outerHTML = '<u onclick="location">u</u>';
    const range = document.createRange();
    d.append(range.createContextualFragment('<s onclick="window.s=location.href">s</s>'));
    (d.lastChild as HTMLElement).click();
    const parsed = new DOMParser()
      .parseFromString('<em onclick="window.e=location.href">', 'text/html')
      .querySelector('em')!;
    d.append(parsed);
    parsed.click();
    return {
      first,
      back: back === written,
      read,
      tail: d.innerHTML.slice(written.length),
      w: [(window as any).seen, (window as any).s, (window as any).e],
      root: document.documentElement.outerHTML.includes('<base'),
      noscript: d.querySelector('noscript')!.children.length,
    };
  });
  expect(result).toEqual({
    first: ['childList +3 -0'],
    back: true,
    read: [
      'https://site.example/x',
      '../x',
      ['src'],
      1,
      '../x',
      '<iframe src="../x"></iframe>',
      false,
      false,
      '../x',
      'window.seen=location.href',
      1,
    ],
    tail: '<u onclick="location">u</u><s onclick="window.s=location.href">s</s><em onclick="window.e=location.href"></em>',
    w: [url, url, url],
    root: false,
    noscript: 0,
  });
});

test('runs dynamic inline scripts rewritten, whichever way they are connected', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const result = await page.evaluate(() => {
    const out: unknown[] = [];
    (window as any).out = out;
    const make = (text: string) => {
      const script = document.createElement('script');
      script.textContent = text;
      return script;
    };
    const code = 'out.push(location.href)';
    const body = document.body;
    const one = body.appendChild(make(code));
    body.insertBefore(make(code), one);
    body.append(make(code), make(code));
    body.prepend(make(code));
    one.replaceWith(make(code));
    body.insertAdjacentElement('beforeend', make(code));
    const fragment = document.createDocumentFragment();
    const div = fragment.appendChild(document.createElement('div'));
    div.append(make(code));
    body.appendChild(fragment);
    const range = document.createRange();
    range.selectNodeContents(body);
    range.insertNode(make(code));
    const empty = body.appendChild(document.createElement('script'));
    empty.appendChild(document.createTextNode(code));
    const assigned = body.appendChild(document.createElement('script'));
    assigned.text = code;
    const data = make('location');
    data.type = 'application/json';
    body.append(data);
    return [
      out.length,
      [...new Set(out)],
      one.text,
      empty.textContent,
      assigned.innerHTML,
      data.textContent,
      div.textContent,
      one.outerHTML,
    ];
  });
  const code = 'out.push(location.href)';
  expect(result).toEqual([11, [url], code, code, code, 'location', code, `<script>${code}</script>`]);
});

test('scopes frames by every property and attribute, and gives srcdoc the runtime', async ({ state }) => {
  state.sites[url] = blank;
  state.sites['https://site.example/f?'] = '<!doctype html><script>window.here = location.href</script>';
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const load = (setup: (frame: HTMLIFrameElement) => void) =>
      new Promise<HTMLIFrameElement>((resolve) => {
        const frame = document.createElement('iframe');
        setup(frame);
        frame.onload = () => resolve(frame);
        document.body.append(frame);
      });
    const here = (frame: HTMLIFrameElement) => (frame.contentWindow as any).here;
    const a = await load((f) => (f.src = '/f?'));
    const b = await load((f) => f.setAttribute('src', '/f?'));
    const c = await load((f) => f.setAttributeNS(null, 'src', '/f?'));
    const attribute = document.createAttribute('src');
    attribute.value = '/f?';
    const e = await load((f) => f.setAttributeNode(attribute));
    const s = await load((f) => (f.srcdoc = '<p>x</p><script>window.here=location.href</script>'));
    a.removeAttribute('src');
    return [
      [a, b, c, e].map(here),
      here(s),
      s.srcdoc,
      s.getAttribute('srcdoc'),
      a.getAttribute('src'),
      a.src,
      e.outerHTML,
      (s.contentWindow as any).document.URL,
    ];
  });
  const srcdoc = '<p>x</p><script>window.here=location.href</script>';
  const inner = 'https://site.example/f?';
  expect(result).toEqual([
    [inner, inner, inner, inner],
    'about:srcdoc',
    srcdoc,
    srcdoc,
    null,
    '',
    '<iframe src="/f?"></iframe>',
    'about:srcdoc',
  ]);
});

test('rewrites document.write, also when a tag or script is split over writes', async ({ state }) => {
  state.sites[url] = `<!doctype html><head></head><body><script>
    document.write('<p id=p on'); document.write('click="window.c = location.href">p</p><scr');
    document.write('ipt>window.w = '); document.writeln('location.href', '</scr' + 'ipt>');
    document.write('<script>document.write("<b>nested</b>")</scr' + 'ipt><i>after</i><u');
  </script></u></body>`;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      document.getElementById('p')!.click();
      return [
        (window as any).w,
        (window as any).c,
        document.body.textContent!.replace(/\s|window.*?html;?|document.*?\)/g, '').slice(-11),
        document.querySelector('b')!.nextSibling!.nodeName,
      ];
    }),
  ).toEqual([url, url, expect.stringContaining('nestedafter'), 'I']);
});

test('keeps URLs, listeners of ours and hooks over document.open', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      document.open();
      document.write('<!-- c -->');
      document.write('<!doctype html><title>t</title><a href="x">l</a><script>window.after = location.href</script>');
      document.close();
      return [
        document.compatMode,
        document.querySelector('a')!.href,
        (window as any).after,
        document.baseURI,
        document.title,
      ];
    }),
  ).toEqual(['CSS1Compat', 'https://site.example/dir/x', url, url, 't']);
});

test('hides rewritten javascript: URLs and hidden attributes', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const a = document.createElement('a');
      a.href = 'javascript:void(window.j = location.href)';
      const link = document.createElement('link');
      link.rel = 'preconnect';
      link.href = 'https://cdn.example/';
      document.head.append(link);
      const script = document.createElement('script');
      script.integrity = 'sha256-x';
      const icon = document.createElement('link');
      icon.href = '/favicon.ico';
      icon.rel = 'icon';
      return [
        a.href,
        a.getAttribute('href'),
        a.outerHTML,
        link.href,
        link.outerHTML,
        script.integrity,
        icon.href,
        icon.getAttribute('href'),
        String(Element.prototype.setAttribute),
        Element.prototype.setAttribute.name,
        Element.prototype.setAttribute.length,
      ];
    }),
  ).toEqual([
    'javascript:void(window.j = location.href)',
    'javascript:void(window.j = location.href)',
    '<a href="javascript:void(window.j = location.href)"></a>',
    'https://cdn.example/',
    '<link rel="preconnect" href="https://cdn.example/">',
    'sha256-x',
    'https://site.example/favicon.ico',
    '/favicon.ico',
    'function setAttribute() { [native code] }',
    'setAttribute',
    2,
  ]);
});

test('rewrites scripts from blob: and data: URLs and shows the URLs as given', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const run = (src: string, type = '') =>
      new Promise<boolean>((resolve) => {
        const script = document.createElement('script');
        script.src = src;
        if (type) script.type = type;
        script.onload = () => resolve(script.src === src && script.getAttribute('src') === src);
        document.head.append(script);
      });
    const blob = URL.createObjectURL(new Blob(['window.fromBlob = location.href']));
    return [
      await run(blob),
      await run('data:text/javascript,window.fromData = location.href'),
      await run(
        URL.createObjectURL(new Blob(['window.fromModule = location.href; export {}'], { type: 'text/javascript' })),
        'module',
      ),
      (window as any).fromBlob,
      (window as any).fromData,
      (window as any).fromModule,
    ];
  });
  expect(result).toEqual([true, true, true, url, url, url]);
});

test('reaches cookies, storage and sockets from an about:blank frame', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const inner = frame.contentWindow as Window & typeof globalThis;
    inner.document.cookie = 'inner=1; path=/';
    inner.localStorage.setItem('k', 'v');
    const socket = new inner.WebSocket('wss://site.example/headers');
    const headers = await new Promise((resolve) => (socket.onmessage = (e) => resolve(JSON.parse(e.data))));
    inner.document.open();
    inner.document.write('<a href="x">x</a><script>window.h = location.href</script>');
    inner.document.close();
    return [
      document.cookie,
      localStorage.getItem('k'),
      (headers as any).Cookie,
      inner.document.querySelector('a')!.href,
      (inner as any).h,
    ];
  });
  expect(result).toEqual(['boot=yes; inner=1', 'v', 'secret=1', 'https://site.example/dir/x', url]);
});

test('parses and serializes shadow trees and templates', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const result = await page.evaluate(() => {
    const host = document.body.appendChild(document.createElement('div'));
    const root = host.attachShadow({ mode: 'open' });
    const written = '<b onclick="window.t = location.href">b</b>';
    root.innerHTML = written;
    (root.firstChild as HTMLElement).click();
    const template = document.createElement('template');
    template.innerHTML = written;
    const copy = document.body.appendChild(template.content.cloneNode(true).firstChild as HTMLElement);
    const first = (window as any).t;
    (window as any).t = 0;
    copy.click();
    const unsafe = document.body.appendChild(document.createElement('div')) as any;
    unsafe.setHTMLUnsafe('<p><template shadowrootmode=open><i onclick="window.u = location.href">i</i></template></p>');
    unsafe.firstChild.shadowRoot.firstChild.click();
    const row = document.createElement('tr');
    row.innerHTML = '<td onclick="location">x</td>';
    const custom: unknown[] = [];
    customElements.define(
      'x-e',
      class extends HTMLElement {
        constructor() {
          super();
          custom.push(this.isConnected);
        }
      },
    );
    host.innerHTML = '<x-e></x-e><p onclick="location"></p>';
    return [root.innerHTML, first, (window as any).t, template.innerHTML, (window as any).u, row.outerHTML, custom];
  });
  const written = '<b onclick="window.t = location.href">b</b>';
  expect(result).toEqual([written, url, url, written, url, '<tr><td onclick="location">x</td></tr>', [true]]);
});

test('makes StorageEvents for an area as the engine does', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const event = new StorageEvent('storage', {
        key: 'k',
        newValue: 'v',
        storageArea: localStorage,
        url: 'https://x.example/',
      });
      return [event.key, event.newValue, event.storageArea === localStorage, event.url, event.isTrusted];
    }),
  ).toEqual(['k', 'v', true, 'https://x.example/', false]);
});

test('rewrites attributes that come and go through the attribute map', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const button = document.body.appendChild(document.createElement('button'));
      const attribute = document.createAttribute('onclick');
      attribute.value = 'window.n = location.href';
      button.attributes.setNamedItem(attribute);
      button.click();
      const frame = document.createElement('iframe');
      frame.src = '/a';
      frame.attributes.removeNamedItem('src');
      button.attributes[0]!.value = 'window.m = location.href';
      button.click();
      return [(window as any).n, (window as any).m, attribute.value, frame.getAttribute('src'), frame.outerHTML];
    }),
  ).toEqual([url, url, 'window.m = location.href', null, '<iframe></iframe>']);
});
