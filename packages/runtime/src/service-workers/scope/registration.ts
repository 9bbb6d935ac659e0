/**
 * @module `registration` and `serviceWorker` inside of a site's service worker.
 */
import type { Realm } from '../../realm/realm.js';
import type { RegistrationState, ServiceWorkerSnapshot, WorkerState } from '../messages.js';
import type { AskWorker } from './clients.js';
import { defineInterface, internal, requireInternal } from './define-interface.js';

export interface ScopeRegistration {
  readonly registration: object;
  /** The worker itself. */
  readonly serviceWorker: object;
  take(snapshot: ServiceWorkerSnapshot): void;
}

const slots = ['installing', 'waiting', 'active'] as const;

export function createRegistration(realm: Realm, version: string, ask: AskWorker): ScopeRegistration {
  const global = realm.global as typeof globalThis;
  const { EventTarget, Event, TypeError } = global;
  let state: RegistrationState | null = null;
  const workers = new Map<string, { object: object; state: WorkerState }>();
  const states = new WeakMap<object, { state: WorkerState }>();
  const stateOf = (worker: object): WorkerState => {
    const of = states.get(worker);
    if (!of) throw new TypeError('Illegal invocation');
    return of.state;
  };

  class ServiceWorker extends EventTarget {
    onstatechange: unknown = null;
    constructor(token?: unknown) {
      requireInternal(realm, token);
      super();
    }
    get scriptURL(): string {
      return stateOf(this).script;
    }
    get state(): string {
      return stateOf(this).state;
    }
    postMessage(data: unknown): void {
      const { ExtendableMessageEvent } = global as unknown as { ExtendableMessageEvent: typeof MessageEvent };
      const init = { data: global.structuredClone(data), origin: realm.urls.origin() };
      const event = new ExtendableMessageEvent('message', init);
      if (stateOf(this).id === version) realm.natives.setTimeout(() => global.dispatchEvent(event));
    }
  }

  const workerOf = (slot: WorkerState): object => {
    let worker = workers.get(slot.id);
    if (!worker) {
      worker = { object: new ServiceWorker(internal), state: slot };
      workers.set(slot.id, worker);
      states.set(worker.object, worker);
    }
    return worker.object;
  };

  class ServiceWorkerRegistration extends EventTarget {
    onupdatefound: unknown = null;
    constructor(token?: unknown) {
      requireInternal(realm, token);
      super();
    }
    get installing(): object | null {
      return state?.installing ? workerOf(state.installing) : null;
    }
    get waiting(): object | null {
      return state?.waiting ? workerOf(state.waiting) : null;
    }
    get active(): object | null {
      return state?.active ? workerOf(state.active) : null;
    }
    get scope(): string {
      return state?.scope ?? '';
    }
    get updateViaCache(): string {
      return state?.updateViaCache ?? 'imports';
    }
    async update(): Promise<object> {
      await ask({ op: 'update', registration: state!.id });
      return this;
    }
    async unregister(): Promise<boolean> {
      const reply = await ask({ op: 'unregister', registration: state!.id });
      return 'done' in reply && reply.done;
    }
    async getNotifications(): Promise<object[]> {
      return [];
    }
    async showNotification(): Promise<void> {
      throw new TypeError(
        "Failed to execute 'showNotification' on 'ServiceWorkerRegistration': No notification permission has been granted for this origin.",
      );
    }
  }
  defineInterface(realm, 'ServiceWorker', ServiceWorker);
  defineInterface(realm, 'ServiceWorkerRegistration', ServiceWorkerRegistration);

  const fire = (target: object, type: string) => {
    const event = new Event(type);
    const handler = (target as Record<string, unknown>)[`on${type}`];
    if (typeof handler === 'function') Reflect.apply(handler, target, [event]);
    (target as EventTarget).dispatchEvent(event);
  };
  const registration = new ServiceWorkerRegistration(internal);
  const self: WorkerState = { id: version, script: realm.data.url, state: 'parsed', host: '' };
  return {
    registration,
    serviceWorker: workerOf(self),
    take({ registrations }) {
      const next = registrations.find((candidate) =>
        [...slots, 'starting' as const].some((slot) => candidate[slot]?.id === version),
      );
      const installing = state?.installing?.id;
      if (next) state = next;
      for (const [id, worker] of workers) {
        const now = slots.map((slot) => next?.[slot]).find((candidate) => candidate?.id === id);
        const before = worker.state.state;
        if (now) worker.state = now;
        else if (next && id !== version) worker.state = { ...worker.state, state: 'redundant' };
        if (worker.state.state !== before) fire(worker.object, 'statechange');
      }
      if (next?.installing && next.installing.id !== installing && next.installing.id !== version) {
        fire(registration, 'updatefound');
      }
    },
  };
}
