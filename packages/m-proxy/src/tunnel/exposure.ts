/**
 * @module
 * What a device offers: which clients go where.
 */
import { connect, type NetConnectOpts } from 'node:net';
import { MProxyError } from '../index.js';
import { matchesPattern } from './host-pattern.js';
import { joinStreams } from './join-streams.js';
import type { TunnelSocket } from './tunnel-socket.js';

/** A server of this process: an http.Server, a tls.Server, a net.Server. */
export interface ConnectionServer {
  emit(event: 'connection', socket: TunnelSocket): unknown;
}

export type ExposureTarget =
  /** A port of this machine's loopback. */
  number | { host?: string; port: number } | { path: string } | ConnectionServer | ((client: TunnelSocket) => void);

/** The first exposure whose conditions all hold takes the client; one without conditions takes all. */
export interface Exposure {
  service?: string;
  /** `example.com`, `*.example.com`. */
  name?: string;
  serviceport?: number;
  to: ExposureTarget;
}

/** @throws MProxyError M_PROXY_NOT_EXPOSED */
export function deliver(client: TunnelSocket, exposures: readonly Exposure[]): void {
  const exposure = exposures.find(
    ({ service, name, serviceport }) =>
      (service === undefined || service === client.service) &&
      (name === undefined || matchesPattern(name, client.servername)) &&
      (serviceport === undefined || serviceport === client.localPort),
  );
  if (!exposure) {
    throw new MProxyError(
      'M_PROXY_NOT_EXPOSED',
      `Failed to take a client: nothing is exposed for ${client.service} ${client.servername ?? ''}.`,
    );
  }
  const { to } = exposure;
  if (typeof to === 'function') {
    to(client);
  } else if (typeof to === 'object' && 'emit' in to) {
    to.emit('connection', client);
  } else {
    const target: NetConnectOpts =
      typeof to === 'number' ? { port: to, host: '127.0.0.1' } : 'path' in to ? to : { host: '127.0.0.1', ...to };
    joinStreams(connect({ ...target, allowHalfOpen: true, noDelay: true } as NetConnectOpts), client);
  }
}
