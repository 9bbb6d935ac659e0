/**
 * @module
 * All registrations of a relay and the routes to them. A name or a port has one registration; a registration without a
 * tunnel keeps them until its time is up.
 */
import type { Socket } from 'node:net';
import { MProxyError } from '../index.js';
import { isHostPattern, normalizeHost, patternsFor } from './host-pattern.js';
import { Registration, type Listening } from './registration.js';
import type { Tunnel } from './tunnel.js';
import type { Grant } from './tokens.js';

export interface RegistryOptions {
  host: string;
  resumeWindow: number;
  accept(socket: Socket, registration: Registration, at: Listening): void;
}

export class Registry {
  #byDevice = new Map<string, Registration>();
  #byName = new Map<string, Registration>();
  /** Registering takes turns: two at once would both find a name free. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RegistryOptions) {}

  find(name: string | undefined): Registration | undefined {
    const patterns = name === undefined ? ['*'] : patternsFor(name);
    return patterns.map((pattern) => this.#byName.get(pattern)).find((registration) => registration);
  }

  all(): Registration[] {
    return [...this.#byDevice.values()];
  }

  /** @throws MProxyError M_PROXY_ROUTE_TAKEN, M_PROXY_PORT_UNAVAILABLE, M_PROXY_BAD_OPTION, M_PROXY_CLOSED */
  register(
    grant: Grant,
    tunnel: Tunnel,
    resumed: { session: string | undefined; ports: readonly number[] },
  ): Promise<Registration> {
    const turn = this.#last.then(() => this.#register(grant, tunnel, resumed));
    this.#last = turn.catch(() => {
      // Told to whom it concerns by `turn`; the next turn begins all the same.
    });
    return turn;
  }

  /** The device is away; it may come back. */
  detach(registration: Registration, tunnel: Tunnel): void {
    if (registration.tunnel !== tunnel) {
      return;
    }
    registration.tunnel = undefined;
    registration.expiry = setTimeout(() => this.remove(registration), this.options.resumeWindow);
    registration.expiry.unref();
  }

  remove(registration: Registration): void {
    registration.close();
    if (this.#byDevice.get(registration.device) === registration) {
      this.#byDevice.delete(registration.device);
    }
    for (const name of registration.names) {
      if (this.#byName.get(name) === registration) {
        this.#byName.delete(name);
      }
    }
  }

  async #register(
    grant: Grant,
    tunnel: Tunnel,
    resumed: { session: string | undefined; ports: readonly number[] },
  ): Promise<Registration> {
    const old = this.#byDevice.get(grant.device);
    const names = namesOf(grant);
    for (const name of names) {
      const owner = this.#byName.get(name);
      if (owner && owner !== old) {
        throw new MProxyError('M_PROXY_ROUTE_TAKEN', `Failed to register ${name}: another device has it.`);
      }
    }
    if (old && isSameGrant(old.grant, grant)) {
      this.#takeOver(old, tunnel, resumed.session);
      return old;
    }
    if (old) {
      this.#takeOver(old, tunnel, resumed.session);
      this.remove(old);
    }
    const registration = new Registration(grant, names);
    await registration.listen(this.options.host, resumed.ports, (socket, at) =>
      this.options.accept(socket, registration, at),
    );
    if (tunnel.isClosed) {
      registration.close();
      throw new MProxyError('M_PROXY_CLOSED', `Failed to register ${grant.device}: it is gone already.`);
    }
    this.#byDevice.set(grant.device, registration);
    for (const name of names) {
      this.#byName.set(name, registration);
    }
    registration.attach(tunnel);
    return registration;
  }

  /** The newest tunnel of a device is the one that works; another process's is told not to come back. */
  #takeOver(registration: Registration, tunnel: Tunnel, session: string | undefined): void {
    const old = registration.tunnel;
    registration.attach(tunnel);
    if (old && old !== tunnel) {
      const isSameProcess = session === registration.session;
      old.close(
        isSameProcess
          ? new MProxyError('M_PROXY_CLOSED', 'The device has connected again.')
          : new MProxyError('M_PROXY_REPLACED', `Another process has registered as ${registration.device}.`),
      );
    }
  }
}

function namesOf(grant: Grant): string[] {
  const names = (grant.names ?? []).map(normalizeHost);
  const bad = names.find((name) => !isHostPattern(name));
  if (bad !== undefined) {
    throw new MProxyError('M_PROXY_BAD_OPTION', `Failed to route by ${JSON.stringify(bad)}: it is no host name.`);
  }
  return names;
}

function isSameGrant(one: Grant, other: Grant): boolean {
  return JSON.stringify([one.names, one.ports]) === JSON.stringify([other.names, other.ports]);
}
