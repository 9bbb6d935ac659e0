/**
 * @module
 * `culvert serve`: the demo, the service worker, the runtime and the Bare server on one port, until a signal says that it is enough.
 */
import path from 'node:path';
import { readTls } from '../site/tls.js';
import { flag, list, value } from '../options/option.js';
import {
  oneOf,
  readBareServer,
  readDirectory,
  readHost,
  readPath,
  readPort,
  readResolveEntry,
  splitResolveEntries,
} from '../options/values.js';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { boundedWriter, describeSocket } from '@culvert/http2-describe';
import { startSite } from '../site/start-site.js';
import { closeOnSignal } from './close-on-signal.js';
import { defineCommand } from './command.js';
import { mergeGrants, readGrant } from './relay-values.js';

export const serve = defineCommand({
  name: 'serve',
  summary: 'Serves the proxy: the start page, the service worker and the Bare server, on one port.',
  options: {
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
  },
  async run(options, context) {
    const tls = readTls(
      { mode: options.tls, certFile: options['tls-cert'], keyFile: options['tls-key'] },
      { host: options.host, stateFolder: options.state, env: context.env },
    );
    const site = await startSite({
      port: options.port,
      host: options.host,
      directory: options.directory,
      ...(options['bare-server'] && { bareServer: options['bare-server'] }),
      ...(options.site !== undefined && { site: options.site }),
      upstream: {
        resolve: options.resolve,
        insecure: options.insecure,
        allowPrivate: options['allow-private'],
      },
      portOptions: {
        tunnels: options.tunnel,
        ...(tls && { tls: { cert: tls.cert, key: tls.key } }),
        ...(options.describe && { wrapConnection: describeConnections() }),
      },
      ...(options.relay.length > 0 && {
        relay: { grants: mergeGrants(options.relay), port: options['relay-port'] },
      }),
      invocation: context.invocation,
    });
    context.print(`Culvert is at ${site.url}`);
    if (site.relay) context.print(site.relay.description);
    if (site.secureUrl !== null) context.print(`With TLS, on the same port, it is at ${site.secureUrl}`);
    if (tls?.keptIn != null) context.print(`The self-signed certificate is ${tls.keptIn}`);
    if (site.secureUrl === null && !['localhost', '127.0.0.1', '::1'].includes(options.host)) {
      context.print(
        'Other machines can reach it too. Their browsers run service workers only over https: use --tls-cert, or put a TLS proxy in front.',
      );
    }
    return closeOnSignal(site, context);
  },
});

function describeConnections(): (socket: Socket) => Duplex {
  const { stdout } = process;
  const write = boundedWriter(stdout, 'text');
  const colour = stdout.isTTY && !process.env.NO_COLOR;
  return (socket) => describeSocket(socket, { write, colour });
}
