/**
 * @module A page's own scripts try to get hold of the proxy: its real location, the window around the page, its origin, its
 * storage. Outside of Culvert most rows do show the origin that they run at; inside, none but the known gaps may.
 */
import knownGaps from '../../../test/known-gaps.json' with { type: 'json' };
import type { EscapeAttempt } from './escapes/escape-attempt.js';
import { locationEscapes } from './escapes/location.js';
import { carrierEscapes, patchEscapes, realmEscapes, windowEscapes } from './escapes/windows.js';
import { expect, test } from './support/fixture.js';

const url = 'https://site.example/dir/page.html';
const groups = { locationEscapes, windowEscapes, realmEscapes, carrierEscapes, patchEscapes };
const all: readonly EscapeAttempt[] = Object.values(groups).flat();

/** What the rows may call. Runs as a script of the page, rewritten as any other. */
const prelude = `
  function frame(attributes = {}) {
    const element = document.createElement('iframe');
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    const loaded = new Promise((resolve) => (element.onload = () => resolve(element.contentWindow)));
    document.body.append(element);
    return loaded;
  }
  function worker(code) {
    const made = new Worker(URL.createObjectURL(new Blob([code])));
    return new Promise((resolve) => { made.onmessage = (event) => resolve(event.data); made.onerror = (event) => resolve([event.message, event.filename]); });
  }
  async function spyOn(holder, key) {
    const native = holder[key], seen = [];
    const { apply } = Reflect;
    let size = 0;
    holder[key] = function (...args) {
      seen[size++] = this;
      for (let at = 0; at < args.length; at++) seen[size++] = args[at];
      return apply(native, this, args);
    };
    try {
      const a = document.createElement('a'); a.href = '/x'; void a.href; a.setAttribute('href', '/y');
      const i = document.createElement('iframe'); i.src = 'about:blank'; document.body.append(i); void i.contentWindow.location; i.remove();
      document.body.insertAdjacentHTML('beforeend', '<b onclick="1"></b><a href="/z"></a>');
      void location.href; void document.cookie; document.cookie = 'a=b'; void document.referrer; localStorage.x = 1; void localStorage.x;
      history.replaceState(0, '', location.href); eval('location'); Function('return location')(); void new Error().stack;
      postMessage('x', '*'); performance.getEntries(); void navigation.currentEntry.url;
      await fetch('/plain').then((r) => r.url);
    } finally { holder[key] = native; }
    return seen;
  }`;

const script = (attempts: readonly EscapeAttempt[]) =>
  `${prelude}\nwindow.attempts = {};\n${attempts
    .map(({ name, code }) => `attempts[${JSON.stringify(name)}] = async function () { ${code} };`)
    .join('\n')}
  new Promise((resolve) => addEventListener('load', () => setTimeout(resolve))).then(async () => {
    const results = {};
    // Some never settle where they are refused.
    for (const name of Object.keys(attempts)) {
      let timer;
      const late = new Promise((resolve) => { timer = setTimeout(resolve, 2000); });
      results[name] = await Promise.race([attempts[name].call(window), late]).catch((error) => [error?.message, error?.stack]);
      clearTimeout(timer);
    }
    window.results = results;
  });`;

/**
 * Looks from the window around the page, where nothing is rewritten and natives are natives, at what the rows gave. Tells
 * which of it a page must not have.
 */
async function findEscapes(origin: string): Promise<Record<string, string>> {
  const forbidden = [origin, origin.replace('http://', ''), encodeURIComponent(origin), '/service/', 'cv$', 'culvert'];
  const page = document.querySelector('iframe')!.contentWindow!;
  const judge = (value: any, depth: number): string | undefined => {
    if (typeof value === 'string') {
      const text = forbidden.find((each) => value.includes(each));
      const at = text === undefined ? 0 : value.indexOf(text);
      return text && `text with ${text}: ${value.slice(Math.max(0, at - 60), at + 60)}`;
    }
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
    if (value === page.location) return 'the native location';
    if (value === window) return 'the window around the page';
    if (value === document) return 'the document around the page';
    if (value === page.frameElement) return 'the frame element around the page';
    try {
      if (value.window === value || value.nodeType) return undefined;
      if (typeof value.href === 'string') return judge(value.href, 0);
      if (typeof value === 'function' || depth === 0) return undefined;
      for (const key of Object.keys(value as object)) {
        const found = judge(value[key], depth - 1);
        if (found) return found;
      }
    } catch (error) {
      return judge(String(error), 0);
    }
    return undefined;
  };
  // Not awaited, which would put this function in the page's asynchronous stack traces.
  const outcome = page as unknown as { results?: Record<string, unknown> };
  while (!outcome.results) await new Promise((resolve) => setTimeout(resolve, 50));
  const { results } = outcome;
  const escapes: Record<string, string> = {};
  for (const [name, value] of Object.entries(results)) {
    const found = judge(value, 3);
    if (found) escapes[name] = found;
  }
  return escapes;
}

const moduleText =
  'export const url = import.meta.url; export const where = location.href; export const stack = new Error().stack;';

for (const [name, attempts] of Object.entries(groups)) {
  test(`no script gets out: ${name}`, async ({ proxied }) => {
    test.setTimeout(120_000);
    proxied.sites[url] = '<!doctype html><head><script src="/attempts.js"></script></head><body></body>';
    proxied.sites['https://site.example/attempts.js'] = { type: 'text/javascript', body: script(attempts) };
    proxied.sites['https://site.example/module.js'] = { type: 'text/javascript; module', body: moduleText };
    proxied.sites['https://site.example/plain'] = { type: 'text/plain', body: 'plain' };
    await proxied.open(url);
    const escapes = await proxied.page.evaluate(findEscapes, proxied.origin);
    const names = new Set(attempts.map((attempt) => attempt.name));
    const known = (knownGaps as { suite: string; name: string }[])
      .filter((gap) => gap.suite === 'escapes' && names.has(gap.name))
      .map((gap) => gap.name);
    for (const gap of known) expect.soft(Object.keys(escapes), 'a known gap that is closed').toContain(gap);
    for (const gap of known) delete escapes[gap];
    expect(escapes).toEqual({});
  });
}

test('outside of Culvert the same scripts do see where they are', async ({ proxied }) => {
  test.setTimeout(120_000);
  const source = script([...locationEscapes, ...windowEscapes]);
  await proxied.page.evaluate(async (text) => {
    const element = document.querySelector('iframe')!;
    element.src = '/outside';
    await new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
    const script = element.contentDocument!.createElement('script');
    script.textContent = `${text}; dispatchEvent(new Event('load'))`;
    element.contentDocument!.head.append(script);
  }, source);
  const seen = Object.keys(await proxied.page.evaluate(findEscapes, proxied.origin));
  // The rest give `parent`, `opener` and the like, of which the page has none that differ, or refuse to run anywhere.
  expect(seen.length).toBeGreaterThan((locationEscapes.length + windowEscapes.length) * 0.75);
});

test('the tables have at least 200 rows with names of their own', () => {
  expect(all.length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
