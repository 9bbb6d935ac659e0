/**
 * @module One test page: what its harness reports (by `console.debug`, see testharnessreport.js), or what it had reported
 * when its time was over.
 */
import { withLimit } from './with-limit.mjs';

const prefix = '__wpt_run_result__:';
const harnessStates = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED'];
const origins = { http: 'http://web-platform.test:8000', https: 'https://web-platform.test:8443' };
/** The harness' own limit gets the chance to report. */
const grace = 2500;

/** `tests`: [name, status (0: passed), message] of each subtest. */
export async function runPage(page, test, proxy, timeout) {
  const isSecure = /\.(?:https|serviceworker)\./.test(test.split('?')[0]);
  const url = origins[isSecure ? 'https' : 'http'] + test;
  const noise = [];
  const note = (text) => noise.length < 8 && noise.push(String(text).slice(0, 300));
  const session = await page.context().newCDPSession(page);
  const mainFrame = (await session.send('Page.getFrameTree')).frameTree.frame.id;
  const frameOfContext = new Map();

  const began = Date.now();
  const reported = new Promise((resolve) => {
    session.on('Runtime.executionContextCreated', ({ context }) => {
      frameOfContext.set(context.id, context.auxData?.frameId);
    });
    session.on('Runtime.consoleAPICalled', ({ type, args, executionContextId }) => {
      const value = args[0]?.value;
      const isReport = type === 'debug' && typeof value === 'string' && value.startsWith(prefix);
      // Pages of the suite in frames and windows have a harness too.
      if (isReport && frameOfContext.get(executionContextId) === mainFrame)
        resolve(JSON.parse(value.slice(prefix.length)));
      if (type === 'error') note(`console: ${args.map((arg) => arg.value ?? arg.description ?? '').join(' ')}`);
    });
    session.on(
      'Log.entryAdded',
      ({ entry }) => entry.level === 'error' && note(`log: ${entry.text} ${entry.url ?? ''}`),
    );
    page.on('pageerror', (error) => note(`error: ${error?.message ?? error}`));
    page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
    page.on('crash', () => resolve('crash'));
    page.on('close', () => resolve('crash'));
    setTimeout(resolve, timeout + grace, null);
  });
  for (const domain of ['Runtime', 'Log', 'Page']) await session.send(`${domain}.enable`);
  const navigation = page.goto(proxy.urlFor(url), { waitUntil: 'commit', timeout }).then(
    () => undefined,
    (error) => String(error.message).split('\n')[0],
  );

  const report = await reported;
  const ms = Date.now() - began;
  if (report === 'crash') return { status: 'CRASH', ms, tests: [], noise };
  if (report) {
    const result = { status: harnessStates[report.status] ?? String(report.status), ms, tests: report.tests };
    if (report.message) result.message = report.message;
    if (report.href !== url) result.href = report.href;
    if (result.status !== 'OK' || report.tests.some(([, status]) => status !== 0)) result.noise = noise;
    return result;
  }
  const partial = await withLimit(
    page.evaluate('window.__wpt_run_partial__?.()'),
    1000,
    'the reading of a partial result',
  )
    // A page that hangs, or is gone.
    .catch(() => undefined);
  const tests = partial ? JSON.parse(partial).tests : [];
  return { status: 'NORESULT', ms, tests, message: await navigation, at: page.url().slice(0, 200), noise };
}
