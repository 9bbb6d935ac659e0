/**
 * @module
 * Which Bare server serves a request.
 */
import { BareError } from './errors.js';
import type { BareServerLocation, BareServerOption } from './options.js';

/**
 * Absolute URLs of Bare directories, each with a slash at its end, in the order to try.
 *
 * @param attempt how many have been tried for this request
 */
export async function locateServers(option: BareServerOption, remote: URL, attempt = 0): Promise<string[]> {
  const locations = typeof option === 'function' ? await option(remote, attempt) : option;
  const servers = (Array.isArray(locations) ? locations : [locations]).map(resolveServer);
  if (servers.length === 0 && attempt === 0) throw invalidServer('no Bare server is configured');
  return servers;
}

/** @throws BareError IMPL_INVALID_SERVER */
export function resolveServer(location: BareServerLocation): string {
  // A blob worker has an opaque location that no relative URL resolves against; its origin does.
  const here = (globalThis as { location?: { href: string; origin: string } }).location;
  const base = here === undefined || here.href.startsWith('blob:') ? here?.origin : here.href;
  const text = String(location);
  if (!URL.canParse(text, base)) {
    throw invalidServer(
      `${JSON.stringify(text)} is not a URL${base === undefined ? ' (here it has to be an absolute one)' : ''}`,
    );
  }
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalidServer(`${url.href} is not an http: or https: URL`);
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}

function invalidServer(reason: string): BareError {
  return new BareError({
    code: 'IMPL_INVALID_SERVER',
    id: 'request',
    message: `Failed to find a Bare server: ${reason}.`,
  });
}
