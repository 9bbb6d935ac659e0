/**
 * @module
 * The relay: takes devices and clients in, and routes each client to a device by host name or by port. Bytes are the
 * tunnel's, registrations the registry's.
 */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { MProxyError, socketToAddr, type Address } from '../index.js';
import { DeviceSession } from './device-session.js';
import { joinStreams, resetStream } from './join-streams.js';
import { completeTunnelOptions, type TunnelOptions } from './options.js';
import { refuseClient } from './refuse-client.js';
import type { Registered, Registration } from './registration.js';
import { Registry } from './registry.js';
import { completeRelayLimits, type RelayLimits, type RelayOptions } from './relay-options.js';
import { sniffClient } from './sniff/sniff-client.js';
import type { Authenticate } from './tokens.js';
import type { Tunnel } from './tunnel.js';
import { isWebSocket, webSocketStream } from './web-socket-stream.js';

/** What the caller knows of a client. */
export interface ClientHints {
  /** "auto" tells http and https by the first bytes; "http" and "https" too, for their names. "tcp" is not looked into. */
  service?: 'auto' | 'http' | 'https' | (string & {});
  serviceport?: number;
  /** The host name, where it is known already: nothing is sniffed then. */
  name?: string;
  /** What was read of the client already. */
  head?: Uint8Array;
}

export interface RelayEvents {
  device: [registered: Registered];
  deviceLost: [devices: string[], error: MProxyError | null];
  client: [client: { id: string; device: string; service: string; name: string | undefined }];
  /** A client that no device gets, and why. */
  refused: [error: MProxyError];
}

/** @throws MProxyError M_PROXY_BAD_OPTION */
export function createRelay(options: RelayOptions): Relay {
  return new Relay(options);
}

export class Relay extends EventEmitter<RelayEvents> {
  #limits: RelayLimits & TunnelOptions;
  #sessions = new Set<DeviceSession>();
  #clients = new Set<Duplex>();
  #servers = new Set<Server>();
  #isClosed = false;
  readonly #authenticate: Authenticate;
  readonly #path: string;
  readonly #registry: Registry;
  readonly #webSockets: WebSocketServer;

  constructor(options: RelayOptions) {
    super();
    this.#limits = { ...completeTunnelOptions(options), ...completeRelayLimits(options) };
    this.#authenticate = options.authenticate;
    this.#path = options.path ?? '/m-proxy';
    this.#registry = new Registry({
      host: options.host ?? '127.0.0.1',
      resumeWindow: this.#limits.resumeWindow,
      accept: (socket, registration, { port, service }) =>
        void this.#takeClient(socket, { service, serviceport: port }, registration),
    });
    this.#webSockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.#limits.maxMessageLength,
    });
  }

  // Devices --------------------------------------------------------------------------------------------------------

  /** Is this upgrade a device's? */
  shouldRoute(request: IncomingMessage): boolean {
    return request.url?.split('?', 1)[0] === this.#path;
  }

  /** The 'upgrade' of an HTTP server. */
  routeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.acceptDevice(webSocket));
  }

  /** A device's stream: a WebSocket of ws, or any Duplex of bytes. */
  acceptDevice(transport: Duplex | WebSocket): void {
    const stream = isWebSocket(transport) ? webSocketStream(transport) : transport;
    if (this.#isClosed || this.#sessions.size >= this.#limits.maxDevices) {
      stream.on('error', () => {
        // It is turned away: its own failure adds nothing.
      });
      stream.destroy();
      return;
    }
    const session: DeviceSession = new DeviceSession(stream, this.#registry, this.#authenticate, this.#limits, {
      registered: (registered) => this.emit('device', registered),
      closed: (devices, error) => {
        this.#sessions.delete(session);
        this.emit('deviceLost', devices, error);
      },
    });
    this.#sessions.add(session);
  }

  /** Who is registered, with or without a tunnel at the moment. */
  devices(): (Registered & { isOnline: boolean; clients: number })[] {
    return this.#registry.all().map((registration) => ({
      ...registration.describe(),
      isOnline: registration.tunnel !== undefined,
      clients: registration.tunnel?.size ?? 0,
    }));
  }

  // Clients --------------------------------------------------------------------------------------------------------

  /** Whether a client of this name would have a device. */
  hasRoute(name: string | undefined): boolean {
    return this.#registry.find(name) !== undefined;
  }

  /** A client's connection, from a server of the caller's. */
  acceptClient(client: Duplex, hints: ClientHints = {}): void {
    void this.#takeClient(client, hints, undefined);
  }

  /** Listens for clients, or ("device") for devices over plain streams. */
  async listen(options: { service?: string; port?: number; host?: string }): Promise<AddressInfo> {
    const { service = 'auto', port = 0, host = '127.0.0.1' } = options;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      if (service === 'device') {
        this.acceptDevice(socket);
      } else {
        this.acceptClient(socket, { service, ...(socket.localPort && { serviceport: socket.localPort }) });
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host }, () => {
        server.off('error', reject);
        // One connection that could not be accepted (no more file descriptors, say): the others go on.
        server.on('error', (cause) => this.emit('refused', acceptFailed(cause)));
        resolve();
      });
    });
    this.#servers.add(server);
    return server.address() as AddressInfo;
  }

  /** Ends everything: listeners, devices and clients. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = [...this.#servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const session of [...this.#sessions]) {
      session.tunnel.close();
    }
    for (const registration of this.#registry.all()) {
      this.#registry.remove(registration);
    }
    for (const client of this.#clients) {
      resetStream(client);
    }
    this.#webSockets.close();
    await Promise.all(closed);
  }

  async #takeClient(client: Duplex, hints: ClientHints, granted: Registration | undefined): Promise<void> {
    const isFull = this.#isClosed || this.#clients.size >= this.#limits.maxTotalClients;
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    client.on('error', () => {
      // A client's failure is told to its device by what it is joined to.
    });
    let service = hints.service ?? 'auto';
    try {
      if (isFull) {
        throw new MProxyError('M_PROXY_LIMIT', `Failed to take a client: ${this.#clients.size - 1} are open.`);
      }
      const target = await this.#sniff(client, hints, service, granted);
      service = target.service;
      await this.#route(client, { ...hints, ...target }, granted ?? this.#registry.find(target.name));
    } catch (error) {
      refuseClient(client, service, error as MProxyError);
      this.emit('refused', error as MProxyError);
    }
  }

  /** What the client wants, as far as its service tells. A port of one device needs no name. */
  async #sniff(
    client: Duplex,
    { name, head = new Uint8Array(0) }: ClientHints,
    service: string,
    granted: Registration | undefined,
  ): Promise<{ service: string; name: string | undefined; head: Uint8Array }> {
    if (name !== undefined || granted || !['auto', 'http', 'https'].includes(service)) {
      return { service, name, head };
    }
    const sniffed = await sniffClient(client, head, this.#limits);
    if (service !== 'auto' && sniffed.service !== service) {
      throw new MProxyError(
        'M_PROXY_SNIFF_FAILED',
        `Failed to take a client for ${service}: it is ${sniffed.service}.`,
      );
    }
    return sniffed;
  }

  async #route(
    client: Duplex,
    { service = 'tcp', name, serviceport, head }: ClientHints,
    registration: Registration | undefined,
  ): Promise<void> {
    if (!registration) {
      throw new MProxyError('M_PROXY_NO_ROUTE', `Failed to route a client to ${name ?? 'no name'}: no device has it.`);
    }
    const tunnel = await registration.whenAttached(this.#limits.deviceWait);
    if (!tunnel) {
      throw new MProxyError('M_PROXY_DEVICE_OFFLINE', `Failed to route a client: ${registration.device} is away.`);
    }
    if (client.destroyed) {
      return;
    }
    const address = { ...freeAddress(client, tunnel), service, serviceport: serviceport ?? '', name: name ?? '' };
    const socket = tunnel.open(address);
    this.emit('client', { id: socket.id, device: registration.device, service, name });
    if (head && head.byteLength > 0) {
      socket.write(head);
    }
    joinStreams(client, socket);
  }
}

function acceptFailed(cause: unknown): MProxyError {
  return new MProxyError('M_PROXY_LIMIT', 'Failed to accept a connection.', { cause });
}

/**
 * The client's own address, which is its id in the tunnel. A client that is connected to two ports of the relay may have
 * one address twice, and a stream that is no socket has none: then the port is another.
 */
function freeAddress(client: Duplex, tunnel: Tunnel): Pick<Address, 'family' | 'address' | 'port'> {
  const { family = 'IPv4', address = '0.0.0.0', port = 1 } = socketToAddr(client as unknown as Socket);
  for (let candidate = port; candidate < port + 65535; candidate++) {
    const free = { family, address, port: ((candidate - 1) % 65535) + 1 };
    if (!tunnel.has(free)) {
      return free;
    }
  }
  throw new MProxyError('M_PROXY_LIMIT', `Failed to open a client of ${address}: all its ports are in use.`);
}
