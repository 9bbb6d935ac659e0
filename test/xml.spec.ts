/** @module Documents that are XML, direct and proxied, with the same result. */
import type { Frame } from '@playwright/test';
import { sideBySide } from './support/side-by-side.js';
import { startSiteInProcess, type Site } from './support/site.js';

interface Answer {
  type: string;
  body: string;
}

const startXml = (answers: Record<string, Answer>): Promise<Site> =>
  startSiteInProcess('xml.test', (request, response) => {
    const answer = answers[request.url!.split('?')[0]!];
    response.writeHead(answer ? 200 : 404, answer ? { 'content-type': answer.type } : {});
    response.end(answer?.body);
  });

const run = <T>(frame: Frame, source: string) => frame.evaluate((text) => (0, eval)(text) as T, source);
/** The port differs from run to run. */
const normal = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/\.test:\d+/g, '.test:PORT')) as unknown;

/** Without one the browser asks for the favicon of the origin, which is another one. */
const icon = '<link xmlns="http://www.w3.org/1999/xhtml" rel="icon" href="data:,"/>';
const inner = { type: 'text/html', body: '<!doctype html><p>inner</p>' };

sideBySide('an XHTML document is one, and its scripts see the site', {
  site: () =>
    startXml({
      '/dir/page': {
        type: 'application/xhtml+xml',
        body: `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>X</title><link rel="icon" href="data:,"/>
<script>//<![CDATA[
var seen = [location.href, top.location.pathname, 1 < 2 && document.contentType, document.compatMode];
function shown(a) { return a[b] && location /* \u1680 */ }
var b = 0;
//]]></script>
<script src="more.js"/></head>
<body onload="seen.push(location.pathname)"><p id="o" onclick="seen.push('&lt;' + location.search)">a&nbsp;b</p><iframe src="inner"/></body></html>`,
      },
      '/dir/more.js': { type: 'text/javascript', body: 'seen.push(document.currentScript.src, location.hash)' },
      '/dir/inner': inner,
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/dir/page?q#f`);
    await view.frame.waitForFunction(() => document.readyState === 'complete');
    await view.frame.locator('#o').click();
    await view.screenshot('xhtml');
    return normal(
      await run(
        view.frame,
        `(() => {
          const { body } = document, o = document.getElementById('o'), frame = document.querySelector('iframe');
          o.innerHTML = '<b onclick="seen.push(location.host)"><i/>x</b>';
          o.firstChild.click();
          let error = 'none';
          try { o.innerHTML = '<b>'; } catch ({ name }) { error = name; }
          return {
            seen, error, characterSet: document.characterSet, url: document.URL,
            text: document.scripts[0].text, shown: String(shown), names: [o.tagName, o.localName, document.createElement('A').localName],
            handler: [o.getAttribute('onclick'), String(o.onclick)], inner: o.innerHTML, outer: o.outerHTML,
            frame: [frame.src, frame.getAttributeNames(), frame.contentDocument.body.textContent],
            nodes: [...document.documentElement.children].slice(0, 2).map((node) => node.localName),
            serialized: new XMLSerializer().serializeToString(body),
          };
        })()`,
      ),
    ) as Record<string, unknown>;
  },
});

sideBySide('an SVG document runs its scripts and finds what it refers to', {
  site: () =>
    startXml({
      '/dir/drawing': {
        type: 'image/svg+xml',
        body: `<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300" height="200">
${icon}<defs><linearGradient id="g"><stop stop-color="red"/></linearGradient></defs>
<rect id="r" width="100" height="100" fill="url(#g)" onclick="seen.push(location.search)"/>
<use id="u" xlink:href="shapes#c" x="150"/>
<image id="i" href="dot" x="100" y="100" width="50" height="50"/>
<a id="a" xlink:href="drawing?next"><text y="150" id="t">go</text></a>
<script><![CDATA[var seen = [location.href, document.contentType, 1 < 2];]]></script>
<script type="text/javascript" xlink:href="more.js"/>
</svg>`,
      },
      '/dir/shapes': {
        type: 'image/svg+xml',
        body: '<svg xmlns="http://www.w3.org/2000/svg"><circle id="c" r="40" cx="50" cy="50" fill="green"/></svg>',
      },
      '/dir/dot': {
        type: 'image/svg+xml',
        body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="blue"/></svg>',
      },
      '/dir/more.js': { type: 'text/javascript', body: 'seen.push(top === window, location.hash)' },
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/dir/drawing?q#f`);
    await view.frame.waitForFunction(() => document.readyState === 'complete');
    await view.frame.locator('#r').click();
    await view.screenshot('svg');
    const result = await run(
      view.frame,
      `(() => {
        const byId = (id) => document.getElementById(id), u = byId('u');
        const link = document.createElementNS('http://www.w3.org/1999/xhtml', 'a');
        link.href = 'x';
        return {
          seen, url: document.URL, root: document.documentElement.localName, link: link.href,
          use: [u.getAttribute('xlink:href'), u.getAttributeNames(), u.outerHTML],
          handler: String(byId('r').onclick), script: document.querySelector('script').textContent,
          serialized: new XMLSerializer().serializeToString(document),
        };
      })()`,
    );
    await view.frame.locator('#t').click();
    await view.frame.waitForURL(/next/);
    await view.frame.waitForFunction(() => document.readyState === 'complete');
    return { ...(normal(result) as object), next: normal(await view.url()) };
  },
});

sideBySide('a script in a document of other XML runs as one of the site', {
  site: () =>
    startXml({
      '/': {
        type: 'text/html',
        body: '<!doctype html><link rel=icon href=data:,><iframe src="/data?q"></iframe>',
      },
      '/data': {
        type: 'text/xml',
        body: `<root xmlns:h="http://www.w3.org/1999/xhtml"><h:p id="p">text</h:p><h:script>document.getElementById('p').textContent = location.href + document.contentType</h:script></root>`,
      },
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    const text = await view.frame.frameLocator('iframe').locator('#p').textContent();
    await view.screenshot('xml');
    return { text: normal(text) };
  },
});
