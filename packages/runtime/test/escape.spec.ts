/**
 * @module A page's own scripts try to get hold of the proxy: its real location, the window around the page, its origin, its
 * storage. Outside of Culvert most rows do show the origin that they run at; inside, none but the known gaps may.
 */
import type { Frame } from '@playwright/test';
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
    .join('\n')}`;

/**
 * Runs as no page can, beside the rewritten code: sees native objects. Tells what each row gave that a page must not have, and
 * lets no row wait for longer than two seconds, since some never settle where they are refused.
 */
async function findEscapes(origin: string): Promise<Record<string, string>> {
  const forbidden = [origin, origin.replace('http://', ''), encodeURIComponent(origin), '/service/', 'cv$', 'culvert'];
  const judge = (value: unknown, depth: number): string | undefined => {
    if (typeof value === 'string') {
      const found = forbidden.find((text) => value.includes(text));
      return (
        found && `text with ${found}: ${value.slice(Math.max(0, value.indexOf(found) - 60), value.indexOf(found) + 60)}`
      );
    }
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
    if (value === window.location || value === window.document.location) return 'the native location';
    if (window.top !== window && value === window.top) return 'the window around the page';
    if (window.top !== window && value === window.top!.document) return 'the document around the page';
    if (window.top !== window && value === window.frameElement) return 'the frame element around the page';
    try {
      if ((value as Window).window === value || value instanceof Node) return undefined;
      if (typeof (value as Location).href === 'string') return judge((value as Location).href, depth);
      if (typeof value === 'function' || depth === 0) return undefined;
      for (const key of Object.keys(value)) {
        const found = judge((value as Record<string, unknown>)[key], depth - 1);
        if (found) return found;
      }
    } catch (error) {
      return judge(String(error), 0);
    }
    return undefined;
  };
  const { attempts } = window as unknown as { attempts: Record<string, () => Promise<unknown>> };
  const escapes: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    const late = new Promise((resolve) => setTimeout(resolve, 2_000));
    const value = await Promise.race([attempt.call(window), late]).catch((error: unknown) =>
      error instanceof Error ? [error.message, error.stack] : String(error),
    );
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
    const frame: Frame = await proxied.open(url);
    const escapes = await frame.evaluate(findEscapes, proxied.origin);
    const names = new Set(attempts.map((attempt) => attempt.name));
    const known = knownGaps.filter((gap) => gap.suite === 'escapes' && names.has(gap.name)).map((gap) => gap.name);
    for (const gap of known) expect.soft(Object.keys(escapes), 'a known gap that is closed').toContain(gap);
    for (const gap of known) delete escapes[gap];
    expect(escapes).toEqual({});
  });
}

test('outside of Culvert the same scripts do see where they are', async ({ proxied }) => {
  test.setTimeout(120_000);
  const frame = proxied.page.frames()[1]!;
  await frame.goto(`${proxied.origin}/outside`);
  await frame.addScriptTag({ content: script([...locationEscapes, ...windowEscapes]) });
  const seen = Object.keys(await frame.evaluate(findEscapes, proxied.origin));
  // The rest give `parent`, `opener` and the like, of which the page has none that differ, or refuse to run anywhere.
  expect(seen.length).toBeGreaterThan((locationEscapes.length + windowEscapes.length) * 0.75);
});

test('the tables have at least 200 rows with names of their own', () => {
  expect(all.length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
