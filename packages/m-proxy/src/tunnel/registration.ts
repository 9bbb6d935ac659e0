/**
 * @module
 * What one token has registered at a relay: names, listening ports, and the tunnel its clients go through, which may be
 * away for a while.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { MProxyError } from '../index.js';
import type { Tunnel } from './tunnel.js';
import type { Grant } from './tokens.js';

/** What the device is told. */
export interface Registered {
  device: string;
  /** Shown again on reconnecting, so that the relay knows the same process. */
  session: string;
  names: string[];
  ports: { port: number; service: string }[];
}

export interface Listening {
  port: number;
  service: string;
  server: Server;
}

export class Registration {
  readonly session = randomBytes(16).toString('base64url');
  tunnel: Tunnel | undefined;
  /** Runs while the device is away. */
  expiry: NodeJS.Timeout | undefined;
  listening: Listening[] = [];
  #waiting = new Set<(tunnel: Tunnel | undefined) => void>();

  constructor(
    readonly grant: Grant,
    readonly names: readonly string[],
  ) {}

  get device(): string {
    return this.grant.device;
  }

  attach(tunnel: Tunnel): void {
    clearTimeout(this.expiry);
    this.tunnel = tunnel;
    this.#release(tunnel);
  }

  /** The tunnel, or the next one if it comes within the time. */
  whenAttached(patience: number): Promise<Tunnel | undefined> {
    if (this.tunnel) {
      return Promise.resolve(this.tunnel);
    }
    return new Promise((resolve) => {
      const settle = (tunnel: Tunnel | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        resolve(tunnel);
      };
      const timer = setTimeout(settle, patience, undefined);
      this.#waiting.add(settle);
    });
  }

  /**
   * Listens at the ports of the grant; for 0, at the wished one if it is free.
   * @throws MProxyError M_PROXY_PORT_UNAVAILABLE
   */
  async listen(
    host: string,
    wished: readonly number[],
    accept: (socket: Socket, at: Listening) => void,
  ): Promise<void> {
    const wishes = [...wished];
    for (const granted of this.grant.ports ?? []) {
      const { port, service = 'tcp' } = typeof granted === 'number' ? { port: granted } : granted;
      const wish = port === 0 ? wishes.shift() : undefined;
      const server = createServer({ allowHalfOpen: true, noDelay: true });
      const actual = (wish && (await tryListen(server, host, wish))) || (await tryListen(server, host, port));
      if (!actual) {
        this.close();
        throw new MProxyError('M_PROXY_PORT_UNAVAILABLE', `Failed to listen at port ${port} for ${this.device}.`);
      }
      const listening = { port: actual, service, server };
      server.on('connection', (socket) => accept(socket, listening));
      this.listening.push(listening);
    }
  }

  describe(): Registered {
    return {
      device: this.device,
      session: this.session,
      names: [...this.names],
      ports: this.listening.map(({ port, service }) => ({ port, service })),
    };
  }

  close(): void {
    clearTimeout(this.expiry);
    this.tunnel = undefined;
    for (const { server } of this.listening) {
      server.close();
    }
    this.#release(undefined);
  }

  #release(tunnel: Tunnel | undefined): void {
    for (const settle of [...this.#waiting]) {
      settle(tunnel);
    }
  }
}

/** The port it listens at, or undefined where that cannot be. */
function tryListen(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const failed = () => resolve(undefined);
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      server.on('error', () => {
        // One connection that could not be accepted (no more file descriptors, say): the others go on.
      });
      resolve((server.address() as AddressInfo).port);
    });
  });
}
