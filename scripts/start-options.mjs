/**
 * Reads the options of `npm start` from the command line and the environment. The command line wins; lists add up.
 */
import { isIP } from 'node:net';

export const usage = `Usage: npm start -- [options]

Starts Culvert: builds it if its sources changed, then serves the demo, the service worker and the Bare server.

  --port <number>               port to listen on; 0 takes any free one (PORT; 8080)
  --host <name or address>      address to listen on; 0.0.0.0 for all of this machine's (HOST; localhost)
  --resolve <host:port:address> reach host:port at this address, as with curl; * stands for any host or any port;
                                may be repeated (CULVERT_RESOLVE, comma separated)
  --insecure                    accept any TLS certificate of a site (CULVERT_INSECURE=1)
  --allow-private               let pages reach private and local addresses (CULVERT_ALLOW_PRIVATE=1)
  --help                        show this
`;

/** An option that cannot be used as it is written. */
export class OptionError extends Error {
  constructor(message) {
    super(message);
    this.name = 'OptionError';
  }
}

/** How the value of each option is read into the result. */
const options = {
  '--port': { env: 'PORT', takesValue: true, read: (result, value, name) => (result.port = parsePort(value, name)) },
  '--host': { env: 'HOST', takesValue: true, read: (result, value, name) => (result.host = parseHost(value, name)) },
  '--resolve': {
    env: 'CULVERT_RESOLVE',
    takesValue: true,
    isList: true,
    read: (result, value, name) => result.upstream.resolve.push(checkResolve(value, name)),
  },
  '--insecure': { env: 'CULVERT_INSECURE', read: (result, value) => (result.upstream.insecure = value) },
  '--allow-private': { env: 'CULVERT_ALLOW_PRIVATE', read: (result, value) => (result.upstream.allowPrivate = value) },
  '--help': { read: (result, value) => (result.help = value) },
};

/**
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 * @returns {import('./start-options.d.mts').StartOptions}
 * @throws {OptionError}
 */
export function parseStartOptions(args, env = {}) {
  const result = {
    help: false,
    port: 8080,
    host: 'localhost',
    upstream: { resolve: [], insecure: false, allowPrivate: false },
  };
  readEnvironment(result, env);
  for (let i = 0; i < args.length; i++) {
    const [name, inlineValue] = splitArgument(args[i]);
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw new OptionError(`Unknown option ${args[i]}.${suggest(name)} See npm start -- --help`);
    if (!option.takesValue) {
      if (inlineValue !== undefined) throw new OptionError(`${name} takes no value, but got "${inlineValue}".`);
      option.read(result, true, name);
      continue;
    }
    const value = inlineValue ?? args[++i];
    if (value === undefined || (inlineValue === undefined && value.startsWith('--'))) {
      throw new OptionError(`${name} needs a value: ${example(name)}`);
    }
    option.read(result, value, name);
  }
  return result;
}

function readEnvironment(result, env) {
  for (const option of Object.values(options)) {
    const value = option.env && env[option.env];
    if (!value) continue;
    if (!option.takesValue) option.read(result, parseFlag(value, option.env), option.env);
    else for (const item of option.isList ? splitList(value) : [value]) option.read(result, item, option.env);
  }
}

function splitArgument(argument) {
  const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
  return equals < 0 ? [argument] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

/** Entries of the variable. Commas part the addresses within an entry as well: an address alone goes with what it follows. */
function splitList(value) {
  const entries = [];
  for (const item of value.split(',').map((part) => part.trim())) {
    if (entries.length > 0 && isAddress(item)) entries.push(`${entries.pop()},${item}`);
    else if (item) entries.push(item);
  }
  return entries;
}

function isAddress(text) {
  return isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

function example(name) {
  return { '--port': '--port 8080', '--host': '--host 0.0.0.0', '--resolve': '--resolve example.com:443:127.0.0.1' }[
    name
  ];
}

function suggest(name) {
  const known = Object.keys(options).find(
    (option) => option.replace(/-/g, '') === name.replace(/-/g, '').toLowerCase(),
  );
  return known ? ` Did you mean ${known}?` : '';
}

function parsePort(value, name) {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65535) {
    throw new OptionError(`${name} is "${value}", which is no port. Use a number from 0 to 65535, for example 8080.`);
  }
  return port;
}

function parseHost(value, name) {
  const host = value.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host)) return host;
  throw new OptionError(
    `${name} is "${value}", which is no host name and no address. Give it without a scheme and a port, for example 0.0.0.0.`,
  );
}

function parseFlag(value, name) {
  if (value === '1' || value === 'true') return true;
  if (value === '0' || value === 'false') return false;
  throw new OptionError(`${name} is "${value}". Use 1 or 0.`);
}

/** curl's `[+]host:port:address[,address...]`; IPv6 may stand in brackets. What it means is the Bare server's business. */
function checkResolve(value, name) {
  const wrong = (why) =>
    new OptionError(`${name} is "${value}": ${why}. It is host:port:address, for example example.com:443:127.0.0.1.`);
  const match = /^(\[[^\]]*\]|[^:]*):([^:]*):(.+)$/.exec(value);
  if (!match) throw wrong('it does not have three parts');
  const [, host, port, addresses] = match;
  if (host === '' || host === '+') throw wrong('the host is missing');
  if (port !== '*' && (!/^\d+$/.test(port) || Number(port) > 65535)) throw wrong(`"${port}" is no port`);
  for (const address of addresses.split(',')) {
    if (!isAddress(address)) throw wrong(`"${address}" is no IP address`);
  }
  return value;
}
