/**
 * @module
 * The registrations of all sites, whom they control, and who is told when they change.
 */
import type { RegistrationState, ServiceWorkerSnapshot } from '@culvert/runtime';
import type { ClientRegistry, ProxiedWindow } from '../clients/client-registry.js';
import { originOf } from '../site.js';
import { StoredValue, type Persistence } from '../storage/stored-value.js';
import {
  describeRegistration,
  isSamePartition,
  slots,
  type Partition,
  type SiteRegistration,
  type SiteWorker,
} from './site-worker.js';

export interface StoredRegistrations {
  registrations: SiteRegistration[];
  /** By client id, the registration that controls it. */
  controlled: [string, string][];
}

const maximumControlled = 1000;

export class RegistrationStore {
  readonly #stored: StoredValue<StoredRegistrations>;
  readonly #clients: ClientRegistry;
  readonly #directory: string;
  #registrations: SiteRegistration[] = [];
  #controlled = new Map<string, string>();
  #order = 0;
  readonly ready: Promise<void>;

  /** @param directory of our own files, below which scopes are served */
  constructor(clients: ClientRegistry, directory: string, persistence: Persistence<StoredRegistrations>) {
    this.#clients = clients;
    this.#directory = directory;
    this.#stored = new StoredValue(
      persistence,
      () => ({ registrations: this.#registrations, controlled: [...this.#controlled] }),
      { delay: 20 },
    );
    this.ready = this.#stored.load().then((stored) => {
      if (!stored) return;
      // What was on its way when the browser stopped this worker never arrives.
      this.#registrations = stored.registrations.map((registration) => {
        if (registration.active) registration.active.phase = 'activated';
        return { ...registration, starting: null, installing: null };
      });
      this.#controlled = new Map(stored.controlled);
    });
  }

  get isEmpty(): boolean {
    return this.#registrations.length === 0;
  }

  of(partition: Partition): SiteRegistration[] {
    return this.#registrations.filter((known) => !known.isUnregistered && isSamePartition(known, partition));
  }

  byId(id: string): SiteRegistration | null {
    return this.#registrations.find((registration) => registration.id === id) ?? null;
  }

  byWorker(version: string): { registration: SiteRegistration; worker: SiteWorker } | null {
    for (const registration of this.#registrations) {
      for (const slot of slots) {
        const worker = registration[slot];
        if (worker?.id === version) return { registration, worker };
      }
    }
    return null;
  }

  /** https://w3c.github.io/ServiceWorker/#scope-match-algorithm */
  match(url: string, topLevelSite: string): SiteRegistration | null {
    let found: SiteRegistration | null = null;
    for (const registration of this.of({ origin: originOf(url), topLevelSite })) {
      if (url.startsWith(registration.scope) && registration.scope.length > (found?.scope.length ?? 0))
        found = registration;
    }
    return found;
  }

  controllerOf(clientId: string): SiteRegistration | null {
    const id = this.#controlled.get(clientId);
    return id === undefined ? null : this.byId(id);
  }

  control(clientId: string, registration: SiteRegistration): void {
    if (clientId === '') return;
    this.#controlled.delete(clientId);
    this.#controlled.set(clientId, registration.id);
    if (this.#controlled.size > maximumControlled) this.#controlled.delete(this.#controlled.keys().next().value!);
  }

  add(registration: SiteRegistration): void {
    this.#registrations.push(registration);
  }

  remove(registration: SiteRegistration): void {
    this.#registrations = this.#registrations.filter((known) => known !== registration);
  }

  /** The windows of a partition. */
  async windows(partition: Partition): Promise<ProxiedWindow[]> {
    const windows = await this.#clients.proxiedWindows();
    return windows.filter(
      ({ record }) => originOf(record.url) === partition.origin && record.topLevelSite === partition.topLevelSite,
    );
  }

  async isControlling(registration: SiteRegistration): Promise<boolean> {
    const windows = await this.windows(registration);
    return windows.some(({ client }) => this.#controlled.get(client.id) === registration.id);
  }

  snapshot(partition: Partition, clientId: string): ServiceWorkerSnapshot {
    const controller = this.controllerOf(clientId);
    const registrations = this.of(partition);
    // A page may still be controlled by what is unregistered.
    const shown =
      controller && !registrations.includes(controller) && isSamePartition(controller, partition)
        ? [...registrations, controller]
        : registrations;
    return {
      order: this.#nextOrder(),
      registrations: shown.map((registration): RegistrationState =>
        describeRegistration(registration, this.#directory),
      ),
      controller: controller?.id ?? null,
      client: clientId,
    };
  }

  /** Later than any of a worker that ran before this one. */
  #nextOrder(): number {
    this.#order = Math.max(Date.now() * 1000, this.#order + 1);
    return this.#order;
  }

  /** Writes, and tells the windows. */
  async changed(partition: Partition): Promise<void> {
    const saving = this.#stored.save();
    for (const { client } of await this.windows(partition)) {
      client.postMessage({ culvert: 'service-workers', snapshot: this.snapshot(partition, client.id) });
    }
    await saving;
  }

  save(): Promise<void> {
    return this.#stored.save();
  }
}
