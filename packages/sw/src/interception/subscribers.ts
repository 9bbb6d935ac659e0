/**
 * @module
 * The pages that listen: who they are, which a stopped worker must not forget, and how one of them is asked. A page that is
 * gone, asleep or stuck holds up no request for longer than the limits say.
 */
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';
import { postWithBody } from './described-message.js';
import type { InterceptionType } from './interception-events.js';
import type {
  InterceptionMessage,
  InterceptionPayloads,
  InterceptionReply,
  MockedAnswer,
  SubscriptionAnswer,
  SubscriptionRequest,
  TransferredBody,
} from './interception-messages.js';

export interface InterceptionLimits {
  /** A page that does not take a message within this time is asked no more until it says that it is back, in ms. Default: 2000. */
  acknowledge: number;
  /** What its listeners have for one answer, in ms; then the request goes on without. Default: 30000. */
  answer: number;
}

export const defaultInterceptionLimits: InterceptionLimits = { acknowledge: 2000, answer: 30_000 };

/** How often it is looked whether a page that is waited for is still there, in ms. */
const presenceInterval = 250;

type Subscription = [clientId: string, types: InterceptionType[]];

interface Subscriber {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

export interface SubscribersOptions extends StoredValueOptions {
  get(clientId: string): Promise<Subscriber | undefined>;
  persistence: Persistence<Subscription[]>;
  /** The path below which proxied pages live: they may not listen. */
  scope: string;
  limits?: Partial<InterceptionLimits>;
}

interface SubscriptionEvent {
  data: SubscriptionRequest;
  source: unknown;
  ports: readonly { postMessage(message: SubscriptionAnswer): void }[];
}

export class Subscribers {
  readonly ready: Promise<void>;
  readonly #options: SubscribersOptions;
  readonly #limits: InterceptionLimits;
  readonly #types = new Map<string, ReadonlySet<InterceptionType>>();
  readonly #asleep = new Set<string>();
  readonly #stored: StoredValue<Subscription[]>;

  constructor(options: SubscribersOptions) {
    this.#options = options;
    this.#limits = { ...defaultInterceptionLimits, ...options.limits };
    this.#stored = new StoredValue(
      options.persistence,
      () => [...this.#types].map(([id, types]): Subscription => [id, [...types]]),
      options,
    );
    this.ready = this.#stored.load().then((subscriptions = []) => {
      for (const [id, types] of subscriptions) if (!this.#types.has(id)) this.#types.set(id, new Set(types));
    });
  }

  /** For the `message` event. Who listens sees all that the sites send, so no proxied page may. */
  async subscribe({ data: { types }, source, ports }: SubscriptionEvent): Promise<void> {
    const { id = '', url = '' } = (source ?? {}) as { id?: string; url?: string };
    const answer = (outcome: { ok: true } | { ok: false; message: string }): void =>
      ports[0]?.postMessage({ culvert: 'subscribed', ...outcome });
    const { scope } = this.#options;
    if (!/^https?:/.test(url) || new URL(url).pathname.startsWith(scope)) {
      return answer({
        ok: false,
        message: `Failed to listen to requests: ${url || 'who asks'} is no page outside of ${scope}. Call proxy.on there.`,
      });
    }
    await this.ready;
    this.#asleep.delete(id);
    if (types.length > 0) this.#types.set(id, new Set(types));
    else this.#types.delete(id);
    await this.#stored.save();
    answer({ ok: true });
  }

  /** The ids of those that want to know, in the order in which they subscribed. */
  of(type: InterceptionType): string[] {
    return [...this.#types].filter(([id, types]) => types.has(type) && !this.#asleep.has(id)).map(([id]) => id);
  }

  async tell<Type extends InterceptionType>(type: Type, payload: InterceptionPayloads[Type]): Promise<void> {
    for (const id of this.of(type)) (await this.#find(id))?.postMessage(this.#message(type, payload), []);
  }

  /** @param openBody gives a copy of the body that the event is about, if the page wants it */
  async ask<Type extends 'request' | 'response'>(
    id: string,
    type: Type,
    payload: InterceptionPayloads[Type],
    openBody: () => TransferredBody = () => null,
  ): Promise<MockedAnswer | null> {
    const subscriber = await this.#find(id);
    if (!subscriber) return null;
    const { port1, port2 } = new MessageChannel();
    const presence = this.#watch(id);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const answer = await new Promise<MockedAnswer | null>((resolve) => {
        timer = setTimeout(() => {
          this.#asleep.add(id);
          resolve(null);
        }, this.#limits.acknowledge);
        void presence.gone.then(() => resolve(null));
        port1.onmessage = ({ data }: MessageEvent<InterceptionReply>) => {
          switch (data.stage) {
            case 'received':
              clearTimeout(timer);
              timer = setTimeout(() => {
                console.warn(`culvert: A page's listener took longer than ${this.#limits.answer} ms for ${type}.`);
                resolve(null);
              }, this.#limits.answer);
              break;
            case 'body':
              void postWithBody(port1, openBody(), (body) => body);
              break;
            case 'done':
              resolve(data.answer);
          }
        };
        subscriber.postMessage(this.#message(type, payload), [port2]);
      });
      if (answer === null || answer === 'error' || !(answer.body instanceof ReadableStream)) return answer;
      return { ...answer, body: this.#whilePresent(id, answer.body) };
    } finally {
      clearTimeout(timer);
      presence.stop();
      // A body on its way comes over a port of its own.
      port1.close();
    }
  }

  #message<Type extends InterceptionType>(type: Type, payload: InterceptionPayloads[Type]): InterceptionMessage<Type> {
    return { culvert: 'interception', type, payload, deadline: Date.now() + this.#limits.acknowledge };
  }

  async #find(id: string): Promise<Subscriber | undefined> {
    const subscriber = await this.#options.get(id);
    if (!subscriber && this.#types.delete(id)) void this.#stored.save();
    return subscriber;
  }

  #watch(id: string): { gone: Promise<void>; stop(): void } {
    let timer: ReturnType<typeof setInterval> | undefined;
    const gone = new Promise<void>((resolve) => {
      timer = setInterval(() => void this.#find(id).then((found) => found ?? resolve()), presenceInterval);
    });
    return { gone, stop: () => clearInterval(timer) };
  }

  /** A stream from a page that has gone neither ends nor fails by itself. */
  #whilePresent(id: string, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const presence = this.#watch(id);
      const gone = presence.gone.then(() => {
        throw new TypeError('Failed to read the body: the page that answered is gone.');
      });
      try {
        const { done, value } = await Promise.race([reader.read(), gone]);
        if (done) controller.close();
        else controller.enqueue(value);
      } finally {
        presence.stop();
      }
    };
    return new ReadableStream<Uint8Array>({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
  }
}
