/**
 * @module
 * The `--resolve` table: addresses that stand in for DNS, in curl's syntax.
 */
import { isIP } from 'node:net';
import { BareServerError } from '../errors.js';
import { stripBrackets } from './address-policy.js';

export interface ResolveTable {
  /** The addresses for a host and port, or null when DNS decides. */
  find(host: string, port: number): string[] | null;
}

const entrySyntax = /^[+]?(\*|\[[0-9A-Fa-f:.]+\]|[^:*[\]]+):(\*|\d{1,5}):(.+)$/;

/** @throws BareServerError BARE_SERVER_BAD_RESOLVE_ENTRY */
export function parseResolveTable(entries: readonly string[]): ResolveTable {
  const table = new Map<string, string[]>();
  for (const entry of entries) {
    const [, host, port, addresses] = entrySyntax.exec(entry) ?? [];
    if (host === undefined || port === undefined || addresses === undefined || Number(port) > 65535) {
      throw badEntry(entry, 'the form is host:port:address');
    }
    const list = addresses.split(',').map((address) => stripBrackets(address.trim()));
    const wrong = list.find((address) => isIP(address) === 0);
    if (wrong !== undefined) throw badEntry(entry, `${JSON.stringify(wrong)} is not an IP address`);
    table.set(key(stripBrackets(host), port), list);
  }
  return {
    find(host, port) {
      if (table.size === 0) return null;
      return (
        table.get(key(host, port)) ??
        table.get(key(host, '*')) ??
        table.get(key('*', port)) ??
        table.get(key('*', '*')) ??
        null
      );
    },
  };
}

function key(host: string, port: string | number): string {
  return `${host.toLowerCase().replace(/\.$/, '')}:${typeof port === 'string' && port !== '*' ? Number(port) : port}`;
}

function badEntry(entry: string, reason: string): BareServerError {
  return new BareServerError(
    'BARE_SERVER_BAD_RESOLVE_ENTRY',
    `Failed to read the resolve entry ${JSON.stringify(entry)}: ${reason}.`,
  );
}
