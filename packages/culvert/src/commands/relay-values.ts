/**
 * @module
 * How the options of relays and devices are read: `--relay`, `--expose` and the relay's URL.
 */
import { createHash } from 'node:crypto';
import type { Exposure, Grant } from '@culvert/m-proxy/tunnel';
import { OptionError } from '../options/errors.js';
import { readHost, readPort } from '../options/values.js';

export interface TokenGrant {
  token: string;
  grant: Grant;
}

/** `token:route,...`: a route is a host name, `*.example.com` or `*`, or a port. */
export function readGrant(text: string, name: string): TokenGrant {
  const [, token, routes] = /^([^:\s]+):(\S+)$/.exec(text) ?? [];
  if (token === undefined || routes === undefined) {
    throw new OptionError(
      `${name} is "${hideToken(text)}". It is token:route,... with host names and ports, for example secret:home.example.com,0.`,
    );
  }
  const names: string[] = [];
  const ports: number[] = [];
  for (const route of routes.split(',')) {
    if (/^\d+$/.test(route)) ports.push(readPort(route, name));
    else names.push(route === '*' ? route : readPattern(route, name));
  }
  // What a device is called shows in the log, and must not tell its token.
  const device = names[0] ?? `device-${createHash('sha256').update(token).digest('hex').slice(0, 8)}`;
  return { token, grant: { device, names, ports } };
}

function readPattern(route: string, name: string): string {
  return route.startsWith('*.') ? `*.${readHost(route.slice(2), name)}` : readHost(route, name);
}

/** The last of two grants of one token holds. */
export function mergeGrants(grants: readonly TokenGrant[]): Record<string, Grant> {
  return Object.fromEntries(grants.map(({ token, grant }) => [token, grant]));
}

/** `[condition=][host:]port`: the condition is a service (http, https, tcp) or a host name. */
export function readExposure(text: string, name: string): Exposure {
  const [, condition, host, port] = /^(?:([^=]+)=)?(?:(\[[^\]]+\]|[^:]+):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined) {
    throw new OptionError(
      `${name} is "${text}". It is a port of this machine, host:port, or one of these with a service or a host name before it, for example 3000 or https=8443.`,
    );
  }
  const to = { port: readPort(port, name), ...(host !== undefined && { host: readHost(host, name) }) };
  if (condition === undefined) return { to };
  if (['http', 'https', 'tcp'].includes(condition)) return { service: condition, to };
  return { name: readPattern(condition, name), to };
}

/** @throws OptionError */
export function readRelayUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^(?:wss?|https?|tcp|tls):$/.test(url.protocol) && url.hostname !== '') return url;
  throw new OptionError(`The relay is "${text}". Give its URL, for example wss://relay.example.com.`);
}

function hideToken(text: string): string {
  return text.replace(/^[^:]*/, '...');
}
