/**
 * @module
 * `culvert serve`: the demo, the service worker, the runtime and the Bare server on one port, until a signal says that it is enough.
 */
import { flag, list, value } from '../options/option.js';
import { readDirectory, readHost, readPort, readResolveEntry, splitResolveEntries } from '../options/values.js';
import { startSite, type Site } from '../site/start-site.js';
import { defineCommand, type CommandContext } from './command.js';

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
  },
  async run(options, context) {
    const site = await startSite({
      port: options.port,
      host: options.host,
      directory: options.directory,
      upstream: {
        resolve: options.resolve,
        insecure: options.insecure,
        allowPrivate: options['allow-private'],
      },
      invocation: context.invocation,
    });
    context.print(`Culvert is at ${site.url}`);
    if (!['localhost', '127.0.0.1', '::1'].includes(options.host)) {
      context.print(
        'Other machines can reach it too. Their browsers run service workers only over https: put a TLS proxy in front.',
      );
    }
    return closeOnSignal(site, context);
  },
});

/** Milliseconds that closing may take. */
const closeTimeout = 2000;

function closeOnSignal(site: Site, { printError }: CommandContext): Promise<number> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      // Nothing may keep a stopped server alive: not a connection, not a failing close.
      setTimeout(() => resolve(0), closeTimeout).unref();
      site.close().then(
        () => resolve(0),
        (error: unknown) => {
          printError(`Failed to close the server: ${String(error)}`);
          resolve(1);
        },
      );
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}
