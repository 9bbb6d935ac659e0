/**
 * @module
 * Ultraviolet's rewriters, as published, made to load outside of a browser: strings in, strings out.
 *
 * Found by calling: what it reads of its surroundings is there, and nothing else of it runs.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

const require = createRequire(import.meta.url);

/** @returns {{ js: (text: string) => string, html: (text: string) => string, css: (text: string) => string }} */
function loadUltraviolet() {
  globalThis.self ??= globalThis;
  globalThis.WebSocket ??= class {};
  globalThis.location ??= new URL('http://localhost:8080/');
  if (globalThis.navigator?.serviceWorker === undefined)
    Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker: {}, userAgent: '' }, configurable: true });
  const folder = path.dirname(require.resolve('@titaniumnetwork-dev/ultraviolet/package.json'));
  // It greets whoever loads it, and the results may be JSON.
  const { debug, log } = console;
  console.debug = console.log = () => {};
  try {
    vm.runInThisContext(readFileSync(path.join(folder, 'dist/uv.bundle.js'), 'utf8'));
  } finally {
    Object.assign(console, { debug, log });
  }
  const ultraviolet = new globalThis.Ultraviolet({
    prefix: '/ultraviolet/',
    encodeUrl: encodeURIComponent,
    decodeUrl: decodeURIComponent,
  });
  const site = new URL('https://site.example/dir/page.html');
  Object.assign(ultraviolet.meta, { base: site, origin: site.origin, url: site });
  return {
    js: (text) => ultraviolet.js.rewrite(text),
    html: (text) => ultraviolet.html.rewrite(text),
    css: (text) => ultraviolet.css.rewrite(text),
  };
}

/**
 * A peer that does not load is left out, and one that changes nothing would be no peer. Of its error only the start of the
 * message is shown: it may hold the peer's source.
 */
export function ultravioletSubject(kind, sample, toSubject) {
  try {
    const rewrite = loadUltraviolet()[kind];
    if (rewrite(sample) === sample) throw new Error('it leaves a sample as it is');
    return { ultraviolet: toSubject(rewrite) };
  } catch (error) {
    console.error(`ultraviolet is left out: ${String(error?.message).slice(0, 100)}`);
    return {};
  }
}
