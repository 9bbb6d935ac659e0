/**
 * @module
 * `culvert join`: this machine as a device of a relay. Clients of the relay reach what it exposes, a port or a Bare server, although
 * nothing can connect to it.
 */
import { createDevice, type Exposure, type Registered } from '@culvert/m-proxy/tunnel';
import { OptionError } from '../options/errors.js';
import { flag, list, value } from '../options/option.js';
import { readDirectory, readResolveEntry, splitResolveEntries } from '../options/values.js';
import { createBareEndpoint } from '../site/bare-endpoint.js';
import { closeOnSignal } from './close-on-signal.js';
import { defineCommand } from './command.js';
import { readExposure, readRelayUrl } from './relay-values.js';

export const join = defineCommand({
  name: 'join',
  summary: 'Makes what runs behind NAT reachable through a relay: a port of this machine, or a Bare server.',
  positionals: '<relay>',
  options: {
    token: list({
      placeholder: '<token>',
      env: 'CULVERT_TOKEN',
      example: 'secret',
      help: 'what the relay knows this device by',
      read: (text) => text,
    }),
    expose: list({
      placeholder: '<port>',
      env: 'CULVERT_EXPOSE',
      example: '3000',
      help: 'where clients go: a port, host:port, or https=8443, app.example.com=3000 for some of them',
      read: readExposure,
    }),
    bare: flag({ env: 'CULVERT_BARE', help: 'serve a Bare server to the clients' }),
    directory: value({
      placeholder: '<path>',
      env: 'CULVERT_DIRECTORY',
      example: '/bare/',
      help: 'path of the Bare server',
      fallback: '/bare/',
      read: readDirectory,
    }),
    resolve: list({
      placeholder: '<host:port:address>',
      env: 'CULVERT_RESOLVE',
      example: 'example.com:443:127.0.0.1',
      help: 'the Bare server reaches host:port at this address, as with curl',
      read: readResolveEntry,
      split: splitResolveEntries,
    }),
    insecure: flag({ env: 'CULVERT_INSECURE', help: 'the Bare server accepts any TLS certificate of a site' }),
    'allow-private': flag({
      env: 'CULVERT_ALLOW_PRIVATE',
      help: 'the Bare server reaches private and local addresses, which are refused without',
    }),
  },
  async run(options, context) {
    const [address, ...more] = context.positionals;
    if (address === undefined || more.length > 0) {
      throw new OptionError('Give the URL of one relay, for example wss://relay.example.com.');
    }
    const relay = readRelayUrl(address);
    if (options.token.length === 0) throw new OptionError('--token is missing: the relay knows a device by it.');
    if (options.expose.length === 0 && !options.bare) {
      throw new OptionError('There is nothing to expose. Give a port (--expose 3000) or --bare.');
    }
    const expose: Exposure[] = [...options.expose];
    const bare = options.bare
      ? createBareEndpoint({
          directory: options.directory,
          upstream: {
            resolve: options.resolve,
            insecure: options.insecure,
            allowPrivate: options['allow-private'],
          },
        })
      : null;
    if (bare) expose.push({ to: bare.server });

    const device = createDevice({ relay, tokens: options.token, expose });
    const failed = new Promise<Error>((resolve) => device.on('failed', resolve));
    device.on('online', (registered) => {
      for (const line of describe(registered, relay, bare ? options.directory : '')) context.print(line);
    });
    device.on('offline', (error) => {
      context.printError(`No tunnel to ${relay.host}: ${error?.message ?? 'it has ended'} Connecting again.`);
    });
    device.on('refused', (error) => context.printError(error.message));
    // `failed` tells the same, also later on.
    device.start().catch(() => undefined);
    const close = (): void => {
      device.close();
      bare?.close();
    };
    return closeOnSignal({ close }, context, { failed });
  },
});

/** One line for each way to this device. The relay's port for host names is the relay's to tell. */
function describe(registered: readonly Registered[], relay: URL, path: string): string[] {
  return registered.flatMap(({ device, names, ports }) => [
    `Joined ${relay.host} as ${device}.`,
    ...names.map((name) => `Clients of the host name ${name} come here${path && `: http://${name}:<port>${path}`}`),
    ...ports.map(({ port, service }) =>
      path
        ? `Clients of port ${port} come here: http://${relay.hostname}:${port}${path}`
        : `Clients of port ${port} come here: ${service}`,
    ),
  ]);
}
