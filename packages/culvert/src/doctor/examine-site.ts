/**
 * @module
 * Looks at a site that uses Culvert from outside: what can be seen by HTTP alone. What only a browser can tell, the doctor in
 * the page does (`culvert.doctor()`, and `/doctor.html` of `culvert serve`).
 */
import {
  checkFallback,
  checkFile,
  ok,
  problem,
  readTag,
  skipped,
  warning,
  type Finding,
  type Verdict,
} from '@culvert/sw/set-up';
import { opensWebSocket } from './opens-web-socket.js';

interface Places {
  worker: string;
  scope: string;
  bareServers: string[];
}

/** @param page the URL of a page that loads Culvert */
export async function* examineSite(page: string): AsyncGenerator<Finding> {
  const report = async (id: string, title: string, verdict: Verdict | Promise<Verdict>): Promise<Finding> => ({
    id,
    title,
    advice: '',
    ...(await verdict),
  });
  yield report('secure-context', 'Browsers run service workers there', checkOrigin(new URL(page)));
  const { verdict, html, url } = await loadPage(page);
  yield report('page', 'The page answers', verdict);
  if (html === null) return;

  const places = findPlaces(html, url);
  yield report('worker-file', 'The worker is served right', checkFile(places.worker));
  yield report('worker-scope', 'The worker may serve its scope', checkScope(places));
  const runtime = new URL('culvert.runtime.js', places.worker).href;
  yield report('runtime-file', 'The runtime is beside it', checkFile(runtime));
  yield report('scope-fallback', 'A hard reload finds its way back', checkFallback(places.scope));
  if (places.bareServers.length === 0) {
    yield report('bare-server', 'The Bare server answers', skipped('The configuration file chooses it.'));
  }
  for (const server of places.bareServers) {
    yield report('bare-server', `The Bare server ${server} answers`, checkBareServer(server, new URL(page).origin));
    yield report('web-socket', `WebSockets reach ${server}`, checkWebSocket(server));
  }
}

function checkOrigin({ protocol, hostname, origin }: URL): Verdict {
  const isLocal = /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || isLocal) return ok(origin);
  return problem(`${origin} is not secure`, 'Serve it by https:, or open it at localhost.');
}

async function loadPage(page: string): Promise<{ verdict: Verdict; html: string | null; url: string }> {
  try {
    const response = await fetch(page, { signal: AbortSignal.timeout(10_000) });
    const html = await response.text();
    if (response.ok) return { verdict: ok(`${response.url}: ${response.status}`), html, url: response.url };
    const verdict = problem(`${response.url}: ${response.status}`, 'Check the address.');
    return { verdict, html: null, url: response.url };
  } catch (error) {
    const reason =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    return { verdict: problem(`${page}: ${reason}`, 'Start its server, or check the address.'), html: null, url: page };
  }
}

/** Reads the script tag; a page without one is taken for a bundled one, which has everything in its own folder. */
function findPlaces(html: string, page: string): Places {
  const tag = /<script\b[^>]*\bsrc=["']?([^"'\s>]*culvert\.js)\b[^>]*>/i.exec(html);
  const source = new URL(tag?.[1] ?? 'culvert.js', page).href;
  const attributes = Object.fromEntries(
    [...(tag?.[0] ?? '').matchAll(/\bdata-(bare|scope|worker|config)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi)].map(
      ([, name, double, single, bare]) => [name!.toLowerCase(), double ?? single ?? bare],
    ),
  );
  const { serviceWorker, scope, bareServers } = readTag(attributes, source);
  return { worker: serviceWorker.split('?', 1)[0]!, scope: new URL(scope, source).href, bareServers };
}

async function checkScope({ worker, scope }: Places): Promise<Verdict> {
  const response = await fetch(worker);
  await response.body?.cancel();
  const allowed = new URL(response.headers.get('service-worker-allowed') ?? './', worker).pathname;
  const { pathname } = new URL(scope);
  if (pathname.startsWith(allowed)) return ok(`${pathname} is below ${allowed}`);
  const advice = `Move the worker up, or send it with Service-Worker-Allowed: ${pathname}`;
  return problem(`${pathname} is not below ${allowed}`, advice);
}

async function checkBareServer(server: string, origin: string): Promise<Verdict> {
  const start = 'Start it (npx culvert serve), or correct its address.';
  let response: Response;
  try {
    response = await fetch(server, { headers: { origin }, signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    return problem(`${server}: ${String(error)}`, start);
  }
  const text = await response.text();
  const versions = readVersions(text);
  if (!response.ok || versions === null) return problem(`${server} answers ${response.status} and no manifest`, start);
  const allowed = response.headers.get('access-control-allow-origin');
  if (new URL(server).origin !== origin && allowed !== '*' && allowed !== origin) {
    return problem(
      `${server} does not let ${origin} read it`,
      'See what in front of it removes Access-Control-Allow-Origin.',
    );
  }
  return ok(versions.join(', '));
}

function readVersions(text: string): string[] | null {
  try {
    const { versions } = JSON.parse(text) as { versions?: unknown };
    return Array.isArray(versions) ? versions.map(String) : null;
  } catch {
    // No JSON, so no manifest: the caller says what to do.
    return null;
  }
}

async function checkWebSocket(server: string): Promise<Verdict> {
  const url = new URL('v3/', server.endsWith('/') ? server : `${server}/`);
  if (await opensWebSocket(url)) return ok(url.href);
  return warning(
    `${url.href} refuses an upgrade`,
    'Let what is in front of the server pass the Connection and Upgrade headers; docs/bare-server.md shows how with nginx.',
  );
}
