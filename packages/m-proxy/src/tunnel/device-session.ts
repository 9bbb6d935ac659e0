/**
 * @module
 * The relay's side of one device's tunnel: hello, tokens, and what happens to its registrations when it goes.
 */
import type { Duplex } from 'node:stream';
import { MProxyError } from '../index.js';
import type { TunnelOptions } from './options.js';
import type { Registered, Registration } from './registration.js';
import type { Registry } from './registry.js';
import type { RelayLimits } from './relay-options.js';
import type { Authenticate } from './tokens.js';
import { Tunnel } from './tunnel.js';

export interface DeviceSessionEvents {
  registered(registered: Registered): void;
  closed(devices: string[], error: MProxyError | null): void;
}

/** After so many bad tokens a device is sent away. */
const maxBadTokens = 3;

/** What a device may ask of a relay, told in its hello. */
const commands = ['add_token', 'delete_token', 'ping'];

export class DeviceSession {
  readonly tunnel: Tunnel;
  #registrations = new Map<string, Registration>();
  #badTokens = 0;
  readonly #authTimer: NodeJS.Timeout;

  constructor(
    stream: Duplex,
    private readonly registry: Registry,
    private readonly authenticate: Authenticate,
    private readonly options: TunnelOptions & RelayLimits,
    private readonly events: DeviceSessionEvents,
  ) {
    this.tunnel = new Tunnel(
      stream,
      { command: (command, args) => this.#serve(command, args), close: (error) => this.#closed(error) },
      options,
    );
    this.#authTimer = setTimeout(() => {
      this.tunnel.close(
        new MProxyError('M_PROXY_AUTH_TIMEOUT', `No valid token has come in ${options.authTimeout} ms.`),
      );
    }, options.authTimeout);
    this.tunnel.request('hello', 254, commands).catch((error: MProxyError) => {
      // A device that does not answer, or answers "bad hello", may still send its tokens in time.
      if (error.code === 'M_PROXY_BAD_HELLO') {
        this.tunnel.close(error);
      }
    });
  }

  #serve(command: string, args: unknown[]): unknown {
    switch (command) {
      case 'add_token':
        return this.#addToken(args);
      case 'delete_token':
        return this.#deleteToken(args[0]);
      default:
        throw new MProxyError('M_PROXY_UNKNOWN_COMMAND', `Failed to carry out ${JSON.stringify(command)}.`);
    }
  }

  async #addToken([token, wish]: unknown[]): Promise<Registered> {
    const grant = typeof token === 'string' ? await this.authenticate(token) : null;
    if (!grant || this.#registrations.size >= this.options.maxTokens) {
      const error = grant
        ? new MProxyError('M_PROXY_LIMIT', `Failed to add a token: ${this.options.maxTokens} are registered.`)
        : new MProxyError('M_PROXY_BAD_TOKEN', 'Failed to add a token: the relay does not know it.');
      if (++this.#badTokens >= maxBadTokens) {
        setImmediate(() => this.tunnel.close(error));
      }
      throw error;
    }
    const registration = await this.registry.register(grant, this.tunnel, parseWish(wish));
    this.#registrations.set(token as string, registration);
    clearTimeout(this.#authTimer);
    const registered = registration.describe();
    this.events.registered(registered);
    return registered;
  }

  #deleteToken(token: unknown): void {
    const registration = this.#registrations.get(String(token));
    if (!registration) {
      throw new MProxyError('M_PROXY_BAD_TOKEN', 'Failed to delete a token: this device has not added it.');
    }
    this.#registrations.delete(String(token));
    this.registry.remove(registration);
  }

  #closed(error: MProxyError | null): void {
    clearTimeout(this.#authTimer);
    const registrations = [...this.#registrations.values()];
    for (const registration of registrations) {
      this.registry.detach(registration, this.tunnel);
    }
    this.events.closed(
      registrations.map(({ device }) => device),
      error,
    );
  }
}

/** What a device that comes back had: a peer's word, so anything else is as if it were not there. */
function parseWish(wish: unknown): { session: string | undefined; ports: number[] } {
  const { session, ports } = (typeof wish === 'object' && wish !== null ? wish : {}) as Record<string, unknown>;
  return {
    session: typeof session === 'string' ? session : undefined,
    ports: Array.isArray(ports)
      ? ports.filter((port): port is number => Number.isInteger(port) && port > 1023 && port < 65536).slice(0, 64)
      : [],
  };
}
