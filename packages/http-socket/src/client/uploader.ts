/**
 * @module
 * The client's sending side: what was written is kept until acknowledged, and every part that is neither on its way nor known to
 * have arrived is put in a request. A failed request thereby is sent again by itself.
 */
import { HttpSocketError } from '../errors.js';
import { firstUncovered, type ByteRange } from '../wire/byte-ranges.js';
import { parseErrorMessage } from '../wire/header-names.js';
import { RetainedBytes } from '../wire/retained-bytes.js';
import { BodySize } from './pace.js';
import type { Requester, SocketAnswer } from './requester.js';

export interface UploaderEvents {
  /** A request failed; false when nothing more is to be tried. */
  failed(error: HttpSocketError): boolean;
  succeeded(answer: SocketAnswer): void;
  /** The far end has failed: nothing more can be sent. */
  remoteFailed(error: HttpSocketError): void;
}

export interface UploaderOptions {
  window: number;
  maxBody: number;
  /** Milliseconds that the server may hold a PUT that it has no room for. */
  hold: number;
  maxRequests: number;
  maxBufferedBytes: number;
}

interface Waiter {
  resolve(): void;
  reject(error: HttpSocketError): void;
}

export class Uploader {
  readonly #requester: Requester;
  readonly #options: UploaderOptions;
  readonly #events: UploaderEvents;
  readonly #kept = new RetainedBytes();
  readonly #bodySize: BodySize;
  readonly #underWay = new Set<ByteRange>();
  /** Beyond the acknowledged offset; the server has them. */
  #stored: ByteRange[] = [];
  #window: number;
  #isEnding = false;
  #isEndTold = false;
  #stopped: HttpSocketError | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #roomWaiters: Waiter[] = [];
  readonly #endWaiters: Waiter[] = [];

  constructor(requester: Requester, options: UploaderOptions, events: UploaderEvents) {
    this.#requester = requester;
    this.#options = options;
    this.#events = events;
    this.#window = options.window;
    this.#bodySize = new BodySize(options.maxBody);
  }

  get bufferedBytes(): number {
    return this.#kept.size;
  }

  get isFinished(): boolean {
    return this.#isEnding && this.#isEndTold && this.#kept.size === 0;
  }

  /** Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#stopped !== null) return Promise.reject(this.#stopped);
    if (this.#isEnding)
      return Promise.reject(new HttpSocketError('HTTP_SOCKET_ABORTED', 'Failed to write: the end was written.'));
    // The caller may use its buffer again.
    this.#kept.append(bytes.slice());
    this.#pump();
    if (this.#kept.size < this.#options.maxBufferedBytes) return Promise.resolve();
    return new Promise((resolve, reject) => this.#roomWaiters.push({ resolve, reject }));
  }

  /** Resolves when the server has everything, and the end. */
  end(): Promise<void> {
    if (this.#stopped !== null) return Promise.reject(this.#stopped);
    this.#isEnding = true;
    return new Promise((resolve, reject) => {
      this.#endWaiters.push({ resolve, reject });
      this.#pump();
      this.#settleWaiters();
    });
  }

  /** Keeps the session alive when nothing else does. */
  touch(): void {
    if (this.#underWay.size === 0) void this.#send({ start: this.#kept.start, end: this.#kept.start });
  }

  stop(error: HttpSocketError): void {
    if (this.#stopped !== null) return;
    this.#stopped = error;
    clearTimeout(this.#timer);
    this.#kept.clear();
    for (const waiter of [...this.#roomWaiters.splice(0), ...this.#endWaiters.splice(0)]) waiter.reject(error);
  }

  /** @param isDue a pause is over: one request may go */
  #pump(isDue = false): void {
    while (this.#stopped === null && this.#underWay.size < this.#options.maxRequests) {
      const range = this.#nextRange();
      if (range === null) return;
      const pause = isDue ? 0 : this.#pauseBefore(range);
      if (pause > 0) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#pump(true);
        }, pause);
        return;
      }
      isDue = false;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.#send(range);
    }
  }

  #nextRange(): ByteRange | null {
    const { start, end } = this.#kept;
    // With no room one request is sent all the same: the server holds it until there is some.
    const limit = this.#underWay.size === 0 ? Math.max(start + this.#window, start + 1) : start + this.#window;
    const gap = firstUncovered([...this.#underWay, ...this.#stored], start, Math.min(end, limit));
    if (gap !== null) return { start: gap.start, end: Math.min(gap.end, gap.start + this.#bodySize.bytes) };
    const isAllCovered = firstUncovered([...this.#underWay, ...this.#stored], start, end) === null;
    const isEndDue = this.#isEnding && !this.#isEndTold && isAllCovered && this.#underWay.size === 0;
    return isEndDue ? { start: end, end } : null;
  }

  /** Before the last free request, short writes wait for others a little: the longer the path, the more they gain. */
  #pauseBefore(range: ByteRange): number {
    const { pause } = this.#requester.backoff;
    if (pause > 0) return pause;
    const isFull = range.end - range.start >= this.#bodySize.bytes || range.end < this.#kept.end;
    if (this.#underWay.size < this.#options.maxRequests - 1 || isFull || this.#isEnding) return 0;
    return Math.max(1, this.#requester.roundTrip.milliseconds / this.#options.maxRequests);
  }

  async #send(range: ByteRange): Promise<void> {
    this.#underWay.add(range);
    const tellsEnd = this.#isEnding;
    const length = range.end - range.start;
    try {
      const answer = await this.#requester.send({
        method: 'PUT',
        fields: { offset: range.start, ...(tellsEnd ? { end: this.#kept.end } : {}) },
        body: this.#kept.slice(range.start, length),
        timeout: this.#timeout,
      });
      this.#underWay.delete(range);
      if (this.#stopped !== null) return;
      const isFull = length === this.#bodySize.bytes;
      if (isFull) this.#bodySize.passed(answer.milliseconds);
      if (length > 0 && length <= 16_384 && this.#window > 0) this.#requester.roundTrip.measured(answer.milliseconds);
      this.#take(range, answer);
      if (tellsEnd) this.#isEndTold = true;
      this.#events.succeeded(answer);
    } catch (error) {
      this.#underWay.delete(range);
      if (this.#stopped !== null) return;
      this.#bodySize.shrink();
      if (!this.#events.failed(error as HttpSocketError)) return;
    }
    this.#settleWaiters();
    this.#pump();
  }

  /** A PUT waits for nothing but room at the server, and its bytes for the line. */
  get #timeout(): number {
    return this.#window === 0 ? this.#options.hold + 5000 : Math.max(5000, this.#requester.roundTrip.patience * 4);
  }

  #take(range: ByteRange, answer: SocketAnswer): void {
    const acknowledged = answer.count('acknowledged');
    const takenTo = answer.count('offset');
    const window = answer.count('window');
    const isSane = acknowledged !== null && acknowledged <= this.#kept.end && takenTo !== null && takenTo <= range.end;
    if (!isSane || window === null) {
      throw new HttpSocketError(
        'HTTP_SOCKET_INVALID_ANSWER',
        'Failed to send: the answer acknowledges what was not sent.',
        {
          status: answer.status,
          field: 'X-Acknowledged',
        },
      );
    }
    if (takenTo > range.start) this.#stored.push({ start: range.start, end: takenTo });
    if (acknowledged >= this.#kept.start) {
      this.#kept.acknowledge(acknowledged);
      this.#window = window;
    }
    this.#stored = this.#stored.filter((stored) => stored.end > this.#kept.start);
    const code = answer.text('error');
    if (code !== null && !this.isFinished) {
      const message = parseErrorMessage(answer.text('errorMessage'));
      this.#events.remoteFailed(
        new HttpSocketError('HTTP_SOCKET_REMOTE_ERROR', `Failed to send: the far end says ${code}: ${message}`, {
          remoteCode: code,
        }),
      );
    }
  }

  #settleWaiters(): void {
    if (this.#kept.size < this.#options.maxBufferedBytes)
      for (const waiter of this.#roomWaiters.splice(0)) waiter.resolve();
    if (this.isFinished) for (const waiter of this.#endWaiters.splice(0)) waiter.resolve();
  }
}
