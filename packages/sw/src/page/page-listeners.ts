/**
 * @module
 * The listeners of this page, and its side of what the worker asks them (`interception/subscribers.ts` is the other).
 */
import { askListeners, tellListeners } from '../interception/ask-listeners.js';
import { describeAnswer, lazyBody, postWithBody, toRequest, toResponse } from '../interception/described-message.js';
import type {
  InterceptionEvents,
  InterceptionListener,
  InterceptionType,
  RequestInterception,
  ResponseInterception,
} from '../interception/interception-events.js';
import type {
  InterceptionMessage,
  InterceptionPayloads,
  InterceptionReply,
  MockedAnswer,
  RequestDescription,
  SubscriptionAnswer,
  SubscriptionRequest,
  TransferredBody,
} from '../interception/interception-messages.js';
import { ProxyError } from './errors.js';

/** A worker that has to be started first needs a moment. */
const patience = 10_000;

type AnyListener = InterceptionListener<InterceptionType>;

export class PageListeners {
  readonly #listeners = new Map<InterceptionType, Set<AnyListener>>();
  #announced: Promise<void> = Promise.resolve();
  #isConnected = false;

  constructor(private readonly scope: string) {}

  on<Type extends InterceptionType>(type: Type, listener: InterceptionListener<Type>): () => Promise<void> {
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set.add(listener as AnyListener));
    this.#connect();
    void this.#announce();
    return () => {
      set.delete(listener as AnyListener);
      if (set.size === 0) this.#listeners.delete(type);
      return this.#announce();
    };
  }

  /** @throws ProxyError SUBSCRIPTION_FAILED */
  announced(): Promise<void> {
    return this.#listeners.size > 0 ? this.#announce() : this.#announced;
  }

  #connect(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    const { serviceWorker } = navigator;
    serviceWorker?.addEventListener('message', this.#receive);
    serviceWorker?.startMessages();
    // Another version of the worker, and a page that was asleep, are told again.
    serviceWorker?.addEventListener('controllerchange', this.#announceAgain);
    addEventListener('pageshow', this.#announceAgain);
    document.addEventListener('visibilitychange', this.#announceAgain);
  }

  readonly #announceAgain = (): void => {
    if (this.#listeners.size > 0) void this.#announce();
  };

  /** One at a time and in order: the last one is what counts. */
  #announce(): Promise<void> {
    const announcing = this.#announced.catch(ignoreEarlierFailure).then(() => this.#tellWorker());
    // Who wants to know of a failure waits for `listening`.
    announcing.catch(ignoreEarlierFailure);
    return (this.#announced = announcing);
  }

  async #tellWorker(): Promise<void> {
    const worker = (await navigator.serviceWorker?.getRegistration(this.scope))?.active;
    // `register` tells it as soon as there is one.
    if (!worker) return;
    const answer = await new Promise<SubscriptionAnswer | null>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(() => resolve(null), patience);
      port1.onmessage = ({ data }: MessageEvent<SubscriptionAnswer>) => {
        clearTimeout(timer);
        port1.close();
        resolve(data);
      };
      const request: SubscriptionRequest = { culvert: 'subscribe', types: [...this.#listeners.keys()] };
      worker.postMessage(request, [port2]);
    });
    if (answer?.ok) return;
    const message = answer?.message ?? `Failed to listen to requests: the worker did not answer in ${patience} ms.`;
    throw new ProxyError('SUBSCRIPTION_FAILED', message);
  }

  readonly #receive = ({ data, ports }: MessageEvent<Partial<InterceptionMessage> | null>): void => {
    if (data?.culvert !== 'interception') return;
    const message = data as InterceptionMessage;
    const port = ports[0];
    if (Date.now() > message.deadline) {
      // This page was asleep, and the worker has gone on without it.
      this.#announceAgain();
      return;
    }
    switch (message.type) {
      case 'request':
      case 'response':
        if (port) void this.#answer(message, port);
        break;
      case 'error': {
        const { request, error } = message.payload as InterceptionPayloads['error'];
        this.#tell('error', { ...factsOf(request), request: toRequest(request), error });
        break;
      }
      case 'navigate':
        this.#tell('navigate', message.payload as InterceptionPayloads['navigate']);
        break;
      case 'download':
        this.#tell('download', message.payload as InterceptionPayloads['download']);
    }
  };

  #tell<Type extends InterceptionType>(type: Type, event: InterceptionEvents[Type]): void {
    tellListeners(this.#of(type), event);
  }

  async #answer({ type, payload }: InterceptionMessage, port: MessagePort): Promise<void> {
    port.postMessage({ stage: 'received' } satisfies InterceptionReply);
    const response =
      type === 'request'
        ? await this.#askForRequest(payload as InterceptionPayloads['request'])
        : await this.#askForResponse(payload as InterceptionPayloads['response'], port);
    const answer = response && describeAnswer(response);
    const body = answer === null || answer === 'error' ? null : answer.body;
    await postWithBody(port, body, (transferred): InterceptionReply => {
      const described: MockedAnswer | null = answer && answer !== 'error' ? { ...answer, body: transferred } : answer;
      return { stage: 'done', answer: described };
    });
  }

  #askForRequest(payload: InterceptionPayloads['request']): Promise<Response | null> {
    const event = { ...factsOf(payload), request: toRequest(payload) };
    return askListeners<RequestInterception>(this.#of('request'), event);
  }

  #askForResponse(payload: InterceptionPayloads['response'], port: MessagePort): Promise<Response | null> {
    const { request, response, hasBody, isMocked } = payload;
    const open = (): Promise<TransferredBody> =>
      new Promise((resolve) => {
        port.onmessage = ({ data }: MessageEvent<TransferredBody>) => resolve(data);
        port.postMessage({ stage: 'body' } satisfies InterceptionReply);
      });
    const event = {
      ...factsOf(request),
      request: toRequest(request),
      response: toResponse(response, hasBody ? lazyBody(open) : null),
      isMocked,
    };
    return askListeners<ResponseInterception>(this.#of('response'), event);
  }

  #of<Type extends InterceptionType>(type: Type): InterceptionListener<Type>[] {
    return [...(this.#listeners.get(type) ?? [])] as InterceptionListener<Type>[];
  }
}

function factsOf({ requestId, url, destination, isNavigation, initiatorUrl }: RequestDescription) {
  return { requestId, url, destination, isNavigation, initiatorUrl };
}

function ignoreEarlierFailure(): void {
  // `listening` and the function that `on` gives have rejected with it.
}
