/**
 * @module
 * Asks a Bare server for its manifest, as this page's origin, and names what is wrong with it.
 */
import { ProxyError } from './errors.js';

export interface BareServerFacts {
  url: string;
  /** As its manifest says: "v1", "v2", "v3". */
  versions: string[];
}

/**
 * @param location absolute
 * @throws ProxyError BARE_SERVER_UNREACHABLE, BARE_SERVER_WITHOUT_CORS, NOT_A_BARE_SERVER
 */
export async function checkBareServer(location: string, { timeout = 10_000 } = {}): Promise<BareServerFacts> {
  const url = location.endsWith('/') ? location : `${location}/`;
  const signal = AbortSignal.timeout(timeout);
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-store', signal });
  } catch (cause) {
    throw await explainSilence(url, signal, cause);
  }
  const manifest = await readJson(response);
  const versions = (manifest as { versions?: unknown } | null)?.versions;
  if (response.ok && Array.isArray(versions)) return { url, versions: versions.map(String) };
  const type = response.headers.get('content-type') ?? 'no type';
  throw new ProxyError(
    'NOT_A_BARE_SERVER',
    `Failed to use ${url}: it answers ${response.status} with ${type}, and not with the manifest of a Bare server. ` +
      'Check the address, and the directory that the server was started with.',
  );
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text()) as unknown;
  } catch {
    // Something else answers there: the caller says what.
    return null;
  }
}

/** A server that can be reached, only not read from this origin, answers a request that does not want to read. */
async function explainSilence(url: string, signal: AbortSignal, cause: unknown): Promise<ProxyError> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isReached = await fetch(url, { mode: 'no-cors', cache: 'no-store', signal }).then(
    () => true,
    () => false,
  );
  if (isReached) {
    const message =
      `Failed to read ${url}: it answers, but does not allow ${location.origin} to read its answer. A Bare server sends ` +
      'Access-Control-Allow-Origin: * itself; see what a proxy in front of it removes.';
    return new ProxyError('BARE_SERVER_WITHOUT_CORS', message, { cause });
  }
  const isMixed = location.protocol === 'https:' && url.startsWith('http:');
  const hint = isMixed
    ? 'This page is https:, so the Bare server must be, too.'
    : 'Start it (npx culvert serve), or correct its address.';
  return new ProxyError('BARE_SERVER_UNREACHABLE', `Failed to reach the Bare server ${url}: ${reason}. ${hint}`, {
    cause,
  });
}
