/**
 * @module
 * The client's side with a server that knows the seed's headers only: one PUT and one GET at a time, in order. Nothing is sent
 * again once a request has failed, as nobody could tell what of it arrived.
 */
import { HttpSocketError } from '../errors.js';
import { joinBytes } from '../wire/retained-bytes.js';
import type { Requester } from './requester.js';

const bodyBytes = 32_768;
const requestTimeout = 60_000;
/** Between GETs that brought nothing at once: such a server may not let them wait. */
const pauses = { first: 50, last: 1000 };

export interface PlainPeerEvents {
  data(bytes: Uint8Array): void;
  end(): void;
  failed(error: HttpSocketError): void;
}

export class PlainPeer {
  readonly #requester: Requester;
  readonly #events: PlainPeerEvents;
  #queue: Uint8Array[] = [];
  #sending: Promise<void> = Promise.resolve();
  #isOver = false;
  #resume: (() => void) | null = null;
  #isPaused = false;

  constructor(requester: Requester, events: PlainPeerEvents) {
    this.#requester = requester;
    this.#events = events;
  }

  start(): void {
    void this.#receive();
  }

  /** Resolves when the server has them: there is nothing to tell how much more it could take. */
  write(bytes: Uint8Array): Promise<void> {
    this.#queue.push(bytes.slice());
    this.#sending = this.#sending.then(() => this.#sendQueue());
    return this.#sending;
  }

  /** Such a server knows no half-closed socket: the end is the DELETE. */
  end(): Promise<void> {
    return this.#sending;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resume?.();
  }

  stop(): void {
    this.#isOver = true;
    this.#queue = [];
    this.#resume?.();
  }

  async #sendQueue(): Promise<void> {
    const bytes = joinBytes(this.#queue);
    this.#queue = [];
    for (let start = 0; start < bytes.length && !this.#isOver; start += bodyBytes) {
      const body = bytes.subarray(start, start + bodyBytes);
      try {
        await this.#requester.send({ method: 'PUT', fields: {}, body, timeout: requestTimeout });
      } catch (error) {
        if (this.#isOver) return;
        const failure = notReplayable(error as HttpSocketError);
        this.#events.failed(failure);
        throw failure;
      }
    }
  }

  async #receive(): Promise<void> {
    let pause = pauses.first;
    while (!this.#isOver) {
      if (this.#isPaused) await new Promise<void>((resolve) => (this.#resume = resolve));
      if (this.#isOver) return;
      try {
        const answer = await this.#requester.send({
          method: 'GET',
          fields: { contentLength: bodyBytes },
          timeout: requestTimeout,
        });
        if (this.#isOver) return;
        if (answer.status === 410) {
          this.#isOver = true;
          this.#events.end();
          return;
        }
        if (answer.body.length > 0) this.#events.data(answer.body);
        else if (answer.milliseconds < pauses.last) await new Promise((resolve) => setTimeout(resolve, pause));
        pause = answer.body.length > 0 ? pauses.first : Math.min(pauses.last, pause * 2);
      } catch (error) {
        if (!this.#isOver) this.#events.failed(notReplayable(error as HttpSocketError));
        return;
      }
    }
  }
}

function notReplayable(error: HttpSocketError): HttpSocketError {
  if (error.code === 'HTTP_SOCKET_UNKNOWN_SESSION') return error;
  return new HttpSocketError(
    'HTTP_SOCKET_NOT_REPLAYABLE',
    `${error.message} The server knows no offsets, so it cannot be tried again.`,
    { cause: error, status: error.status },
  );
}
