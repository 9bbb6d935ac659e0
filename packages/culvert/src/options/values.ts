/**
 * @module
 * How the values of options are read: ports, hosts, entries of `--resolve`.
 */
import { isIP } from 'node:net';
import path from 'node:path';
import { OptionError } from './errors.js';

export function readPort(text: string, name: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new OptionError(`${name} is "${text}", which is no port. Use a number from 0 to 65535, for example 8080.`);
  }
  return port;
}

export function readHost(text: string, name: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host)) return host;
  throw new OptionError(
    `${name} is "${text}", which is no host name and no address. Give it without a scheme and a port, for example 0.0.0.0.`,
  );
}

/** A whole number that is not negative. */
export function readAmount(text: string, name: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new OptionError(`${name} is "${text}", which is no whole number. Use for example 100.`);
}

/** What it may hold, its user says. */
export function readText(text: string, name: string): string {
  if (text !== '') return text;
  throw new OptionError(`${name} is empty. Give it a value, or leave it out.`);
}

export function readRedisUrl(text: string, name: string): string {
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text;
  throw new OptionError(
    `${name} is "${text}", which is no redis: or rediss: URL. Use for example redis://localhost:6379.`,
  );
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): (text: string, name: string) => T {
  return (text, name) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new OptionError(`${name} is "${text}". Use ${words.join(' or ')}.`);
  };
}

export function readPath(text: string, name: string): string {
  if (text === '') throw new OptionError(`${name} is empty. Give a path.`);
  return path.resolve(text);
}

export function readDirectory(text: string, name: string): string {
  if (/^\/([\w.~-]+\/)+$/.test(text) && !text.startsWith('/service/')) return text;
  const rule = 'A directory begins and ends with a slash, and is neither / nor below /service/: for example /bare/.';
  throw new OptionError(`${name} is "${text}". ${rule}`);
}

export function readBareServer(text: string, name: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '') && text.endsWith('/')) return text;
  throw new OptionError(
    `${name} is "${text}". Give the whole URL of a Bare server, for example https://home.example.com/bare/.`,
  );
}

export function readBareLocation(text: string, name: string): string {
  // Relative ones are those of the page: any base does to see whether it is a URL.
  if (text !== '' && URL.canParse(text, 'http://x/') && /^https?:$/.test(new URL(text, 'http://x/').protocol))
    return text;
  throw new OptionError(
    `${name} is "${text}", which is no http: or https: URL. Use for example https://bare.example/.`,
  );
}

export function readScope(text: string, name: string): string {
  if (/^\/?([\w.~-]+\/)+$/.test(text)) return text;
  throw new OptionError(`${name} is "${text}". A scope is a path that ends with a slash, for example service/.`);
}

/** curl's `[+]host:port:address[,address...]`; IPv6 may stand in brackets. What it means is the Bare server's business. */
export function readResolveEntry(text: string, name: string): string {
  const wrong = (why: string): OptionError =>
    new OptionError(`${name} is "${text}": ${why}. It is host:port:address, for example example.com:443:127.0.0.1.`);
  const [, host, port, addresses] = /^(\[[^\]]*\]|[^:]*):([^:]*):(.+)$/.exec(text) ?? [];
  if (host === undefined || port === undefined || addresses === undefined) throw wrong('it does not have three parts');
  if (host === '' || host === '+') throw wrong('the host is missing');
  if (port !== '*' && (!/^\d+$/.test(port) || Number(port) > 65535)) throw wrong(`"${port}" is no port`);
  for (const address of addresses.split(',')) {
    if (!isAddress(address)) throw wrong(`"${address}" is no IP address`);
  }
  return text;
}

/** Entries of the variable. Commas part the addresses within an entry as well: an address alone goes with what it follows. */
export function splitResolveEntries(text: string): string[] {
  const entries: string[] = [];
  for (const item of text.split(',').map((part) => part.trim())) {
    const last = entries.at(-1);
    if (last !== undefined && isAddress(item)) entries[entries.length - 1] = `${last},${item}`;
    else if (item) entries.push(item);
  }
  return entries;
}

function isAddress(text: string): boolean {
  return isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
