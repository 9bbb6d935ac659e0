/**
 * @module
 * Scramjet's rewriters, as published, made to load outside of a browser.
 *
 * Found by calling: what it reads of its context is given to it, and nothing else of it runs.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/** @returns {Promise<{ html(text: string): string, css(text: string): string }>} */
export async function loadScramjet() {
  globalThis.WebSocket ??= class {};
  globalThis.self ??= globalThis;
  globalThis.location ??= new URL('http://localhost:8080/');
  const folder = path.dirname(require.resolve('@mercuryworkshop/scramjet'));
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'culvert-bench-')), 'scramjet.mjs');
  // The one regular expression that is newer than Node 20.
  const text = readFileSync(path.join(folder, 'scramjet_bundled.mjs'), 'utf8').replaceAll('(?i:', '(?:');
  writeFileSync(file, text);
  const scramjet = await import(pathToFileURL(file).href);
  scramjet.setWasm(readFileSync(path.join(folder, 'scramjet.wasm')));
  const { defaultConfig, CookieJar, rewriteCss, rewriteHtml } = scramjet;
  const nobody = (key) => ({ key, tap: { callbacks: { [key]: [] } } });
  const context = {
    config: { ...defaultConfig, flags: { ...defaultConfig.flags, sourcemaps: false } },
    prefix: new URL('http://localhost:8080/scramjet/'),
    cookieJar: new CookieJar(),
    hooks: { rewriter: { html: { pre: nobody('pre'), post: nobody('post') } } },
    interface: { codecEncode: encodeURIComponent, codecDecode: decodeURIComponent, getInjectScripts: () => [] },
  };
  const base = new URL('https://site.example/dir/page.html');
  const meta = { origin: base, base };
  return {
    html: (html) => rewriteHtml(html, context, meta, false),
    css: (css) => rewriteCss(css, context, meta),
  };
}

/**
 * A peer that does not load is left out, and one that changes nothing would be no peer. Of its error only the message is
 * shown: Node would print the peer's source.
 */
export async function scramjetSubject(kind, sample, toSubject) {
  try {
    const rewrite = (await loadScramjet())[kind];
    if (!String(rewrite(sample)).includes('/scramjet/')) throw new Error('it leaves the URL of a sample as it is');
    return { scramjet: toSubject(rewrite) };
  } catch (error) {
    console.error(`scramjet is left out: ${String(error?.message).slice(0, 120)}`);
    return {};
  }
}
