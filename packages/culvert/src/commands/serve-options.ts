/**
 * @module
 * The options of `culvert serve`, in the order that `--help` has them.
 */
import path from 'node:path';
import { defaults } from '@culvert/bare-server';
import { flag, list, value } from '../options/option.js';
import {
  oneOf,
  readAmount,
  readBareServer,
  readDirectory,
  readHost,
  readPath,
  readPort,
  readRedisUrl,
  readResolveEntry,
  readText,
  splitResolveEntries,
} from '../options/values.js';
import { readGrant } from './relay-values.js';

/** A number that a limit of the Bare server takes; its own default where nothing is said. */
const limit = (name: string, help: string, fallback: number, example: string) =>
  value<number>({ placeholder: '<number>', env: `CULVERT_${name}`, example, help, fallback, read: readAmount });

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

export const serveOptions = {
  port: value({
    placeholder: '<number>',
    env: 'PORT',
    example: '8080',
    help: 'port to listen on; 0 takes any free one',
    fallback: 8080,
    read: readPort,
  }),
  host: value({
    placeholder: '<name or address>',
    env: 'HOST',
    example: '0.0.0.0',
    help: "address to listen on; 0.0.0.0, or :: with IPv6, for all of this machine's",
    fallback: 'localhost',
    read: readHost,
  }),
  directory: value({
    placeholder: '<path>',
    env: 'CULVERT_DIRECTORY',
    example: '/bare/',
    help: 'path of the Bare server',
    fallback: '/bare/',
    read: readDirectory,
  }),
  'bare-server': value({
    placeholder: '<url>',
    env: 'CULVERT_BARE_SERVER',
    example: 'https://home.example.com/bare/',
    help: 'pages go through this Bare server, behind a relay for instance, and not through the one served here',
    fallback: '',
    read: readBareServer,
  }),
  tls: value({
    placeholder: '<self-signed>',
    env: 'CULVERT_TLS',
    example: 'self-signed',
    help: 'answer TLS too, with a certificate that is made once and kept; where, is printed',
    fallback: null,
    read: oneOf('self-signed'),
  }),
  'tls-cert': value({
    placeholder: '<file>',
    env: 'CULVERT_TLS_CERT',
    example: 'fullchain.pem',
    help: 'answer TLS too, with this certificate and the chain behind it, as PEM',
    fallback: null,
    read: readPath,
  }),
  'tls-key': value({
    placeholder: '<file>',
    env: 'CULVERT_TLS_KEY',
    example: 'privkey.pem',
    help: 'the private key of --tls-cert, as PEM',
    fallback: null,
    read: readPath,
  }),
  state: value({
    placeholder: '<folder>',
    env: 'CULVERT_STATE',
    example: '/var/lib/culvert',
    help: 'where what is made once is kept; ~/.local/state/culvert without it',
    fallback: null,
    read: readPath,
  }),
  tunnel: value({
    placeholder: '<self|forward|refuse>',
    env: 'CULVERT_TUNNEL',
    example: 'forward',
    help: 'what a proxy request (CONNECT, or for an absolute URL) leads to: this server itself, the outside, or, for CONNECT, nothing',
    fallback: 'self',
    read: oneOf('self', 'forward', 'refuse'),
  }),
  site: value<string | undefined>({
    placeholder: '<folder>',
    env: 'CULVERT_SITE',
    example: 'public',
    help: 'serve this folder in the place of the start page',
    fallback: undefined,
    read: (text) => path.resolve(text),
  }),
  resolve: list({
    placeholder: '<host:port:address>',
    env: 'CULVERT_RESOLVE',
    example: 'example.com:443:127.0.0.1',
    help: 'reach host:port at this address, as with curl; * stands for any host or any port',
    read: readResolveEntry,
    split: splitResolveEntries,
  }),
  insecure: flag({ env: 'CULVERT_INSECURE', help: 'accept any TLS certificate of a site' }),
  'allow-private': flag({
    env: 'CULVERT_ALLOW_PRIVATE',
    help: 'let pages reach private and local addresses, which are refused without',
  }),
  describe: flag({ env: 'CULVERT_DESCRIBE', help: 'tell what the connections to this server carry, byte by byte' }),
  relay: list({
    placeholder: '<token:route,...>',
    env: 'CULVERT_RELAY',
    example: 'secret:home.example.com',
    help: 'be a relay: who joins with this token gets the clients of these host names, and these ports (0: a free one)',
    read: readGrant,
    split: (text) => text.split(/\s+/).filter(Boolean),
  }),
  'relay-port': value({
    placeholder: '<number>',
    env: 'CULVERT_RELAY_PORT',
    example: '8081',
    help: 'where clients come that are told apart by host name, http and https alike',
    fallback: 8081,
    read: readPort,
  }),
  token: value<string | null>({
    placeholder: '<secret>',
    env: 'CULVERT_TOKEN',
    example: 'a-long-secret',
    help: 'who uses the Bare server has to know it: as Authorization: Bearer, or as a directory below its own; the start page is told',
    fallback: null,
    read: readText,
  }),
  'allow-origin': list({
    placeholder: '<origin>',
    env: 'CULVERT_ALLOW_ORIGIN',
    example: 'https://site.example',
    help: 'only pages of these origins may use the Bare server',
    read: readText,
    split: words,
  }),
  'trust-proxy': list({
    placeholder: '<address or range>',
    env: 'CULVERT_TRUST_PROXY',
    example: 'loopback',
    help: 'reverse proxies whose X-Forwarded-For is believed',
    read: readText,
    split: words,
  }),
  allow: list({
    placeholder: '<host or range>',
    env: 'CULVERT_ALLOW',
    example: '*.example.com:443',
    help: 'reach these hosts and addresses only, :port or :from-to behind them; a range may be private',
    read: readText,
    split: words,
  }),
  deny: list({
    placeholder: '<host or range>',
    env: 'CULVERT_DENY',
    example: '198.51.100.0/24',
    help: 'never reach these',
    read: readText,
    split: words,
  }),
  'max-connections': limit(
    'MAX_CONNECTIONS',
    'connections of one client address',
    defaults.maxConnectionsPerClient,
    '100',
  ),
  'max-requests': limit(
    'MAX_REQUESTS',
    'requests and WebSockets of one client address at a time',
    defaults.maxRequestsPerClient,
    '200',
  ),
  'max-body-size': limit('MAX_BODY_SIZE', 'bytes of the largest request body', defaults.maxBodySize, '100000000'),
  'http2-origins': flag({
    env: 'CULVERT_HTTP2_ORIGINS',
    help: 'HTTP/2 to sites that offer it; names of headers become lower case there',
  }),
  'meta-store': value<string | null>({
    placeholder: '<redis://...>',
    env: 'CULVERT_META_STORE',
    example: 'redis://localhost:6379',
    help: 'where WebSockets of Bare v1 and v2 are remembered, for several machines that serve as one; in memory without it',
    fallback: null,
    read: readRedisUrl,
  }),
  'metrics-token': value<string | null>({
    placeholder: '<secret>',
    env: 'CULVERT_METRICS_TOKEN',
    example: 'another-secret',
    help: 'for /metrics from other machines; without it they are for this machine only',
    fallback: null,
    read: readText,
  }),
  log: flag({
    env: 'CULVERT_LOG',
    help: 'write a line of JSON for each request of the Bare server, without paths and secrets',
  }),
  workers: value<number>({
    placeholder: '<number>',
    env: 'CULVERT_WORKERS',
    example: '4',
    help: 'processes that serve the port together',
    fallback: 1,
    read: readAmount,
  }),
  'drain-timeout': value<number>({
    placeholder: '<seconds>',
    env: 'CULVERT_DRAIN_TIMEOUT',
    example: '30',
    help: 'after SIGTERM, how long requests under way may take to finish; SIGINT (Ctrl+C) does not wait',
    fallback: 10,
    read: readAmount,
  }),
};
