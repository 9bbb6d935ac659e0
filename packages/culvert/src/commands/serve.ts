/**
 * @module
 * `culvert serve`: the demo, the service worker, the runtime and the Bare server on one port, until a signal says that it is enough.
 */
import { flag, list, value } from '../options/option.js';
import {
  readBareServer,
  readDirectory,
  readHost,
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
    const site = await startSite({
      port: options.port,
      host: options.host,
      directory: options.directory,
      ...(options['bare-server'] && { bareServer: options['bare-server'] }),
      upstream: {
        resolve: options.resolve,
        insecure: options.insecure,
        allowPrivate: options['allow-private'],
      },
      ...(options.relay.length > 0 && {
        relay: { grants: mergeGrants(options.relay), port: options['relay-port'] },
      }),
      invocation: context.invocation,
      ...(options.describe && { wrapConnection: describeConnections() }),
    });
    context.print(`Culvert is at ${site.url}`);
    if (site.relay) context.print(site.relay.description);
    if (!['localhost', '127.0.0.1', '::1'].includes(options.host)) {
      context.print(
        'Other machines can reach it too. Their browsers run service workers only over https: put a TLS proxy in front.',
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
