/**
 * @module
 * The relay of `culvert serve --relay`: devices join on the site's own port, clients come to a port of their own, where only the
 * first bytes are read to tell whose they are.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createRelay, tokenTable, type Grant } from '@culvert/m-proxy/tunnel';
import { SiteError } from './errors.js';

export interface SiteRelayOptions {
  /** By token: who may join, and whose clients it gets. */
  grants: Readonly<Record<string, Grant>>;
  /** For clients that are routed by host name; 0 takes any free one. */
  port: number;
}

export interface SiteRelay {
  /** The port of clients that are routed by host name. */
  port: number;
  shouldRoute(request: IncomingMessage): boolean;
  routeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** @throws SiteError */
export async function startRelay(options: SiteRelayOptions, siteHost: string): Promise<SiteRelay> {
  const host = siteHost === 'localhost' ? '127.0.0.1' : siteHost;
  const relay = createRelay({ authenticate: tokenTable(options.grants), host });
  relay.on('device', ({ device, ports }) => {
    const at = ports.map(({ port }) => ` at port ${port}`).join(',');
    console.log(`${device} has joined${at}.`);
  });
  relay.on('deviceLost', (devices) => {
    for (const device of devices) console.log(`${device} is away.`);
  });
  try {
    const { port } = await relay.listen({ service: 'auto', port: options.port, host });
    return {
      port,
      shouldRoute: (request) => relay.shouldRoute(request),
      routeUpgrade: (request, socket, head) => relay.routeUpgrade(request, socket, head),
      close: () => relay.close(),
    };
  } catch (cause) {
    await relay.close();
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new SiteError(
      code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED',
      `Failed to listen for the clients of the relay at port ${options.port}: ${message}. Choose another with --relay-port.`,
      { cause },
    );
  }
}
