/**
 * @module
 * `culvert serve`: the demo, the service worker, the runtime and the Bare server on one port, until a signal says that it is enough.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectRedisMetaStore, jsonLog, runWorkers, type BareServerOptions } from '@culvert/bare-server';
import { boundedWriter, describeSocket } from '@culvert/http2-describe';
import { OptionError } from '../options/errors.js';
import type { OptionValues } from '../options/option.js';
import { startSite, type Site } from '../site/start-site.js';
import { readTls, type TlsMaterial } from '../site/tls.js';
import { closeOnSignal } from './close-on-signal.js';
import { defineCommand, type CommandContext } from './command.js';
import { mergeGrants } from './relay-values.js';
import { serveOptions } from './serve-options.js';

type Options = OptionValues<typeof serveOptions>;

export const serve = defineCommand({
  name: 'serve',
  summary: 'Serves the proxy: the start page, the service worker and the Bare server, on one port.',
  options: serveOptions,
  async run(options, context) {
    checkTogether(options);
    const tls = readTls(
      { mode: options.tls, certFile: options['tls-cert'], keyFile: options['tls-key'] },
      { host: options.host, stateFolder: options.state, env: context.env },
    );
    const metaStore = options['meta-store'] === null ? null : await connectRedisMetaStore(options['meta-store']);
    const shared = metaStore && { metaStore };
    const gracePeriod = options['drain-timeout'] * 1000;
    if (options.workers > 1) {
      const { close } = await runWorkers({
        count: options.workers,
        closeTimeout: gracePeriod + 2000,
        onWorkerDeath: context.printError,
        async start(fromPrimary) {
          const site = await startSite(siteOptions(options, context, tls, { ...fromPrimary, ...shared }));
          return { metrics: site.metrics, close: () => site.close(gracePeriod) };
        },
      });
      const authority = `${options.host}:${options.port}`;
      context.print(`Culvert is at http://${authority}/, served by ${options.workers} processes.`);
      return closeOnSignal({ close }, context, { gracePeriod });
    }
    const site = await startSite(siteOptions(options, context, tls, { ...shared }));
    announce(site, options, tls, context);
    const running = {
      async close(signal: NodeJS.Signals): Promise<void> {
        await site.close(signal === 'SIGTERM' ? gracePeriod : 0);
        await metaStore?.close();
      },
    };
    return closeOnSignal(running, context, { gracePeriod });
  },
});

/** @throws OptionError */
function checkTogether(options: Options): void {
  if (options.token !== null && options.tunnel === 'forward') {
    throw new OptionError('--token and --tunnel forward cannot be used together: a tunnel is opened without a token.');
  }
  if (options.workers < 2) return;
  if (options.port === 0)
    throw new OptionError('--workers needs a --port of its own, not 0: all have to open the same one.');
  const alone = options.relay.length > 0 ? '--relay' : options.describe ? '--describe' : null;
  if (alone !== null) throw new OptionError(`${alone} needs one process: leave --workers out.`);
}

function siteOptions(
  options: Options,
  context: CommandContext,
  tls: TlsMaterial | null,
  shared: Pick<BareServerOptions, 'metaStore' | 'collectMetrics'>,
): Parameters<typeof startSite>[0] {
  const origins = options['allow-origin'];
  return {
    port: options.port,
    host: options.host,
    directory: options.directory,
    ...(options['bare-server'] && { bareServer: options['bare-server'] }),
    ...(options.site !== undefined && { site: options.site }),
    upstream: {
      resolve: options.resolve,
      insecure: options.insecure,
      allowPrivate: options['allow-private'],
      allow: options.allow,
      deny: options.deny,
      http2: options['http2-origins'],
    },
    bareOptions: {
      ...shared,
      ...(options.token !== null && { token: options.token }),
      ...(origins.length > 0 && { allowOrigins: origins }),
      ...(options['metrics-token'] !== null && { metricsToken: options['metrics-token'] }),
      ...(options.log && { log: jsonLog(process.stdout) }),
      trustProxy: options['trust-proxy'],
      maxConnectionsPerClient: options['max-connections'],
      maxRequestsPerClient: options['max-requests'],
      maxBodySize: options['max-body-size'],
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
  };
}

function announce(site: Site, options: Options, tls: TlsMaterial | null, { print }: CommandContext): void {
  print(`Culvert is at ${site.url}`);
  if (site.relay) print(site.relay.description);
  if (site.secureUrl !== null) print(`With TLS, on the same port, it is at ${site.secureUrl}`);
  if (tls?.keptIn != null) print(`The self-signed certificate is ${tls.keptIn}`);
  if (site.secureUrl === null && !['localhost', '127.0.0.1', '::1'].includes(options.host)) {
    print(
      'Other machines can reach it too. Their browsers run service workers only over https: use --tls-cert, or put a TLS proxy in front.',
    );
  }
}

function describeConnections(): (socket: Socket) => Duplex {
  const { stdout } = process;
  const write = boundedWriter(stdout, 'text');
  const colour = stdout.isTTY && !process.env.NO_COLOR;
  return (socket) => describeSocket(socket, { write, colour });
}
