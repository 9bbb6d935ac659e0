/**
 * @module
 * Everybody who may look into requests and answers: the listeners of the worker's option `on` first, then the pages that listen.
 */
import type { BareResponse, HeaderPair } from '@culvert/bare-client';
import { askListeners, tellListeners } from './ask-listeners.js';
import { describeAnswer, lazyBody, toRequest, toResponse, withoutCoding } from './described-message.js';
import type {
  InterceptionEvents,
  InterceptionListeners,
  InterceptionType,
  RequestFailure,
  ResponseInterception,
  RequestInterception,
  ProxiedDownload,
  ProxiedNavigation,
} from './interception-events.js';
import type { MockedAnswer, RequestDescription, TransferredBody } from './interception-messages.js';
import type { Subscribers } from './subscribers.js';

export class Interceptors {
  readonly #listeners: InterceptionListeners;
  readonly #subscribers: Subscribers;

  constructor(listeners: InterceptionListeners, subscribers: Subscribers) {
    this.#listeners = listeners;
    this.#subscribers = subscribers;
  }

  /** After a restart it has to be read first who listens. */
  get ready(): Promise<void> {
    return this.#subscribers.ready;
  }

  has(...types: InterceptionType[]): boolean {
    return types.some((type) => this.#listeners[type] || this.#subscribers.of(type).length > 0);
  }

  /** @returns null if nobody answers */
  async request(description: RequestDescription): Promise<BareResponse | 'error' | null> {
    const facts = { ...factsOf(description), request: toRequest(description) };
    const own = await askListeners<RequestInterception>(this.#own('request'), facts);
    if (own) return bareAnswer(describeAnswer(own), description.url);
    for (const id of this.#subscribers.of('request')) {
      const answer = await this.#subscribers.ask(id, 'request', description);
      if (answer) return bareAnswer(answer, description.url);
    }
    return null;
  }

  /** @returns the same, another answer in its place, or a network error */
  async response(
    description: RequestDescription,
    remote: BareResponse,
    isMocked: boolean,
  ): Promise<BareResponse | 'error'> {
    const tap = new BodyTap(remote.body);
    const response = {
      status: remote.status,
      statusText: remote.statusText,
      // What only the worker may know stays here.
      headers: remote.rawHeaders.filter(([name]) => !/^set-cookie2?$/i.test(name)).filter(isValidHeader),
    };
    const facts = { ...factsOf(description), request: toRequest({ ...description, body: null }), isMocked };
    const body = remote.body && lazyBody(async () => tap.open());
    const shown = toResponse(response, body);
    const own = await askListeners<ResponseInterception>(this.#own('response'), { ...facts, response: shown });
    let answer: MockedAnswer | null = own && describeAnswer(own);
    for (const id of answer ? [] : this.#subscribers.of('response')) {
      const payload = { request: { ...description, body: null }, response, hasBody: remote.body !== null, isMocked };
      answer = await this.#subscribers.ask(id, 'response', payload, () => tap.open());
      if (answer) break;
    }
    const rest = tap.close();
    if (!answer) return rest === remote.body ? remote : withBody(remote, rest);
    // Not waited for: half of a divided body is cancelled when the other half is, of which the new answer may be made.
    rest?.cancel().catch(ignoreFailedBody);
    return bareAnswer(answer, description.url);
  }

  async error(description: RequestDescription, error: RequestFailure['error']): Promise<void> {
    const request = { ...description, body: null };
    tellListeners(this.#own('error'), { ...factsOf(description), request: toRequest(request), error });
    await this.#subscribers.tell('error', { request, error });
  }

  async navigate(navigation: ProxiedNavigation): Promise<void> {
    tellListeners(this.#own('navigate'), navigation);
    await this.#subscribers.tell('navigate', navigation);
  }

  async download(download: ProxiedDownload): Promise<void> {
    tellListeners(this.#own('download'), download);
    await this.#subscribers.tell('download', download);
  }

  #own<Type extends InterceptionType>(type: Type): ((event: InterceptionEvents[Type]) => void | PromiseLike<void>)[] {
    const listener = this.#listeners[type];
    return listener ? [listener] : [];
  }
}

/** Divides a body when a listener wants to read it, and not before: an unread copy would be kept in memory whole. */
class BodyTap {
  #rest: ReadableStream<Uint8Array> | null;
  #isClosed = false;

  constructor(body: ReadableStream<Uint8Array> | null) {
    this.#rest = body;
  }

  open(): TransferredBody {
    if (!this.#rest || this.#isClosed) return null;
    const [copy, rest] = this.#rest.tee();
    this.#rest = rest;
    return copy;
  }

  /** Who asks from now on comes too late. @returns what is left for the page of the site */
  close(): ReadableStream<Uint8Array> | null {
    this.#isClosed = true;
    return this.#rest;
  }
}

function factsOf({ requestId, url, destination, isNavigation, initiatorUrl }: RequestDescription) {
  return { requestId, url, destination, isNavigation, initiatorUrl };
}

function bareAnswer(answer: MockedAnswer, url: string): BareResponse | 'error' {
  if (answer === 'error') return 'error';
  return Object.assign(toResponse(answer, answer.body), { rawHeaders: withoutCoding(answer.headers), finalUrl: url });
}

function withBody(
  { status, statusText, rawHeaders, finalUrl }: BareResponse,
  body: ReadableStream | null,
): BareResponse {
  return Object.assign(new Response(body, { status, statusText }), { rawHeaders, finalUrl });
}

function ignoreFailedBody(): void {
  // It broke off by itself: nobody wants it any more.
}

/** What lenient sites send and no `Headers` can hold. */
function isValidHeader([name, value]: HeaderPair): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
}
