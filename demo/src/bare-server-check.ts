/**
 * @module
 * Asks the Bare server whether it is there, to tell its failure from a site's.
 */

/** @returns what is wrong, or null if it answers (or is only slow) */
export async function findBareServerProblem(): Promise<string | null> {
  const location = document.documentElement.dataset.bare ?? '/bare/';
  // One that is elsewhere the page's own policy does not let it ask.
  if (location === '') return null;
  try {
    const response = await fetch(location, { cache: 'no-store', signal: AbortSignal.timeout(4000) });
    await response.body?.cancel();
    return response.ok ? null : `${response.url} answered ${response.status}.`;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return name === 'TimeoutError' ? null : `${new URL(location, document.baseURI).href}: ${message}`;
  }
}
