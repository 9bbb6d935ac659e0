/**
 * @module
 * Runs each case natively and through our client, and compares what the caller sees and what reaches the remote.
 */
import { openClientPage } from '../support/page-host.mjs';
import { fetchCases } from './fetch-cases.mjs';
import { knownDifferences } from './known-differences.mjs';
import { webSocketCases } from './web-socket-cases.mjs';

export async function runOracles(world) {
  const { engines, options, ours, origin, browser } = world;
  const server = await world.servers.get('ours');
  if (engines.node) await runFetches(world, 'node', engines.node, server, origin.url);
  if (!browser) return;
  // Native fetches are to be of the page's own origin: CORS is not what is compared.
  const page = await openClientPage(browser, ours, (request, response) => origin.answer(request, response));
  try {
    if (options.engine.includes('chromium')) {
      await runFetches(world, 'chromium', page, server, page.origin);
      await runSockets(world, page, server);
    }
  } finally {
    await page.close();
  }
}

async function runFetches(world, engine, clients, server, siteOrigin) {
  const name = `fetch, ${engine === 'node' ? 'Node' : 'Chromium'}`;
  for (const test of fetchCases) {
    if (world.options.only && !test.id.includes(world.options.only)) continue;
    if (test.engine && test.engine !== engine) continue;
    const sides = [];
    for (const kind of ['native', 'ours'])
      sides.push(await runFetchSide(world, clients, kind, server.url(), siteOrigin, test));
    judge(world, name, engine, test, sides, ['seen', 'answer']);
  }
}

/** Everything is written by place, so that the two sides, which have routes of their own, can be compared. */
async function runFetchSide({ origin, other }, clients, kind, server, siteOrigin, test) {
  const target = (test.isTargetElsewhere ? other : origin).serve(test.serve);
  const targetUrl = test.isTargetElsewhere ? target.url : siteOrigin + target.path;
  const state = { count: 0 };
  const start = test.redirect
    ? origin.serve((...parameters) => test.redirect({ path: target.path, url: targetUrl }, state)(...parameters))
    : target;
  state.path = start.path;
  const url = siteOrigin + start.path;
  const request = { ...test.request, url: test.change ? test.change(url) : url };
  const answer = await clients.fetch(kind, server, request);
  const requests = target === start ? start.requests : [...start.requests, ...target.requests];
  const result = {
    seen: requests.map((seen) => describeSeen(seen, test)),
    answer: describeAnswer(answer),
    error: answer.error,
  };
  origin.reset();
  other.reset();
  const text = JSON.stringify(result)
    .replaceAll(targetUrl, 'target:')
    .replaceAll(target.path, '/target/')
    .replaceAll(url, 'start:')
    .replaceAll(start.path, '/start/');
  return JSON.parse(text);
}

function describeSeen({ method, url, headers, body }, test) {
  const find = (wanted) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const picked = [
    'content-type',
    'content-length',
    'transfer-encoding',
    'x-kept',
    'x-trim',
    'x-own',
    ...(test.seesHeaders ?? []),
  ];
  let text = body.length > 1000 ? `${body.length} bytes` : body.toString('latin1');
  let type = find('content-type');
  const boundary = /boundary=(.*)/.exec(type ?? '')?.[1];
  if (test.isForm && boundary)
    [text, type] = [text.replaceAll(boundary, 'BOUNDARY'), type.replace(boundary, 'BOUNDARY')];
  const found = Object.fromEntries(picked.map((name) => [name, find(name)]));
  if (test.isForm) delete found['content-length'];
  return { method, url, ...found, 'content-type': type, body: text };
}

/** Of one connection, or of the moment. */
const unstable = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'date',
  'access-control-allow-origin',
  'access-control-expose-headers',
]);

function describeAnswer({ error, status, statusText, ok, url, redirected, type, hasBody, headers = {}, text, length }) {
  // Which class of error it is, beside an abort, differs on purpose: ours says more.
  const failure = error && { isAbort: error.name === 'AbortError' };
  if (status === undefined) return { failure };
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !unstable.has(name)));
  return {
    failure,
    status,
    statusText,
    ok,
    url,
    redirected,
    type,
    hasBody,
    headers: kept,
    text: failure ? undefined : text,
    length: failure ? undefined : length,
  };
}

async function runSockets(world, page, server) {
  for (const test of webSocketCases) {
    if (world.options.only && !test.id.includes(world.options.only)) continue;
    const sides = [];
    for (const kind of ['native', 'ours']) sides.push(await runSocketSide(world, page, kind, server.url(), test));
    judge(world, 'WebSocket, Chromium', 'chromium', test, sides, ['seen', 'closed', 'result']);
  }
}

async function runSocketSide({ origin }, page, kind, server, test) {
  let closed = null;
  const open = (socket, request) => {
    socket.on('close', (code, reason) => (closed = { code, reason: String(reason) }));
    test.open(socket, request);
  };
  const route = test.upgrade
    ? origin.serveUpgrade(test.upgrade)
    : test.open
      ? origin.serveSocket(open, { protocol: test.protocol })
      : null;
  const url = test.url ?? (test.change ? test.change(route.url) : route.url);
  const result = await page.socket(kind, server, { ...test.request, url });
  // The remote may learn of the end a little later than the page.
  await new Promise((resolve) => setTimeout(resolve, 60));
  const seen = (route?.requests ?? []).map(
    ({ headers }) => headers.find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1],
  );
  origin.reset();
  const rest = { ...result };
  delete rest.endAt;
  delete rest.setCookies;
  if (rest.error) rest.error = { name: rest.error.name, constructor: rest.error.constructor };
  return JSON.parse(
    JSON.stringify({ seen, closed, result: rest })
      .replaceAll(route?.url ?? 'none:', 'remote:')
      .replaceAll(route?.path ?? 'none:', '/remote/'),
  );
}

function judge({ report }, name, engine, test, [native, ours], parts) {
  const pick = (side) =>
    Object.fromEntries(
      parts.filter((part) => !test.isRace || (part !== 'seen' && part !== 'closed')).map((part) => [part, side[part]]),
    );
  const result = {
    suite: 'oracle',
    name,
    test: { ...test, row: test.id },
    column: { engine },
    observation: { native, ours },
  };
  const known = new Set();
  const differences = listDifferences(pick(native), pick(ours)).filter((difference) => {
    const entry = knownDifferences.find((entry) => isKnown(entry, engine, test, difference, native, ours));
    if (entry) known.add(entry.text);
    return !entry;
  });
  if (differences.length > 0) {
    const why = ours.error
      ? ` (ours: ${ours.error.name} ${ours.error.code ?? ''} ${ours.error.message.slice(0, 120)})`
      : '';
    const text = differences
      .map(({ path, native, ours }) => `${path}: ${JSON.stringify(native)} → ${JSON.stringify(ours)}`)
      .join('; ');
    report.add({ ...result, outcome: 'failed', fault: new Error(text + why) });
  } else if (known.size > 0) report.add({ ...result, outcome: 'difference', differences: [...known] });
  else report.add({ ...result, outcome: 'passed' });
}

function isKnown(entry, engine, test, difference, native, ours) {
  if (entry.engine && entry.engine !== engine) return false;
  if (
    entry.cases &&
    !entry.cases.some((pattern) => (typeof pattern === 'string' ? pattern === test.id : pattern.test(test.id)))
  )
    return false;
  return entry.holds(difference, native, ours);
}

/** Path and both values of each leaf that differs. */
function listDifferences(native, ours, path = '') {
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (!isObject(native) || !isObject(ours)) return native === ours ? [] : [{ path, native, ours }];
  const keys = new Set([...Object.keys(native), ...Object.keys(ours)]);
  return [...keys].flatMap((key) => listDifferences(native[key], ours[key], path ? `${path}.${key}` : key));
}
