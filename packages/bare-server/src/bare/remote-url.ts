/**
 * @module
 * A remote's URL from the four parts that v1 and v2 name it by. Each part is checked by itself, so that none can reach into
 * another: a host with a slash in it, or a path with two, would name another host than the one that is looked at.
 */
import { isIP } from 'node:net';
import type { BareProtocolError } from '@culvert/bare-protocol';

export interface RemoteParts {
  host: string;
  port: string;
  protocol: string;
  path: string;
}

/** @throws what `invalid` makes of the part that is wrong */
export function remoteUrlFromParts(
  { host, port, protocol, path }: RemoteParts,
  protocols: readonly string[],
  invalid: (part: keyof RemoteParts, reason: string) => BareProtocolError,
): URL {
  if (!protocols.includes(protocol)) {
    throw invalid('protocol', `is ${JSON.stringify(protocol)}; it has to be ${protocols.join(' or ')}`);
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    throw invalid('port', `is ${JSON.stringify(port)}, which is not a port`);
  }
  const name = isIP(host) === 6 ? `[${host}]` : host;
  if (!/^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\\[\]]+)$/.test(name) || !URL.canParse(`http://${name}/`)) {
    throw invalid('host', `is ${JSON.stringify(host)}, which is not a host`);
  }
  if (!path.startsWith('/')) throw invalid('path', `is ${JSON.stringify(path)}; it has to begin with a slash`);
  return new URL(`${protocol}//${name}:${Number(port)}${path.replace(/#.*$/s, '')}`);
}
