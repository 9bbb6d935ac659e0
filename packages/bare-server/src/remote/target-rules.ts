/**
 * @module
 * Allow and deny lists: rules that name hosts, addresses and ports. Which of them decide what is `address-judge`'s business.
 */
import ipaddr from 'ipaddr.js';
import { BareServerError } from '../errors.js';
import { effectiveAddress, type IpAddress } from './address-policy.js';

export interface TargetRule {
  /** Whether the rule is about addresses; else it is about names. */
  isAddressRule: boolean;
  /** @param host in lower case, without a dot at its end */
  matches(host: string, address: IpAddress | null, port: number): boolean;
}

/** `[2001:db8::]/32:443` */
const bracketed = /^\[([^\]]+)\](?:\/(\d{1,3}))?(?::(\d{1,5})(?:-(\d{1,5}))?)?$/;
/** `*.example.com:8000-9000`, `10.0.0.0/8` */
const plain = /^([^:/[\]\s]+)(?:\/(\d{1,3}))?(?::(\d{1,5})(?:-(\d{1,5}))?)?$/;
/** `2001:db8::/32`: nothing tells a port from the address, so there can be none. */
const bareIpv6 = /^([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:\/(\d{1,3}))?$/;

/** @throws BareServerError BARE_SERVER_BAD_RULE */
export function parseTargetRules(entries: readonly string[], option: string): TargetRule[] {
  return entries.map((entry) => parseRule(entry, option));
}

function parseRule(entry: string, option: string): TargetRule {
  const refuse = (reason: string): BareServerError =>
    new BareServerError(
      'BARE_SERVER_BAD_RULE',
      `Failed to read the rule ${JSON.stringify(entry)} of ${option}: ${reason}.`,
    );
  const match = bareIpv6.exec(entry) ?? bracketed.exec(entry) ?? plain.exec(entry);
  if (match === null)
    throw refuse('a rule is a name, an address or a range of addresses, and perhaps :port or :from-to');
  const [, host = '', bits, from, to] = match;
  const first = from === undefined ? 0 : Number(from);
  const last = to === undefined ? (from === undefined ? 65_535 : first) : Number(to);
  if (last > 65_535 || first > last) throw refuse('its ports are not a range from 0 to 65535');
  const hasPort = (port: number): boolean => port >= first && port <= last;

  if (ipaddr.isValid(host) && (host.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(host))) {
    const range = parseRange(host, bits, refuse);
    return {
      isAddressRule: true,
      matches: (_host, address, port) =>
        address !== null && address.kind() === range[0].kind() && address.match(range) && hasPort(port),
    };
  }
  if (bits !== undefined) throw refuse(`${JSON.stringify(host)} is not an address`);
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === '*') return { isAddressRule: false, matches: (_host, _address, port) => hasPort(port) };
  const suffix = name.startsWith('*.') ? name.slice(1) : null;
  if ((suffix ?? name).includes('*')) throw refuse('a star stands alone, or for what is before the first dot');
  return {
    isAddressRule: false,
    matches: (candidate, _address, port) =>
      (suffix === null ? candidate === name : candidate.endsWith(suffix)) && hasPort(port),
  };
}

function parseRange(
  host: string,
  bits: string | undefined,
  refuse: (reason: string) => BareServerError,
): [IpAddress, number] {
  const address = ipaddr.parse(host);
  const effective = bits === undefined ? effectiveAddress(address) : address;
  const most = effective.kind() === 'ipv4' ? 32 : 128;
  if (bits !== undefined && Number(bits) > most) throw refuse(`/${bits} is more than the ${most} bits of an address`);
  return [effective, bits === undefined ? most : Number(bits)];
}
