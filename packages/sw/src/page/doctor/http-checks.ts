/**
 * @module
 * The checks that need nothing but HTTP: the page makes them in the browser, `culvert doctor` from the command line.
 */
import { version, versionOfFile } from '../../version.js';
import { ok, problem, warning, type Verdict } from './finding.js';

const oneDay = 86_400;

/** @param url of the worker or the runtime, absolute */
export async function checkFile(url: string): Promise<Verdict> {
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
  } catch (error) {
    return problem(`${url}: ${String(error)}`, 'See that its server runs.');
  }
  const text = await response.text();
  const type = response.headers.get('content-type') ?? 'no type';
  if (!response.ok) return problem(`${url}: ${response.status}`, 'Put the file there: npx culvert init <folder>');
  if (!/javascript|ecmascript/i.test(type)) return problem(`${url} is ${type}`, 'Serve .js files as text/javascript.');
  const found = versionOfFile(text);
  if (found !== null && found !== version) {
    const advice = 'Put the files of one version there: npx culvert init <folder>';
    return problem(`${url} is ${found}, and this is ${version}`, advice);
  }
  const age = Number(/max-age=(\d+)/i.exec(response.headers.get('cache-control') ?? '')?.[1] ?? 0);
  if (age > oneDay) {
    return warning(`${url} may be cached for ${age} s`, 'Send Cache-Control: no-cache with it, or updates come late.');
  }
  return ok(`${type}${found === null ? '' : `, version ${found}`}`);
}

/** The bootstrap page; or Culvert's own server, which gives that page to navigations only and this sentence to others. */
const bootstrapAnswer = /data-culvert-bootstrap|^Only the service worker can answer this/;

/** @param scope absolute */
export async function checkFallback(scope: string): Promise<Verdict> {
  const response = await fetch(`${scope}html/${encodeURIComponent('https://example.com/')}`, { cache: 'no-store' });
  if (bootstrapAnswer.test(await response.text())) return ok('The host knows what to answer below the scope.');
  return warning(
    `The host answers ${response.status} below ${scope}`,
    'Let the host serve culvert.html for every path below the scope, or a hard reload of a proxied page shows the host’s own error.',
  );
}
