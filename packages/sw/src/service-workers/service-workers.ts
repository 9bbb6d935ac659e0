/**
 * @module
 * The service workers of proxied sites, as one part of this worker: answers what pages and the workers themselves ask.
 */
import type { ClientDescription, ServiceWorkerReply, ServiceWorkerRequest } from '@culvert/runtime';
import { toBrowser } from '@culvert/rewriter';
import type { ClientRegistry, ProxiedWindow } from '../clients/client-registry.js';
import type { RealmIdentity } from '../clients/realm-tokens.js';
import type { Services } from '../fetch/fetch-context.js';
import { isSameOrigin, originOf } from '../site.js';
import type { Persistence } from '../storage/stored-value.js';
import { ScriptError } from './fetch-script.js';
import { Jobs, type Background } from './jobs.js';
import { RegistrationStore, type StoredRegistrations } from './registration-store.js';
import { ScriptStore, type ScriptCache } from './script-store.js';
import { isSamePartition, type Partition, type SiteRegistration, type SiteWorker } from './site-worker.js';
import { WorkerScopes } from './worker-scopes.js';

export interface ServiceWorkersOptions {
  clients: Clients;
  registry: ClientRegistry;
  /** Absolute, of our own files. */
  directory: string;
  persistence: Persistence<StoredRegistrations>;
  openScripts: () => Promise<ScriptCache>;
  services: () => Services;
}

export class ServiceWorkers {
  readonly store: RegistrationStore;
  readonly scopes: WorkerScopes;
  readonly scripts: ScriptStore;
  readonly jobs: Jobs;
  /** Absolute. */
  readonly directory: string;
  readonly #services: () => Services;

  constructor({ clients, registry, directory, persistence, openScripts, services }: ServiceWorkersOptions) {
    this.directory = directory;
    this.#services = services;
    this.store = new RegistrationStore(registry, directory, persistence);
    this.scopes = new WorkerScopes(clients);
    this.scripts = new ScriptStore(directory, openScripts);
    this.jobs = new Jobs({ store: this.store, scopes: this.scopes, scripts: this.scripts, services });
  }

  async answer(
    request: ServiceWorkerRequest,
    sender: RealmIdentity,
    clientId: string,
    background: Background,
  ): Promise<ServiceWorkerReply> {
    await this.store.ready;
    try {
      return await this.#answer(request, sender, clientId, background);
    } catch (error) {
      if (error instanceof ScriptError || error instanceof DOMException) {
        return { error: { name: error.name, message: error.message } };
      }
      throw error;
    }
  }

  async #answer(
    request: ServiceWorkerRequest,
    sender: RealmIdentity,
    clientId: string,
    background: Background,
  ): Promise<ServiceWorkerReply> {
    const { store, jobs, scopes } = this;
    const partition: Partition = { origin: originOf(sender.url), topLevelSite: sender.topLevelSite };
    switch (request.op) {
      case 'state':
        return { snapshot: store.snapshot(partition, clientId) };
      case 'register': {
        if (!isSameOrigin(request.script, sender.url) || !isSameOrigin(request.scope, sender.url)) {
          throw new ScriptError('TypeError', 'Failed to register a ServiceWorker: the script is of another origin.');
        }
        const { id } = await jobs.register(request, partition, clientId, background);
        return { snapshot: store.snapshot(partition, clientId), registration: id };
      }
      case 'update':
        await jobs.update(this.#registration(request.registration, partition), clientId, background);
        return { snapshot: store.snapshot(partition, clientId) };
      case 'unregister':
        return { done: await jobs.unregister(this.#registration(request.registration, partition)) };
    }
    const { registration, worker } = this.#worker(request.version, sender);
    switch (request.op) {
      case 'started':
        scopes.started(worker.id, clientId, request);
        return { done: true };
      case 'skip-waiting':
        worker.skipsWaiting = true;
        background(jobs.tryActivate(registration));
        return { done: true };
      case 'claim':
        await this.#claim(registration, worker);
        return { done: true };
      case 'clients': {
        if (request.type !== 'window' && request.type !== 'all') return { clients: [] };
        const windows = await store.windows(registration);
        const found = windows.filter(
          ({ client }) => request.includeUncontrolled || store.controllerOf(client.id) === registration,
        );
        return { clients: found.map(describeClient) };
      }
      case 'client':
        return { clients: (await this.#window(registration, request.id)).map(describeClient) };
      case 'navigate-client': {
        const [window] = await this.#window(registration, request.id);
        if (!window || store.controllerOf(window.client.id) !== registration) {
          throw new ScriptError('TypeError', "This service worker is not the client's active service worker.");
        }
        await window.client.navigate(toBrowser(request.url, 'document', this.#services().config.settings));
        const isForeign = !isSameOrigin(request.url, registration.scope);
        return { clients: isForeign ? [] : [{ ...describeClient(window), url: request.url }] };
      }
      // Both need a click on a notification, of which there are none.
      case 'open-window':
        throw new DOMException('Not allowed to open a window.', 'InvalidAccessError');
      case 'focus-client':
        throw new DOMException('Not allowed to focus a window.', 'InvalidAccessError');
    }
  }

  async #window(partition: Partition, id: string): Promise<ProxiedWindow[]> {
    return (await this.store.windows(partition)).filter(({ client }) => client.id === id);
  }

  /** https://w3c.github.io/ServiceWorker/#dom-clients-claim */
  async #claim(registration: SiteRegistration, worker: SiteWorker): Promise<void> {
    if (registration.active !== worker) {
      throw new DOMException('Only the active worker can claim clients.', 'InvalidStateError');
    }
    for (const { client, record } of await this.store.windows(registration)) {
      if (this.store.match(record.url, record.topLevelSite) === registration)
        this.store.control(client.id, registration);
    }
    await this.store.changed(registration);
  }

  #registration(id: string, partition: Partition): SiteRegistration {
    const found = this.store.byId(id);
    if (found && isSamePartition(found, partition)) return found;
    throw new ScriptError('TypeError', 'Failed to update a ServiceWorker: the registration is gone.');
  }

  #worker(version: string, sender: RealmIdentity): { registration: SiteRegistration; worker: SiteWorker } {
    const found = this.store.byWorker(version);
    if (found && found.worker.script === sender.url && found.registration.topLevelSite === sender.topLevelSite)
      return found;
    throw new DOMException('The service worker is gone.', 'InvalidStateError');
  }
}

function describeClient({ client, record }: ProxiedWindow): ClientDescription {
  return {
    id: client.id,
    url: record.url,
    type: 'window',
    // A page that embeds the proxy does not count.
    frameType: !record.isTopLevel ? 'nested' : client.frameType === 'auxiliary' ? 'auxiliary' : 'top-level',
    visibilityState: client.visibilityState,
    focused: client.focused,
  };
}
