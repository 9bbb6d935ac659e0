/**
 * @module
 * The headers of a WebSocket handshake as a browser writes them.
 */
import { groupHeaders, type BareHeaders, type HeaderPair } from '@culvert/bare-protocol';
import { checkHeaders, hasHeader } from '../header-pairs.js';

/**
 * A browser's headers in its order; what the caller gives replaces ours in place.
 *
 * @throws BareError INVALID_HEADER
 */
export function handshakeHeaders(remote: URL, given: HeaderPair[], origin: string | undefined): BareHeaders {
  const { location, navigator } = globalThis as { location?: { origin: string }; navigator?: { userAgent: string } };
  const defaults: HeaderPair[] = [
    ['Host', remote.host],
    ['Connection', 'Upgrade'],
    ['Pragma', 'no-cache'],
    ['Cache-Control', 'no-cache'],
  ];
  if (navigator) defaults.push(['User-Agent', navigator.userAgent]);
  defaults.push(['Upgrade', 'websocket']);
  const announced = origin ?? location?.origin;
  if (announced !== undefined) defaults.push(['Origin', announced]);
  // Those that replace one of ours come first, in our order.
  const replacing = defaults.flatMap(([name, value]): HeaderPair[] => {
    const own = given.filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase());
    return own.length > 0 ? own : [[name, value]];
  });
  return toSocketHeaders(remote, [
    ...replacing,
    ...given.filter(([name]) => !hasHeader(replacing, name.toLowerCase())),
  ]);
}

/** Pairs as the object on the wire. @throws BareError INVALID_HEADER */
export function toSocketHeaders(remote: URL, pairs: HeaderPair[]): BareHeaders {
  const checked = checkHeaders(pairs, remote.href, (reason) => `Failed to connect to ${remote.href}: ${reason}.`);
  return Object.fromEntries(groupHeaders(checked));
}
