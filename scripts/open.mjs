/**
 * `npm run open -- <url>`: opens a page through a running Culvert in headless Chromium, and tells its title, its URL as it
 * sees it itself, its requests, its errors, and every request that bypassed the service worker.
 *
 * A bypass is found in two ways. Each request of the browser is asked whether the worker answered it; and every host but
 * Culvert's is mapped to a port of this script (see canary.mjs), which sees what the browser does not report.
 */
import { chromium } from 'playwright-core';
import { startCanary } from './canary.mjs';
import { findBrowser } from './find-browser.mjs';
import { OptionError, parseOpenOptions, usage } from './open-options.mjs';

/** Keeps the browser's own requests (sign-in, clock, updates of its parts) away from the canary. */
const quietBrowser = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-domain-reliability',
  '--allow-browser-signin=false',
  '--gaia-url=http://localhost:9',
  '--component-updater=url-source=http://localhost:9/',
  '--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,AutofillServerCommunication,Translate',
];

/** A failure that its message explains: it needs no stack. */
class OpenError extends Error {}

async function checkServer(server) {
  const hint = 'Start it in another terminal: npm start (or name another place: --server <url>)';
  let response;
  try {
    response = await fetch(new URL('/culvert.sw.js', server), { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
  } catch (error) {
    throw new OpenError(`No Culvert is running at ${server} (${error.cause?.code ?? error.message}). ${hint}`);
  }
  if (!response.ok) throw new OpenError(`What runs at ${server} is no Culvert: it has no /culvert.sw.js. ${hint}`);
}

/** Collects what the browser tells of a page's requests and errors. */
function watch(page, origin) {
  const requests = [];
  const consoleErrors = [];
  const sockets = [];
  const byRequest = new Map();
  page.on('request', (request) => {
    const entry = { method: request.method(), url: request.url(), type: request.resourceType(), status: 'pending' };
    byRequest.set(request, entry);
    requests.push(entry);
  });
  page.on('response', (response) => {
    const entry = byRequest.get(response.request());
    if (entry) Object.assign(entry, { status: response.status(), fromServiceWorker: response.fromServiceWorker() });
  });
  page.on('requestfailed', (request) => {
    const entry = byRequest.get(request);
    if (entry) entry.failure = request.failure()?.errorText ?? 'failed';
  });
  page.on('websocket', (socket) => sockets.push(socket.url()));
  page.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
  page.on('pageerror', (error) => consoleErrors.push(error.stack ?? String(error)));

  return {
    requests,
    consoleErrors,
    findBypasses() {
      const bypasses = [];
      for (const { url, status, fromServiceWorker } of requests) {
        if (!/^https?:/.test(url) || new URL(url).origin === origin) continue;
        // What was blocked before it left has no status.
        if (typeof status === 'number' && !fromServiceWorker) bypasses.push({ host: new URL(url).host, detail: url });
      }
      const socketOrigin = origin.replace(/^http/, 'ws');
      for (const url of sockets) {
        if (new URL(url).origin !== socketOrigin) bypasses.push({ host: new URL(url).host, detail: url });
      }
      return bypasses;
    },
    /** Requests below the scope that the server had to answer, other than the navigation that starts the worker. */
    findMissed(scopeUrl) {
      return requests
        .filter(({ url, type, status, fromServiceWorker }) => {
          return url.startsWith(scopeUrl) && type !== 'document' && typeof status === 'number' && !fromServiceWorker;
        })
        .map(({ url }) => url);
    },
  };
}

/** Goes to the page, past the bootstrap page, and waits until it is quiet. */
async function load(page, proxyUrl, timeout) {
  const deadline = Date.now() + timeout;
  const left = () => Math.max(1, deadline - Date.now());
  const answered = page.waitForResponse(
    (response) => {
      const request = response.request();
      if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return false;
      const isRedirect = response.status() >= 300 && response.status() < 400;
      return response.fromServiceWorker() && !isRedirect;
    },
    { timeout },
  );
  // Both are awaited below; a failure of the first must not be an unhandled one of the second.
  answered.catch(() => undefined);
  await page.goto(proxyUrl, { timeout, waitUntil: 'commit' });
  const response = await answered.catch(async () => {
    const stage = await page.getAttribute('html', 'data-culvert-bootstrap').catch(() => null);
    const said =
      stage === 'failed' ? (await page.innerText('#problem').catch(() => '')).replace(/\s*\n+\s*/g, ' – ') : '';
    throw new OpenError(`The service worker did not answer within ${timeout} ms.${said && ` The page says: ${said}`}`);
  });
  const isLoaded = await page.waitForLoadState('load', { timeout: left() }).then(
    () => true,
    () => false,
  );
  // Some pages are never quiet.
  if (isLoaded)
    await page.waitForLoadState('networkidle', { timeout: Math.min(left(), 10_000) }).catch(() => undefined);
  return { status: response.status(), isLoaded };
}

async function open(options) {
  const origin = new URL(options.server).origin;
  const { hostname } = new URL(options.server);
  const executablePath = findBrowser('chromium');
  if (!executablePath) throw new OpenError('No Chromium was found. Install one, or set CHROMIUM_PATH to it.');
  await checkServer(options.server);

  const bypasses = [];
  const canary = await startCanary((hit) => bypasses.push({ ...hit, detail: `${hit.detail} (arrived at the canary)` }));
  const browser = await chromium.launch({
    executablePath,
    args: [
      `--host-resolver-rules=MAP * 127.0.0.1:${canary.port}, EXCLUDE ${hostname}`,
      ...quietBrowser,
      '--no-sandbox',
    ],
  });
  try {
    const page = await browser.newPage({ viewport: options.size });
    page.setDefaultTimeout(options.timeout);
    const watched = watch(page, origin);
    const scopeUrl = `${origin}/service/`;
    const { status, isLoaded } = await load(
      page,
      `${scopeUrl}html/${encodeURIComponent(options.url)}`,
      options.timeout,
    );
    // The page's own view: through the runtime's hook, not the browser's address.
    const [title, url] = await withLimit(page.evaluate('[document.title, document.URL]'), 5000);
    if (options.screenshot) await page.screenshot({ path: options.screenshot, timeout: 10_000 });
    // A connection that was made last may not have said whom it wants yet.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    bypasses.push(...watched.findBypasses());
    return {
      title,
      url,
      nativeUrl: page.url(),
      status,
      isLoaded,
      requests: watched.requests,
      missedRequests: watched.findMissed(scopeUrl),
      consoleErrors: watched.consoleErrors,
      bypasses,
      ok: bypasses.length === 0 && isLoaded && status < 400 && !url.startsWith(origin),
    };
  } finally {
    await browser.close();
    await canary.close();
  }
}

function withLimit(promise, milliseconds) {
  let timer;
  const limit = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new OpenError('The page does not answer: a script keeps it busy.')), milliseconds);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function print(result, { verbose, screenshot }) {
  const list = (heading, lines) => {
    if (lines.length > 0) console.log(`${heading}\n${lines.map((line) => `  ${line}`).join('\n')}`);
  };
  const failed = result.requests.filter(({ failure }) => failure).length;
  console.log(`Title     ${result.title || '(none)'}`);
  console.log(`URL       ${result.url}`);
  console.log(`Status    ${result.status}${result.isLoaded ? '' : ', not loaded in time'}`);
  console.log(`Requests  ${result.requests.length}${failed ? `, ${failed} failed` : ''}`);
  if (screenshot) console.log(`Picture   ${screenshot}`);
  if (result.url.startsWith(new URL(result.nativeUrl).origin))
    console.log('The page sees the proxy’s URL, not its own.');
  if (verbose) {
    list(
      'All requests:',
      result.requests.map(({ method, url, type, status, failure, fromServiceWorker }) => {
        return `${failure ?? status} ${fromServiceWorker ? 'worker ' : 'network'} ${type} ${method} ${url}`;
      }),
    );
  }
  list(`Console errors (${result.consoleErrors.length}):`, result.consoleErrors);
  list('Requests below the scope that missed the worker:', result.missedRequests);
  list(
    'BYPASSED the service worker:',
    result.bypasses.map(({ host, detail }) => `${host}: ${detail}`),
  );
  if (result.bypasses.length === 0) console.log('Nothing bypassed the service worker.');
}

try {
  const options = parseOpenOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else {
    const result = await open(options);
    if (options.json) console.log(JSON.stringify(result, null, 2));
    else print(result, options);
    process.exitCode = result.ok ? 0 : 1;
  }
} catch (error) {
  const isExpected = error instanceof OptionError || error instanceof OpenError;
  console.error(isExpected ? error.message : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
