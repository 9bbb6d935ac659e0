/**
 * @module
 * The headers of a remote request: those the client wrote, those it wants forwarded, and the framing, which is ours.
 */
import { BareProtocolError, isHeaderName, isHeaderValue, type HeaderPair } from '@culvert/bare-protocol';
import type { ListRules } from './header-lists.js';

/** How the body is delimited: it is what reaches us that counts, not what the client wrote about it. */
export type Framing = { kind: 'none' } | { kind: 'length'; length: string } | { kind: 'chunked' };

/**
 * Of one connection and not of the message (RFC 9110 section 7.6.1), or about a body that we delimit ourselves. `Connection` stays
 * in its place, but says keep-alive: anything else would be a promise that we do not keep.
 */
const dropped = new Set([
  'transfer-encoding',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'http2-settings',
  'trailer',
  'expect',
]);

/** @throws BareProtocolError INVALID_HEADER */
export function checkHeaderPairs(pairs: readonly HeaderPair[]): void {
  let hosts = 0;
  for (const [name, value] of pairs) {
    const id = `bare.headers.${name.toLowerCase()}`;
    if (!isHeaderName(name)) {
      throw new BareProtocolError('INVALID_HEADER', id, `${JSON.stringify(name)} is not a header name.`);
    }
    if (!isHeaderValue(value)) {
      throw new BareProtocolError(
        'INVALID_HEADER',
        id,
        `The value of ${name} has a character that HTTP does not allow.`,
      );
    }
    if (name.toLowerCase() === 'host' && ++hosts > 1) {
      throw new BareProtocolError('INVALID_HEADER', id, 'There can be only one Host.');
    }
  }
}

/**
 * Adds the headers to forward. A name that the request lists itself replaces what the client wrote, in its place; one that is
 * forwarded by default yields to it.
 *
 * @param available headers of the request to us, name and value alternating
 * @param listed names in lower case
 */
export function forwardHeaders(
  pairs: readonly HeaderPair[],
  available: readonly string[],
  listed: readonly string[],
  { rules, hasCache }: { rules: ListRules; hasCache: boolean },
): HeaderPair[] {
  const byDefault = hasCache ? rules.whenCached : rules.base;
  const result = [...pairs];
  const names = pairs.map(([name]) => name.toLowerCase());
  for (let index = 0; index + 1 < available.length; index += 2) {
    const name = available[index]!.toLowerCase();
    if (names.includes(name) || listed.includes(name) || !byDefault.includes(name)) continue;
    result.push([available[index]!, available[index + 1]!]);
  }
  for (const wanted of listed) replaceHeader(result, wanted, available);
  return result;
}

/** All that is available by this name takes the place of what is there, or comes last. */
function replaceHeader(pairs: HeaderPair[], wanted: string, available: readonly string[]): void {
  const isWanted = (name: string): boolean => name.toLowerCase() === wanted;
  const present = pairs.findIndex(([name]) => isWanted(name));
  const found: HeaderPair[] = [];
  for (let index = 0; index + 1 < available.length; index += 2) {
    const name = available[index]!;
    if (isWanted(name)) found.push([pairs[present]?.[0] ?? name, available[index + 1]!]);
  }
  if (found.length === 0) return;
  if (present < 0) {
    pairs.push(...found);
    return;
  }
  const others = pairs.filter(([name], index) => index <= present || !isWanted(name));
  others.splice(present, 1, ...found);
  pairs.splice(0, pairs.length, ...others);
}

/** The header block as it goes out, but for the `Connection` that Node adds when there is none. */
export function frameRemoteHeaders(pairs: readonly HeaderPair[], host: string, framing: Framing): HeaderPair[] {
  const result: HeaderPair[] = [];
  let hasHost = false;
  let isFramed = framing.kind === 'none';
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    if (lower === 'connection') {
      result.push([name, 'keep-alive']);
    } else if (lower === 'content-length') {
      if (framing.kind === 'length' && !isFramed) {
        result.push([name, framing.length]);
        isFramed = true;
      }
    } else {
      if (lower === 'host') hasHost = true;
      result.push([name, value]);
    }
  }
  if (!hasHost) result.unshift(['Host', host]);
  if (!isFramed) {
    result.push(framing.kind === 'length' ? ['Content-Length', framing.length] : ['Transfer-Encoding', 'chunked']);
  }
  return result;
}
