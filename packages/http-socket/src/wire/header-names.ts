/**
 * @module
 * The headers of the protocol. The first two are the seed's; a peer that sends no others still works, without what they give.
 * Offsets count the bytes of one direction from 0.
 */

export const headerNames = {
  /** Names the session. Not a secret by itself: see `sessionKey`. */
  session: 'X-Session',
  /** GET: the most bytes to answer with. Its answer: how many there are, to tell a truncated body. */
  contentLength: 'X-Content-Length',
  /** Chosen by the client at random and given with every request: only who opened the session may use it. */
  sessionKey: 'X-Session-Key',
  /** Different in every request and repeated in the answer: an answer out of a cache is told by it. */
  request: 'X-Request',
  /**
   * PUT: where the body belongs. Its answer: where the part of it that was taken ends.
   * GET: the first byte wanted, or `next` for the first that no other GET was given. Its answer: where the body belongs.
   */
  offset: 'X-Offset',
  /** Everything before this offset has arrived; it need not be kept. */
  acknowledged: 'X-Acknowledged',
  /** Answers: how many bytes after `acknowledged` there is room for. */
  window: 'X-Window',
  /** Answers: where that ends which the server has received from the far end. */
  available: 'X-Available',
  /** Answers: the first offset that no GET was given yet. */
  next: 'X-Next',
  /** The stream of the sender's direction ends at this offset. */
  end: 'X-End',
  /** What failed. With status 200 it is the far end, after the last byte; otherwise this request. */
  error: 'X-Error',
  /** Percent-encoded UTF-8. */
  errorMessage: 'X-Error-Message',
  /** Seconds that a GET may wait for data: wanted by the client, stated by the server. */
  wait: 'X-Wait',
  /** Answer to POST: seconds without requests after which the session is dropped. */
  idle: 'X-Idle',
  /** Answer to POST: the longest body taken. */
  maxBody: 'X-Max-Body',
} as const;

/** Non-negative, without sign, and exact as a number. */
export function parseCount(value: string | null | undefined): number | null {
  if (value == null || !/^[0-9]{1,16}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

export function serializeErrorMessage(message: string): string {
  // A lone surrogate would make encodeURIComponent throw.
  return encodeURIComponent(message.slice(0, 500).replace(/\p{Surrogate}/gu, '?'));
}

export function parseErrorMessage(value: string | null): string {
  if (value === null) return '';
  try {
    return decodeURIComponent(value);
  } catch {
    // Somebody else's header of that name: shown as it is.
    return value;
  }
}
