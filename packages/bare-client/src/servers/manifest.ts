/**
 * @module
 * What a Bare server says about itself.
 */
import { parseManifest, type BareManifest } from '@culvert/bare-protocol';
import type { BareServerLocation } from '../options.js';
import { readServerError, unreadable } from '../server-errors.js';
import { resolveServer } from '../server-location.js';
import { fetchWithin } from '../fetch-within.js';

export interface FetchManifestOptions {
  signal?: AbortSignal | null | undefined;
  fetch?: typeof fetch | undefined;
  /** Milliseconds until it has to be there; 10 s by default, 0 is no limit. */
  timeout?: number | undefined;
}

const defaultTimeout = 10_000;

/**
 * Asks a Bare server what it is and which versions it speaks.
 *
 * @throws BareError IMPL_SERVER_UNREACHABLE, IMPL_SERVER_TIMEOUT, IMPL_NOT_A_BARE_SERVER, or IMPL_INVALID_RESPONSE
 * @example
 * const { versions } = await fetchManifest('https://bare.example/');
 */
export async function fetchManifest(
  location: BareServerLocation,
  options: FetchManifestOptions = {},
): Promise<BareManifest> {
  const server = resolveServer(location);
  const { signal = null, timeout = defaultTimeout } = options;
  const init: RequestInit = { signal, cache: 'no-store' };
  const text = await fetchWithin(server, init, {
    server,
    remoteUrl: server,
    timeout,
    fetch: options.fetch,
    // The limit covers the body: a manifest is small.
    read: async (answer) => {
      if (!answer.ok) throw await readServerError(answer, server, server);
      return answer.text();
    },
  });
  try {
    return parseManifest(text);
  } catch (cause) {
    const found = `Failed to read the manifest of ${server}, ${JSON.stringify(text.slice(0, 40))}`;
    throw unreadable(cause, `${found}, which the option "version" makes unnecessary`, server);
  }
}
