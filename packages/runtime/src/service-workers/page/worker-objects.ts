/**
 * @module `ServiceWorker` and `ServiceWorkerRegistration` objects for a site's own. They are real EventTargets with the
 * engine's prototypes, whose members are hooked to know them.
 */
import { interceptEventHandlers } from '../../hooks/universal/event-handler-attribute.js';
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, setPrototypeOf } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { RegistrationState, WorkerState } from '../messages.js';

export interface SiteWorker {
  readonly object: ServiceWorker;
  state: WorkerState;
}

export interface SiteRegistration {
  readonly object: ServiceWorkerRegistration;
  state: RegistrationState;
  installing: SiteWorker | null;
  waiting: SiteWorker | null;
  active: SiteWorker | null;
}

export interface WorkerActions {
  post(worker: SiteWorker, data: unknown, transfer: Transferable[]): void;
  update(registration: SiteRegistration): Promise<ServiceWorkerRegistration>;
  unregister(registration: SiteRegistration): Promise<boolean>;
}

export interface WorkerObjects {
  worker(state: WorkerState): SiteWorker;
  registration(state: RegistrationState): SiteRegistration;
}

const slots = ['installing', 'waiting', 'active'] as const;

/** One object for each worker and each registration, as natively within a realm. */
export function createWorkerObjects(realm: Realm, actions: WorkerActions): WorkerObjects {
  const global = realm.global as typeof globalThis;
  const { EventTarget, ServiceWorker, ServiceWorkerRegistration } = global;
  const workers = new Map<string, SiteWorker>();
  const registrations = new Map<string, SiteRegistration>();
  const workerOf = new WeakMap<object, SiteWorker>();
  const registrationOf = new WeakMap<object, SiteRegistration>();

  const read = <T>(known: WeakMap<object, T>, holder: object, name: string, get: (of: T) => unknown) =>
    interceptAccessor(realm, holder, name, {
      get: (native) =>
        function (this: object) {
          const of = known.get(this);
          return of ? get(of) : (native(this) as unknown);
        },
    });

  read(workerOf, ServiceWorker.prototype, 'scriptURL', ({ state }) => state.script);
  read(workerOf, ServiceWorker.prototype, 'state', ({ state }) => state.state);
  interceptEventHandlers(realm, ServiceWorker.prototype, ['statechange', 'error'], (target) => workerOf.has(target));
  interceptMethod(
    realm,
    ServiceWorker.prototype,
    'postMessage',
    (native) =>
      function (this: object, ...args: unknown[]) {
        const worker = workerOf.get(this);
        if (!worker || args.length === 0) return apply(native, this, args) as unknown;
        const options = args[1] as Transferable[] | StructuredSerializeOptions | undefined;
        const transfer = options && Symbol.iterator in options ? [...options] : (options?.transfer ?? []);
        return actions.post(worker, args[0], transfer);
      },
  );

  const { prototype } = ServiceWorkerRegistration;
  for (const slot of slots) read(registrationOf, prototype, slot, (of) => of[slot]?.object ?? null);
  read(registrationOf, prototype, 'scope', ({ state }) => state.scope);
  read(registrationOf, prototype, 'updateViaCache', ({ state }) => state.updateViaCache);
  interceptEventHandlers(realm, prototype, ['updatefound'], (target) => registrationOf.has(target));
  const act = (name: string, action: (of: SiteRegistration) => Promise<unknown>) =>
    interceptMethod(
      realm,
      prototype,
      name,
      (native) =>
        function (this: object, ...args: unknown[]) {
          const of = registrationOf.get(this);
          return of ? action(of) : (apply(native, this, args) as unknown);
        },
    );
  act('update', actions.update);
  act('unregister', actions.unregister);
  act('getNotifications', async () => []);
  act('showNotification', () =>
    Promise.reject(new global.TypeError("Failed to execute 'showNotification': No notification permission.")),
  );
  // A push service would send to the proxy; background work would wake it. All are shown as missing.
  for (const name of [
    'pushManager',
    'sync',
    'periodicSync',
    'backgroundFetch',
    'paymentManager',
    'index',
    'cookies',
    'navigationPreload',
  ]) {
    Reflect.deleteProperty(prototype, name);
  }

  const create = (like: object): object => {
    const target = new EventTarget();
    setPrototypeOf(target, like);
    return target;
  };
  return {
    worker(state) {
      let worker = workers.get(state.id);
      if (!worker) {
        worker = { object: create(ServiceWorker.prototype) as ServiceWorker, state };
        workers.set(state.id, worker);
        workerOf.set(worker.object, worker);
      }
      return worker;
    },
    registration(state) {
      let registration = registrations.get(state.id);
      if (!registration) {
        const object = create(prototype) as ServiceWorkerRegistration;
        registration = { object, state, installing: null, waiting: null, active: null };
        registrations.set(state.id, registration);
        registrationOf.set(object, registration);
      }
      return registration;
    },
  };
}
