/**
 * @module `ExtendableEvent` and its kin: what a site's listeners get.
 *
 * @see https://w3c.github.io/ServiceWorker/#extendableevent-interface
 */
import type { Realm } from '../../realm/realm.js';
import { defineInterface } from './define-interface.js';

export interface Extendable extends Event {
  waitUntil(work: unknown): void;
}

export interface EventClasses {
  ExtendableEvent: new (type: string, init?: object) => Extendable;
  FetchEvent: new (type: string, init: object) => Extendable & { readonly request: Request };
  ExtendableMessageEvent: new (type: string, init?: object) => Extendable;
  InstallEvent: new (type: string, init?: object) => Extendable;
  /** Dispatches to the scope. @returns whether all that the listeners asked to wait for was fulfilled */
  run(event: Extendable): Promise<boolean>;
  /** What `respondWith` was given; null where it was not called. */
  answerOf(event: Event): Promise<unknown> | null;
}

interface Lifetime {
  isDispatching: boolean;
  pending: number;
  isFulfilled: boolean;
  finished: () => void;
}

export function createEventClasses(realm: Realm): EventClasses {
  const global = realm.global as typeof globalThis;
  const { Event, DOMException, TypeError, Promise } = global;
  const dispatch = global.EventTarget.prototype.dispatchEvent;
  const lifetimes = new WeakMap<object, Lifetime>();
  const answers = new WeakMap<object, Promise<unknown>>();

  const extend = (event: object, name: string, work: Promise<unknown>, counts = true): void => {
    const lifetime = lifetimes.get(event);
    if (!lifetime || (!lifetime.isDispatching && lifetime.pending === 0)) {
      throw new DOMException(
        `Failed to execute '${name}' on 'ExtendableEvent': The event handler is already finished and no extend lifetime promises are outstanding.`,
        'InvalidStateError',
      );
    }
    lifetime.pending++;
    const settle = () => {
      // A reaction may extend the lifetime once more.
      global.queueMicrotask(() => {
        lifetime.pending--;
        if (lifetime.pending === 0) lifetime.finished();
      });
    };
    work.then(settle, () => {
      if (counts) lifetime.isFulfilled = false;
      settle();
    });
  };

  class ExtendableEvent extends Event implements Extendable {
    constructor(type: string, init?: EventInit) {
      super(type, init);
    }
    waitUntil(work: unknown): void {
      extend(this, 'waitUntil', Promise.resolve(work));
    }
  }

  const fields = new WeakMap<object, Record<string, unknown>>();
  const field = (event: object, name: string): unknown => {
    const own = fields.get(event);
    if (!own) throw new TypeError('Illegal invocation');
    return own[name];
  };
  /** A readonly attribute for each name, read from the initialiser. */
  const attributes = (definition: Function, defaults: Record<string, unknown>): void => {
    for (const name of Object.keys(defaults)) {
      const get = {
        get(this: object) {
          return field(this, name);
        },
      }.get;
      Object.defineProperty(get, 'name', { value: `get ${name}` });
      Object.defineProperty(definition.prototype, name, { get, enumerable: true, configurable: true });
    }
  };
  const initialise = (event: object, init: Record<string, unknown> = {}, defaults: Record<string, unknown>): void => {
    const own: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(defaults)) own[name] = init[name] ?? value;
    fields.set(event, own);
  };

  const fetchDefaults = {
    request: null,
    clientId: '',
    resultingClientId: '',
    replacesClientId: '',
    handled: null,
    preloadResponse: null,
  };
  class FetchEvent extends ExtendableEvent {
    constructor(type: string, init: EventInit) {
      super(type, init);
      if (!((init as { request?: unknown } | undefined)?.request instanceof global.Request)) {
        throw new TypeError(
          "Failed to construct 'FetchEvent': Failed to read the 'request' property from 'FetchEventInit': Required member is undefined.",
        );
      }
      initialise(this, init as never, {
        ...fetchDefaults,
        handled: new Promise<void>(() => {}),
        preloadResponse: Promise.resolve(undefined),
      });
    }
    respondWith(answer: unknown): void {
      const lifetime = lifetimes.get(this);
      const fail = (message: string): never => {
        throw new DOMException(`Failed to execute 'respondWith' on 'FetchEvent': ${message}`, 'InvalidStateError');
      };
      if (!lifetime) fail('Cannot call respondWith on a constructed FetchEvent.');
      if (answers.has(this)) fail('respondWith() was already called.');
      if (!lifetime!.isDispatching) fail('The event has already been responded to.');
      const promise = Promise.resolve(answer);
      extend(this, 'respondWith', promise, false);
      this.stopImmediatePropagation();
      answers.set(this, promise);
    }
  }
  attributes(FetchEvent, fetchDefaults);

  const messageDefaults = { data: null, origin: '', lastEventId: '', source: null, ports: Object.freeze([]) };
  class ExtendableMessageEvent extends ExtendableEvent {
    constructor(type: string, init?: EventInit) {
      super(type, init);
      initialise(this, init as never, messageDefaults);
    }
  }
  attributes(ExtendableMessageEvent, messageDefaults);

  class InstallEvent extends ExtendableEvent {
    constructor(type: string, init?: EventInit) {
      super(type, init);
    }
    /** The static router is not there: every rule is taken, and none is followed. */
    async addRoutes(): Promise<void> {}
  }
  for (const [name, definition] of Object.entries({
    ExtendableEvent,
    FetchEvent,
    ExtendableMessageEvent,
    InstallEvent,
  })) {
    defineInterface(realm, name, definition);
  }

  return {
    ExtendableEvent: ExtendableEvent as never,
    FetchEvent: FetchEvent as never,
    ExtendableMessageEvent: ExtendableMessageEvent as never,
    InstallEvent: InstallEvent as never,
    answerOf: (event) => answers.get(event) ?? null,
    run: (event) =>
      new Promise<boolean>((resolve) => {
        const lifetime: Lifetime = {
          isDispatching: true,
          pending: 0,
          isFulfilled: true,
          finished: () => resolve(lifetime.isFulfilled),
        };
        lifetimes.set(event, lifetime);
        Reflect.apply(dispatch, global, [event]);
        lifetime.isDispatching = false;
        if (lifetime.pending === 0) lifetime.finished();
      }),
  };
}
