/**
 * @module The table of the jar (RFC 6265bis) in a service worker, behind the proxy, and in the browser alone: set by header, read by the next
 * request, by `document.cookie` and by `cookieStore`.
 */
import type { BrowserContext, Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import path from 'node:path';
import { cookieCases, titleOf, type CookieCase } from '../../packages/cookies/src/conformance.test-support.js';
import { launchChromium, launchProxiedBrowser } from '../support/browsers.js';
import { startCulvert } from '../support/culvert.js';
import { expect, test } from '../support/proxied-page.js';
import { startSiteInProcess } from '../support/site.js';
import { linesFor, startCookieSite, type CookieSite, type Seen } from './cookie-site.js';
import { chromiumDiffers } from './differences.js';

/** Cases of one document: Chrome evicts from 180 cookies of a site on. */
const batchSize = 48;

interface Step {
  /** The document or resource that sets the lines, with them in its query. */
  from: string;
  to: string;
  lines: string[];
  byScript: boolean;
}

/** No server sends these characters in a header: a script sets the line. */
const isUnsendable = (lines: readonly string[]) => lines.some((line) => /[\0-\x08\x0a-\x1f\x7f]/.test(line));

/** IPv6 is not there on every machine. */
const browsed = cookieCases.filter(({ from }) => !from.includes('['));

/** Another scheme, or a host of another site, is no first party in a frame. */
const needsWindow = ({ from, to }: CookieCase) =>
  [from, to].some((url) => !/^https:\/\/[^/:]*example\.test[:/]/i.test(url));

function stepOf(cookieCase: CookieCase, name: string, site: CookieSite): Step {
  const lines = linesFor(cookieCase, name);
  const withQuery = (url: string, query: string) => url.replace(/(\?[^#]*)?(#.*)?$/, `?${query}`);
  const byScript = isUnsendable(lines);
  return {
    from: withQuery(
      site.url(cookieCase.from, name),
      byScript ? '' : `set=${encodeURIComponent(JSON.stringify(lines))}`,
    ),
    to: withQuery(site.url(cookieCase.to, name), ''),
    lines,
    byScript,
  };
}

/** Runs in a page of the same site: each case has a request that sets, and a frame that looks. */
async function runInFrames(page: Page, steps: Step[]): Promise<Seen[]> {
  return page.evaluate(async (given) => {
    const frameAt = (url: string, id: string) =>
      new Promise<{ frame: HTMLIFrameElement; seen: Seen }>((resolve) => {
        const frame = document.createElement('iframe');
        const receive = ({ data }: MessageEvent<{ id?: string; seen: Seen }>) => {
          if (data.id !== id) return;
          removeEventListener('message', receive);
          resolve({ frame, seen: data.seen });
        };
        addEventListener('message', receive);
        frame.src = `${url}#${id}`;
        document.body.append(frame);
      });
    return Promise.all(
      given.map(async ({ from, to, lines, byScript }, at) => {
        if (byScript) {
          const { frame } = await frameAt(from, `set-${at}`);
          frame.contentWindow!.postMessage(lines, '*');
          await frameAt(from, `wrote-${at}`);
        } else await fetch(from, { credentials: 'include', mode: 'no-cors' });
        return (await frameAt(to, `see-${at}`)).seen;
      }),
    );
  }, steps);
}

async function runInWindow(page: Page, { from, to }: Step, route: (url: string) => string): Promise<Seen> {
  await page.goto(route(from));
  await page.goto(route(to));
  return page
    .waitForFunction(() => (window as { seen?: Seen }).seen)
    .then((handle) => handle.jsonValue() as Promise<Seen>);
}

/** @returns by the case's title, what was seen where it is not as the table says */
async function differences(
  context: BrowserContext,
  site: CookieSite,
  route: (url: string) => string,
): Promise<Record<string, Seen>> {
  const page = await context.newPage();
  const seen = new Map<CookieCase, Seen>();
  const framed = browsed.filter((cookieCase) => !needsWindow(cookieCase));
  for (let at = 0; at < framed.length; at += batchSize) {
    const batch = framed.slice(at, at + batchSize);
    const top = `jar-${at}.test`;
    await page.goto(route(site.url('https://example.test/', top)));
    await page.waitForFunction(() => 'seen' in window);
    const results = await runInFrames(
      page,
      batch.map((cookieCase, index) => stepOf(cookieCase, `c${index}.${top}`, site)),
    );
    batch.forEach((cookieCase, index) => seen.set(cookieCase, results[index]!));
  }
  for (const [index, cookieCase] of browsed.filter(needsWindow).entries()) {
    seen.set(cookieCase, await runInWindow(page, stepOf(cookieCase, `alone-${index}.test`, site), route));
  }
  return Object.fromEntries(
    browsed.flatMap((cookieCase) => {
      const { sent, script, store } = seen.get(cookieCase)!;
      // What is HttpOnly no script sees.
      const visible = cookieCase.lines.some((line) => /;\s*HttpOnly/i.test(line)) ? '' : cookieCase.sent;
      const isAsSaid = sent === cookieCase.sent && script === visible && (store ?? visible) === visible;
      return isAsSaid ? [] : [[titleOf(cookieCase), { sent, script, store }]];
    }),
  );
}

test('the jar keeps the table in a service worker', async ({ directBrowser }) => {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: {
        entry: path.join(import.meta.dirname, 'worker.ts'),
        formats: ['iife'],
        name: 'worker',
        fileName: 'worker',
      },
    },
  })) as Rolldown.RolldownOutput[];
  const { code } = output[0]!.output[0];
  const site = await startSiteInProcess('localhost', (request, response) => {
    const isScript = request.url === '/sw.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? code : '<!doctype html><title>Jar</title>');
  });
  const context = await directBrowser.newContext();
  const page = await context.newPage();
  await page.goto(site.origin);
  const result = await page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    return new Promise<{ count: number; failures: string[] }>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data as { count: number; failures: string[] });
      active!.postMessage('run', [port2]);
    });
  });
  await context.close();
  await site.close();
  expect(result).toEqual({ count: cookieCases.length, failures: [] });
  expect(result.count).toBeGreaterThanOrEqual(250);
});

test('a site behind the proxy sees the table', async ({ canary }) => {
  test.setTimeout(180_000);
  const site = await startCookieSite();
  const culvert = await startCulvert(['--resolve', '*:*:127.0.0.1', '--allow-private', '--insecure']);
  const browser = await launchProxiedBrowser('chromium', canary.port);
  const found = await differences(await browser.newContext(), site, (url) => culvert.routeTo(url));
  await browser.close();
  await culvert.close();
  await site.close();
  expect(found).toEqual({});
});

test('Chromium alone sees the table, but for what is listed', async () => {
  test.setTimeout(180_000);
  const site = await startCookieSite();
  const browser = await launchChromium('MAP * 127.0.0.1, EXCLUDE localhost');
  const found = await differences(await browser.newContext({ ignoreHTTPSErrors: true }), site, (url) => url);
  await browser.close();
  await site.close();
  expect(found).toEqual(chromiumDiffers);
});
