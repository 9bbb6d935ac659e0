/**
 * @module `navigator.serviceWorker` of a proxied page: the engine's container, with the site's own workers in it. What our worker
 * says of them comes as snapshots; each is a task, in which the objects change and their events are fired.
 *
 * @see https://w3c.github.io/ServiceWorker/#serviceworkercontainer-interface
 */
import type { ServiceWorkerChannel } from '../../hooks/universal/service-worker-channel.js';
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { nativeGetter, nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { FromServiceWorker } from '../../messages.js';
import type { ScopeToPage, ServiceWorkerReply, ServiceWorkerRequest, ServiceWorkerSnapshot } from '../messages.js';
import { registerRequest, withoutFragment } from './register-arguments.js';
import { connectScopes } from './scope-connections.js';
import { createWorkerObjects, type SiteRegistration, type SiteWorker } from './worker-objects.js';

const slots = ['installing', 'waiting', 'active'] as const;

export function installContainer(realm: Realm, channel: ServiceWorkerChannel, container: object): void {
  const global = realm.global as typeof globalThis;
  const { ServiceWorkerContainer, Event, MessageEvent, Promise, TypeError } = global;
  const { natives } = realm;
  const dispatch = nativeMethod<boolean>(global.EventTarget.prototype, 'dispatchEvent');
  const isTrusted = nativeGetter<boolean>(new Event(''), 'isTrusted');
  const known = new Map<string, SiteRegistration>();
  const workersById = new Map<string, SiteWorker>();
  let controller: SiteWorker | null = null;
  let order = -1;
  let resolveReady: ((registration: ServiceWorkerRegistration) => void) | null = null;
  const ready = new Promise<ServiceWorkerRegistration>((resolve) => (resolveReady = resolve));

  const objects = createWorkerObjects(realm, {
    post: (worker, data, transfer) => scopes.post(worker.state.id, data, transfer),
    async update(registration) {
      await request({ op: 'update', registration: registration.state.id });
      return registration.object;
    },
    async unregister(registration) {
      const reply = await request({ op: 'unregister', registration: registration.state.id });
      return 'done' in reply && reply.done;
    },
  });

  const messages = messageQueue(realm, container, ({ data, ports, worker }) => {
    const event = new MessageEvent('message', { data, ports, origin: realm.urls.origin() });
    // The constructor takes native sources alone.
    Object.defineProperty(event, 'source', { value: worker.object, configurable: true });
    dispatch(container, event);
  });
  const scopes = connectScopes(realm, (id, event: MessageEvent<ScopeToPage>) => {
    const worker = workersById.get(id);
    if (worker) messages.push({ data: event.data.data, ports: [...event.ports], worker });
  });

  /** @throws what our worker says, as an error of this realm */
  async function request(message: ServiceWorkerRequest): Promise<Exclude<ServiceWorkerReply, { error: unknown }>> {
    // What fetches and runs a script may take its time; the state is there.
    const timeout = message.op === 'state' ? undefined : 0;
    const reply = (await channel.ask(
      { culvert: 'service-worker', request: message },
      timeout,
    )) as ServiceWorkerReply | null;
    if (!reply) throw new TypeError('Failed to reach the service worker registry.');
    if (!('error' in reply)) return reply;
    const { name, message: text } = reply.error;
    throw name === 'TypeError' ? new TypeError(text) : new natives.DOMException(text, name);
  }

  /** The objects change at once; returns what is to be fired. */
  function apply(snapshot: ServiceWorkerSnapshot): (() => void)[] {
    if (snapshot.order <= order) return [];
    const isFirst = order === -1;
    order = snapshot.order;
    const events: (() => void)[] = [];
    const fire = (target: object, type: string) => events.push(() => dispatch(target, new Event(type)));
    scopes.introduce(snapshot.client);
    const alive = new Set<string>();
    const seen = new Set<string>();
    for (const state of snapshot.registrations) {
      const registration = objects.registration(state);
      registration.state = state;
      known.set(state.id, registration);
      seen.add(state.id);
      const installing = registration.installing?.state.id;
      if (state.starting) {
        scopes.hold(state.starting);
        alive.add(state.starting.id);
      }
      for (const slot of slots) {
        const workerState = state[slot];
        registration[slot] = null;
        if (!workerState) continue;
        alive.add(workerState.id);
        const worker = objects.worker(workerState);
        workersById.set(workerState.id, worker);
        registration[slot] = worker;
        scopes.hold(workerState);
        const before = worker.state.state;
        worker.state = workerState;
        if (before !== workerState.state && before !== 'parsed') fire(worker.object, 'statechange');
      }
      if (state.installing && state.installing.id !== installing) fire(registration.object, 'updatefound');
    }
    for (const [id, worker] of workersById) {
      if (alive.has(id)) continue;
      workersById.delete(id);
      worker.state = { ...worker.state, state: 'redundant' };
      fire(worker.object, 'statechange');
      scopes.release(id);
    }
    for (const [id, registration] of known) {
      if (seen.has(id)) continue;
      known.delete(id);
      for (const slot of slots) registration[slot] = null;
    }
    const next = (snapshot.controller && known.get(snapshot.controller)?.active) || null;
    if (next !== controller) {
      controller = next;
      if (!isFirst) fire(container, 'controllerchange');
    }
    const own = matching(realm.urls.documentUrl());
    if (own?.active && resolveReady) {
      resolveReady(own.object);
      resolveReady = null;
    }
    return events;
  }

  function take(snapshot: ServiceWorkerSnapshot): void {
    for (const event of apply(snapshot)) event();
  }

  function takeLater(snapshot: ServiceWorkerSnapshot): void {
    const events = apply(snapshot);
    if (events.length > 0) natives.setTimeout(() => events.forEach((event) => event()));
  }

  function matching(url: string): SiteRegistration | null {
    let found: SiteRegistration | null = null;
    for (const registration of known.values()) {
      const { scope, isUnregistered } = registration.state;
      if (isUnregistered) continue;
      if (url.startsWith(scope) && (found === null || scope.length > found.state.scope.length)) found = registration;
    }
    return found;
  }

  let isCurrent = Promise.resolve();
  async function refresh(): Promise<void> {
    const reply = await request({ op: 'state' });
    if ('snapshot' in reply) takeLater(reply.snapshot);
  }

  const { prototype } = ServiceWorkerContainer;
  interceptAccessor(realm, prototype, 'controller', { get: () => () => controller?.object ?? null });
  interceptAccessor(realm, prototype, 'ready', { get: () => () => ready });
  interceptMethod(
    realm,
    prototype,
    'register',
    () =>
      async function (this: unknown, ...args: unknown[]) {
        if (args.length === 0) {
          throw new TypeError(
            "Failed to execute 'register' on 'ServiceWorkerContainer': 1 argument required, but only 0 present.",
          );
        }
        const reply = await request(registerRequest(realm, args[0], args[1] as RegistrationOptions | undefined));
        if (!('snapshot' in reply)) throw new TypeError('Failed to register a ServiceWorker.');
        takeLater(reply.snapshot);
        return objects.registration(reply.snapshot.registrations.find(({ id }) => id === reply.registration)!).object;
      },
  );
  interceptMethod(
    realm,
    prototype,
    'getRegistration',
    () =>
      async function (this: unknown, url: unknown = '') {
        const resolved = realm.urls.resolve(`${url as string}`);
        if (resolved === null)
          throw new TypeError(`Failed to get a ServiceWorkerRegistration: '${url as string}' is invalid.`);
        if (!resolved.startsWith(`${realm.urls.origin()}/`)) {
          throw new natives.DOMException(
            `Failed to get a ServiceWorkerRegistration: The origin of the provided documentURL ('${resolved}') does not match the current origin ('${realm.urls.origin()}').`,
            'SecurityError',
          );
        }
        await isCurrent;
        await refresh();
        return matching(withoutFragment(resolved))?.object;
      },
  );
  interceptMethod(
    realm,
    prototype,
    'getRegistrations',
    () =>
      async function (this: unknown) {
        await isCurrent;
        await refresh();
        return [...known.values()].flatMap(({ object, state }) => (state.isUnregistered ? [] : object));
      },
  );
  interceptMethod(realm, prototype, 'startMessages', () => () => messages.start());

  // Before any listener of the page's: nobody had this container until now.
  natives.addEventListener(container as EventTarget, 'message', (event: MessageEvent) => {
    if (!isTrusted(event)) return;
    const message = event.data as FromServiceWorker | null;
    event.stopImmediatePropagation();
    if (message?.culvert === 'service-workers') take(message.snapshot);
  });
  natives.addEventListener(container as EventTarget, 'controllerchange', (event: Event) => {
    if (isTrusted(event)) event.stopImmediatePropagation();
  });

  if (realm.data.serviceWorkers) takeLater(realm.data.serviceWorkers);
  // What changed between the document's answer and this moment, and for a document that had none.
  isCurrent = refresh().catch(() => undefined);
}

interface QueuedMessage {
  data: unknown;
  ports: MessagePort[];
  worker: SiteWorker;
}

/** Messages wait until the document is parsed, `onmessage` is set or `startMessages()` is called. */
function messageQueue(realm: Realm, container: object, deliver: (message: QueuedMessage) => void) {
  const { document } = realm.global as typeof globalThis;
  let waiting: QueuedMessage[] | null = document.readyState === 'loading' ? [] : null;
  const start = () => {
    const messages = waiting ?? [];
    waiting = null;
    for (const message of messages) deliver(message);
  };
  realm.natives.addEventListener(document, 'DOMContentLoaded', start);
  interceptAccessor(realm, Object.getPrototypeOf(container) as object, 'onmessage', {
    set: (native) =>
      function (this: object, value: unknown) {
        native(this, value);
        if (this === container) start();
      },
  });
  return { start, push: (message: QueuedMessage) => (waiting ? waiting.push(message) : deliver(message)) };
}
