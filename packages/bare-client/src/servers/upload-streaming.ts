/**
 * @module
 * Whether a body can be streamed up to a server. Browsers do that over HTTP/2 and HTTP/3 alone, and tell only by failing; by then
 * a part of the stream is gone.
 */

export function canStreamUploads(server: string): boolean {
  const { location, performance } = globalThis as {
    location?: unknown;
    performance?: { getEntriesByName?: (name: string) => { nextHopProtocol?: string }[] };
  };
  // Only browsers have the rule, and only they have a location by themselves.
  if (location === undefined) return true;
  if (!canHaveStreamBody()) return false;
  // The manifest's own timing; empty where the server is of another origin and does not allow it to be seen.
  const { nextHopProtocol = '' } = performance?.getEntriesByName?.(server).at(-1) ?? {};
  return /^h[23]/.test(nextHopProtocol);
}

/** An engine without request streams makes a text of one, and gives it a type. */
function canHaveStreamBody(): boolean {
  const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' };
  try {
    return !new Request('https://localhost/', init).headers.has('content-type');
  } catch {
    // An engine that refuses the stream outright.
    return false;
  }
}
