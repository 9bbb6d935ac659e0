import { expect, test } from './support/fixture.js';

const url = 'https://site.example/';

/** What the server was asked for beside the remote pages, since the page was opened. */
function scriptRequests(page: { on(event: 'request', listener: (request: { url(): string }) => void): unknown }) {
  const urls: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/culvert.runtime.js')) urls.push(request.url());
  });
  return urls;
}

test('a page with nothing to rewrite never loads the parsers', async ({ proxied }) => {
  const loads = scriptRequests(proxied.page);
  proxied.sites[url] = `<!doctype html><head></head><body><p id=p></p><script>
    document.getElementById('p').innerHTML = '<b class=x>hello</b>';
    document.write('<i>written</i>');
    window.results = [eval('1 + 1'), new Function('a', 'return a + 1')(1), document.querySelector('i').textContent];
    setTimeout('window.late = 1');
  </script>`;
  const frame = await proxied.open(url);
  // (What `waitForFunction` puts into the page has to be rewritten.)
  await expect.poll(() => frame.evaluate('window.late')).toBe(1);
  expect(await frame.evaluate('results')).toEqual([2, 2, 'written']);
  expect(loads).toEqual([]);
});

test('the parsers are loaded once, at the first need, for a page and the frames it makes', async ({ proxied }) => {
  const loads = scriptRequests(proxied.page);
  proxied.sites[url] = `<!doctype html><head></head><body><script>
    window.results = [eval('location.href')];
    const frame = document.body.appendChild(document.createElement('iframe'));
    results.push(frame.contentWindow.eval('top === parent.top'), eval('location.pathname'));
    results.push(performance.getEntries().concat(performance.getEntriesByType('resource')).filter((e) => /runtime/.test(e.name)).length);
  </script>`;
  const frame = await proxied.open(url);
  expect(await frame.evaluate('results')).toEqual([url, true, '/', 0]);
  expect(loads).toHaveLength(1);
});

test('a policy without unsafe-eval neither keeps the parsers out nor hears of them', async ({ proxied }) => {
  const script = `<script>
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
    const script = document.createElement('script');
    script.nonce = 'culvert';
    script.text = 'window.result = location.href';
    document.head.append(script);
  </script>`.replace('<script>', '<script nonce=culvert>');
  const meta = '<meta http-equiv="Content-Security-Policy" content="script-src \'nonce-culvert\'">';
  proxied.sites[url] = `<!doctype html><html><head></head><body>${meta}${script}`;
  const frame = await proxied.open(url);
  expect(await frame.evaluate('[result, violations.length]')).toEqual([url, 0]);
});
