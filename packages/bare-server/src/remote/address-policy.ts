/**
 * @module
 * Which addresses a Bare server may be sent to. Anyone who can reach the server can name any host, so only what is on the public
 * internet is allowed: everything else is the network that the server stands in. Names are judged by what they resolve to.
 */
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

export interface AddressVerdict {
  isAllowed: boolean;
  /** The range the address lies in, such as `loopback` or `unicast`. */
  range: string;
}

/** Judges one IP address in any spelling that Node's resolver or a URL's host can have. */
export function judgeAddress(address: string): AddressVerdict {
  const text = stripBrackets(address);
  if (!ipaddr.isValid(text)) return { isAllowed: false, range: 'invalid' };
  const range = effectiveAddress(ipaddr.parse(text)).range();
  return { isAllowed: range === 'unicast', range };
}

export function stripBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** One spelling for each address, so that two can be compared. */
export function normalizeAddress(address: string): string {
  const text = stripBrackets(address);
  return ipaddr.isValid(text) ? effectiveAddress(ipaddr.parse(text)).toNormalizedString() : text;
}

/** An IPv6 address that only carries an IPv4 one is that one: the system, or a NAT64 gateway, will connect to it. */
export function effectiveAddress(address: IpAddress): IpAddress {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const { parts } = address;
  const startsWith = (...prefix: number[]): boolean => prefix.every((part, index) => parts[index] === part);
  const isMapped = startsWith(0, 0, 0, 0, 0, 0xffff);
  const isTranslated = startsWith(0x64, 0xff9b, 0, 0, 0, 0);
  // IPv4-compatible (::a.b.c.d), but for :: and ::1, which are themselves.
  const isCompatible = startsWith(0, 0, 0, 0, 0, 0) && (parts[6] !== 0 || parts[7]! > 1);
  if (!isMapped && !isTranslated && !isCompatible) return address;
  const [high, low] = [parts[6]!, parts[7]!];
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}
