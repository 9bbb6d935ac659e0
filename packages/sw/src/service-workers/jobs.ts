/**
 * @module
 * What happens to a registration: register, update, install, activate, unregister. One job of a scope after the other.
 *
 * @see https://w3c.github.io/ServiceWorker/#algorithms
 */
import type { ServiceWorkerRequest } from '@culvert/runtime';
import type { Services } from '../fetch/fetch-context.js';
import { checkScope, fetchServiceWorkerScript, ScriptError } from './fetch-script.js';
import type { RegistrationStore } from './registration-store.js';
import type { ScriptStore } from './script-store.js';
import { newestWorker, slots, type Partition, type SiteRegistration, type SiteWorker } from './site-worker.js';
import type { WorkerScopes } from './worker-scopes.js';

/** For a page to start a scope and for its script to run, in milliseconds. */
const startTimeout = 30_000;

type RegisterRequest = Extract<ServiceWorkerRequest, { op: 'register' }>;

export interface JobParts {
  store: RegistrationStore;
  scopes: WorkerScopes;
  scripts: ScriptStore;
  services(): Services;
}

/** Milliseconds from a navigation to the look for an update of its service worker, as in Chromium. */
const updateDelay = 1_000;

export class Jobs {
  readonly #parts: JobParts;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #activations = new Map<string, Promise<void>>();
  /** Registrations for which one look for an update is on its way. */
  readonly #looking = new Set<string>();

  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  /** @throws ScriptError @returns when the worker's script has run; it is installed in the background. */
  register(
    request: RegisterRequest,
    partition: Partition,
    clientId: string,
    background: Background,
  ): Promise<SiteRegistration> {
    return this.#enqueue(partition, request.scope, async () => {
      const { store } = this.#parts;
      let registration = store.of(partition).find(({ scope }) => scope === request.scope);
      const newest = registration && newestWorker(registration);
      if (
        registration &&
        newest?.script === request.script &&
        newest.type === request.type &&
        registration.updateViaCache === request.updateViaCache
      ) {
        return registration;
      }
      const isNew = !registration;
      registration ??= {
        ...partition,
        id: crypto.randomUUID(),
        scope: request.scope,
        updateViaCache: request.updateViaCache,
        starting: null,
        installing: null,
        waiting: null,
        active: null,
        isUnregistered: false,
      };
      registration.updateViaCache = request.updateViaCache;
      if (isNew) store.add(registration);
      try {
        await this.#update(registration, request.script, request.type, clientId, background);
      } catch (error) {
        if (!newestWorker(registration)) store.remove(registration);
        throw error;
      }
      return registration;
    });
  }

  /** @throws ScriptError */
  update(registration: SiteRegistration, clientId: string, background: Background): Promise<void> {
    return this.#enqueue(registration, registration.scope, async () => {
      const newest = newestWorker(registration);
      if (!newest || registration.isUnregistered) {
        throw new ScriptError('TypeError', 'Failed to update a ServiceWorker: the registration is gone.');
      }
      await this.#update(registration, newest.script, newest.type, clientId, background);
    });
  }

  unregister(registration: SiteRegistration): Promise<boolean> {
    return this.#enqueue(registration, registration.scope, async () => {
      if (registration.isUnregistered) return false;
      registration.isUnregistered = true;
      await this.clearUnused(registration);
      await this.#changed(registration);
      return true;
    });
  }

  /** What is unregistered goes when nobody is left whom it controls. */
  async clearUnused(registration: SiteRegistration): Promise<void> {
    const { store } = this.#parts;
    if (!registration.isUnregistered || (await store.isControlling(registration))) return;
    store.remove(registration);
    for (const slot of slots) await this.#discard(registration, slot);
  }

  /** https://w3c.github.io/ServiceWorker/#try-activate-algorithm */
  async tryActivate(registration: SiteRegistration): Promise<void> {
    const { store } = this.#parts;
    const { waiting, active } = registration;
    if (!waiting || active?.phase === 'activating') return;
    if (active && !waiting.skipsWaiting && (await store.isControlling(registration))) return;
    if (registration.waiting !== waiting) return;
    await this.activate(registration);
  }

  /** The waiting worker is the active one at once; its event may take its time. */
  activate(registration: SiteRegistration): Promise<void> {
    const { waiting } = registration;
    if (!waiting) return Promise.resolve();
    const activation = this.#activate(registration, waiting);
    this.#activations.set(waiting.id, activation);
    return activation;
  }

  /** A worker gets fetch events when its `activate` event is over. */
  async whenActivated(version: string): Promise<void> {
    await this.#activations.get(version);
  }

  /** https://w3c.github.io/ServiceWorker/#soft-update, after a navigation. Not to be waited for. */
  async softUpdate(registration: SiteRegistration, background: Background): Promise<void> {
    if (this.#looking.has(registration.id) || registration.starting || registration.installing) return;
    this.#looking.add(registration.id);
    try {
      // Pages listen for updates when they have loaded; browsers wait as well.
      await new Promise((resolve) => setTimeout(resolve, updateDelay));
      await this.update(registration, '', background);
    } catch (error) {
      // Offline, most of the time: the worker stays as it is.
      console.debug('culvert: Failed to look for an update of', registration.scope, error);
    } finally {
      this.#looking.delete(registration.id);
    }
  }

  async #activate(registration: SiteRegistration, worker: SiteWorker): Promise<void> {
    const { scopes, scripts } = this.#parts;
    const old = registration.active;
    registration.active = worker;
    registration.waiting = null;
    worker.phase = 'activating';
    await this.#changed(registration);
    if (old) {
      scopes.stop(old.id);
      await scripts.remove(old.id);
    }
    // Whatever comes of the event, the worker is active afterwards.
    const live = await scopes.whenLive(worker.id, startTimeout);
    if (live) await scopes.lifecycle(worker.id, live.instance, 'activate');
    worker.phase = 'activated';
    await this.#changed(registration);
  }

  async #update(
    registration: SiteRegistration,
    script: string,
    type: WorkerType,
    clientId: string,
    background: Background,
  ): Promise<void> {
    const { scripts, scopes } = this.#parts;
    const services = this.#parts.services();
    const newest = newestWorker(registration);
    const fetched = await fetchServiceWorkerScript(services, {
      url: script,
      clientId,
      isMain: true,
      isFresh: registration.updateViaCache !== 'all',
    });
    checkScope(registration.scope, script, fetched.allowedScope);
    if (
      newest?.script === script &&
      newest.type === type &&
      (await this.#isUnchanged(registration, newest, fetched.bytes, clientId))
    ) {
      return;
    }
    const worker: SiteWorker = {
      id: crypto.randomUUID(),
      script,
      type,
      phase: 'parsed',
      handlesFetch: false,
      skipsWaiting: false,
    };
    await scripts.put(worker.id, script, fetched.bytes, fetched.contentType);
    registration.starting = worker;
    const starting = scopes.whenLive(worker.id, startTimeout);
    await this.#changed(registration);
    const started = await starting;
    if (!started || started.error !== null) {
      await this.#discard(registration, 'starting');
      await this.#changed(registration);
      console.warn('culvert: The service worker', script, 'did not start:', started?.error ?? 'no page has started it');
      throw new ScriptError(
        'TypeError',
        `Failed to register a ServiceWorker for scope ('${registration.scope}') with script ('${script}'): ServiceWorker script evaluation failed`,
      );
    }
    worker.handlesFetch = started.handlesFetch;
    await this.#discard(registration, 'installing');
    registration.starting = null;
    registration.installing = worker;
    worker.phase = 'installing';
    background(this.#install(registration, worker, started.instance));
  }

  async #install(registration: SiteRegistration, worker: SiteWorker, instance: string): Promise<void> {
    const { scopes } = this.#parts;
    await this.#changed(registration);
    const isInstalled = await scopes.lifecycle(worker.id, instance, 'install');
    if (registration.installing !== worker) return;
    if (!isInstalled) {
      await this.#discard(registration, 'installing');
      await this.#changed(registration);
      return;
    }
    await this.#discard(registration, 'waiting');
    registration.installing = null;
    registration.waiting = worker;
    worker.phase = 'installed';
    await this.#changed(registration);
    await this.tryActivate(registration);
  }

  /** Byte for byte, the imported scripts too. */
  async #isUnchanged(
    registration: SiteRegistration,
    worker: SiteWorker,
    bytes: Uint8Array<ArrayBuffer>,
    clientId: string,
  ): Promise<boolean> {
    const { scripts } = this.#parts;
    for (const url of await scripts.urls(worker.id)) {
      const kept = await scripts.find(worker.id, url);
      if (!kept) return false;
      const isMain = url === worker.script;
      const isFresh = registration.updateViaCache === 'none';
      const now = isMain
        ? bytes
        : (await fetchServiceWorkerScript(this.#parts.services(), { url, clientId, isMain, isFresh })).bytes;
      if (!isEqual(new Uint8Array(await kept.arrayBuffer()), now)) return false;
    }
    return true;
  }

  async #discard(registration: SiteRegistration, slot: (typeof slots)[number]): Promise<void> {
    const worker = registration[slot];
    if (!worker) return;
    registration[slot] = null;
    worker.phase = 'redundant';
    this.#parts.scopes.stop(worker.id);
    await this.#parts.scripts.remove(worker.id);
  }

  /** The pages, and the scopes themselves. */
  async #changed(registration: SiteRegistration): Promise<void> {
    const { store, scopes } = this.#parts;
    const snapshot = store.snapshot(registration, '');
    for (const slot of slots) {
      const worker = registration[slot];
      if (worker) scopes.tell(worker.id, snapshot);
    }
    await store.changed(registration);
  }

  #enqueue<T>(partition: Partition, scope: string, job: () => Promise<T>): Promise<T> {
    const key = `${partition.topLevelSite} ${scope}`;
    const done = (this.#queues.get(key) ?? Promise.resolve()).then(job, job);
    this.#queues.set(
      key,
      done.catch(() => undefined),
    );
    return done;
  }
}

/** For `waitUntil`. */
export type Background = (work: Promise<unknown>) => void;

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
