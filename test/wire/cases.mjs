/**
 * What each client must be told, by name. The answer says what arrived: version, URL, layers.
 */
import assert from 'node:assert/strict';
import { chromium } from '@playwright/test';
import { findBrowser } from '../../scripts/find-browser.mjs';

const versions = {
  '--http1.0': { plain: '1.0', tls: '1.0' },
  '--http1.1': { plain: '1.1', tls: '1.1' },
  // In the clear an upgrade (h2c), over TLS by ALPN.
  '--http2': { plain: '2.0', tls: '2.0' },
  '--http2-prior-knowledge': { plain: '2.0', tls: '2.0' },
};

export const cases = {};

for (const [option, { plain, tls }] of Object.entries(versions)) {
  cases[`curl ${option}`] = async ({ run, authority }) => {
    const told = await curl(run, option, `http://${authority}/a?b`);
    assert.deepEqual(told, { url: `http://${authority}/a?b`, form: 'origin', version: plain, layers: [], length: 0 });
  };
  cases[`curl ${option} over TLS, with a certificate that is verified`] = async ({ run, authority, certFile }) => {
    const told = await curl(run, option, '--cacert', certFile, `https://${authority}/a?b`);
    assert.deepEqual([told.version, told.url, told.layers], [tls, `https://${authority}/a?b`, ['tls']]);
  };
  cases[`curl ${option} with a body of 1 MB`] = async ({ run, authority }) => {
    const told = await curl(run, option, '--data-binary', '@/bin/bash', `http://${authority}/up`);
    assert.ok(told.length > 1_000_000);
  };
  cases[`curl ${option} through a tunnel`] = async ({ run, authority }) => {
    const told = await curl(run, option, '--proxytunnel', '--proxy', `http://${authority}`, 'http://site.test/in');
    assert.deepEqual([told.url, told.layers.at(-1)], ['http://site.test/in', 'connect site.test:80']);
  };
  cases[`curl ${option} over TLS through a tunnel over TLS`] = async ({ run, authority, certFile }) => {
    const proxy = ['--proxy', `https://${authority}`, '--proxy-insecure', '--cacert', certFile];
    const told = await curl(run, option, ...proxy, 'https://site.test/in');
    assert.deepEqual([told.version, told.url], [tls, 'https://site.test/in']);
    assert.deepEqual([told.layers[0], told.layers.at(-2), told.layers.at(-1)], ['tls', 'connect site.test:443', 'tls']);
  };
}

cases['curl --proxy asks in absolute form'] = async ({ run, authority }) => {
  const told = await curl(run, '--proxy', `http://${authority}`, 'http://site.test/in?x');
  assert.deepEqual([told.form, told.url], ['absolute', 'http://site.test/in?x']);
};
cases['curl redirected to us asks for the site of its Host'] = async ({ run, authority }) => {
  const port = authority.split(':')[1];
  const told = await curl(run, '--connect-to', `site.test:80:127.0.0.1:${port}`, 'http://site.test/in');
  assert.deepEqual([told.form, told.url], ['origin', 'http://site.test/in']);
};
cases['curl through a forwarding proxy reaches the outside, and TLS is end to end'] = async ({ run, ...port }) => {
  const proxy = ['--noproxy', '', '--proxy', `http://${port.proxyAuthority}`];
  const plain = await curl(run, ...proxy, `http://${port.authority}/out`);
  assert.deepEqual([plain.form, plain.layers], ['origin', []]);
  const secure = await curl(run, ...proxy, '--cacert', port.certFile, `https://${port.authority}/out`);
  assert.deepEqual(secure.layers, ['tls']);
};
cases['nghttp with prior knowledge'] = async ({ run, authority }) => {
  assert.equal(JSON.parse(await run('nghttp', `http://${authority}/n`)).version, '2.0');
};
cases['nghttp -u upgrades to h2c'] = async ({ run, authority }) => {
  assert.deepEqual(JSON.parse(await run('nghttp', '-u', `http://${authority}/n`)).url, `http://${authority}/n`);
};
cases['nghttp over TLS'] = async ({ run, authority }) => {
  const output = await run('nghttp', '--no-verify-peer', `https://${authority}/n`);
  assert.deepEqual(JSON.parse(output.slice(output.indexOf('{'))).layers, ['tls']);
};
for (const [kind, ...options] of [['h2c'], ['h1', '--h1'], ['h2 over TLS']]) {
  cases[`h2load sends 2000 requests over ${kind}`] = async ({ run, authority }) => {
    const scheme = kind.endsWith('TLS') ? 'https' : 'http';
    const output = await run('h2load', '-n', '2000', '-c', '10', '-m', '10', ...options, `${scheme}://${authority}/`);
    assert.match(output, /2000 succeeded, 0 failed, 0 errored, 0 timeout/);
  };
}
cases['Chromium opens a page over TLS by HTTP/2, and a WebSocket on the same connection'] = async ({ authority }) => {
  await inChromium({ ignoreHTTPSErrors: true }, async (page) => {
    await page.goto(`https://${authority}/page`);
    assert.match(await page.locator('pre').textContent(), /"version":"2.0","layers":\["tls"\]/);
    assert.equal(await page.evaluate(echo, `wss://${authority}/ws`), 'tls 2.0 hello');
  });
};
cases['Chromium opens a page and a WebSocket in the clear'] = async ({ authority }) => {
  await inChromium({}, async (page) => {
    await page.goto(`http://${authority}/page`);
    assert.equal(await page.evaluate(echo, `ws://${authority}/ws`), ' 1.1 hello');
  });
};
cases['Chromium takes the port for its proxy, for http and https'] = async ({ authority }) => {
  await inChromium({ ignoreHTTPSErrors: true, proxy: { server: `http://${authority}` } }, async (page) => {
    await page.goto('http://site.test/page');
    assert.match(await page.locator('pre').textContent(), /"url":"http:\/\/site.test\/page","form":"absolute"/);
    await page.goto('https://site.test/page');
    assert.match(await page.locator('pre').textContent(), /"connect site.test:443","tls"/);
    assert.match(await page.evaluate(echo, 'wss://site.test/ws'), /connect site.test:443 tls 2.0 hello$/);
  });
};

async function curl(run, ...args) {
  return JSON.parse(await run('curl', '--silent', '--show-error', '--max-time', '20', ...args));
}

async function inChromium(options, steps) {
  const browser = await chromium.launch({ executablePath: findBrowser('chromium') });
  try {
    await steps(await (await browser.newContext(options)).newPage());
  } finally {
    await browser.close();
  }
}

/** In the page: the answer to one message. */
function echo(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send('hello');
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = () => reject(new Error(`Failed to open ${url}.`));
  });
}
