/**
 * @module
 * The client's receiving side: keeps GETs waiting at the server, puts what they bring in order, and asks again for what a lost
 * answer held.
 */
import { HttpSocketError } from '../errors.js';
import { parseErrorMessage } from '../wire/header-names.js';
import { Reassembly } from '../wire/reassembly.js';
import { BodySize, PollWait } from './pace.js';
import type { PollGate } from './poll-gate.js';
import type { Requester, SocketAnswer } from './requester.js';

export interface DownloaderEvents {
  data(bytes: Uint8Array): void;
  end(): void;
  remoteFailed(error: HttpSocketError): void;
  failed(error: HttpSocketError): boolean;
  succeeded(answer: SocketAnswer): void;
}

export interface DownloaderOptions {
  maxRequests: number;
  maxAnswerBytes: number;
  /** Seconds. */
  wait: number;
  gate: PollGate;
}

interface Get {
  /** Asks for bytes by their offset; otherwise for whatever is next. */
  isExact: boolean;
  /** Did not wait: only for a gap that others leave. */
  started: number;
}

export class Downloader {
  readonly #requester: Requester;
  readonly #options: DownloaderOptions;
  readonly #events: DownloaderEvents;
  readonly #reassembly = new Reassembly();
  readonly #bodySize: BodySize;
  readonly #wait: PollWait;
  readonly #underWay = new Set<Get>();
  /** How many GETs to keep under way: one while nothing comes, more the more there is. */
  #wanted = 1;
  /** The highest offset that some GET of ours was given, as answers say. */
  #given = 0;
  /** What the server has been told, or is about to be told, that we have. */
  #acknowledged = 0;
  /** An answer that may have held bytes did not arrive. */
  #isLost = false;
  #isPaused = false;
  #isOver = false;
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(requester: Requester, options: DownloaderOptions, events: DownloaderEvents) {
    this.#requester = requester;
    this.#options = options;
    this.#events = events;
    this.#bodySize = new BodySize(options.maxAnswerBytes);
    this.#wait = new PollWait(options.wait);
  }

  get received(): number {
    return this.#reassembly.next;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isWaiting(): boolean {
    return this.#underWay.size > 0;
  }

  start(): void {
    this.#pump();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#pump();
  }

  /** Another answer tells that there is more: if the GETs that should have brought it are old, they are lost. */
  noticeAvailable(available: number): void {
    if (available <= this.received || this.#isOver) return;
    const isStale = [...this.#underWay].every((get) => Date.now() - get.started > this.#requester.roundTrip.patience);
    if (isStale) this.#watchGap();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#gapTimer);
    clearTimeout(this.#retryTimer);
    this.#reassembly.clear();
  }

  #pump(): void {
    while (!this.#isOver && !this.#isPaused && this.#retryTimer === undefined) {
      const hasExact = [...this.#underWay].some((get) => get.isExact);
      if (this.#isLost && !hasExact) {
        this.#isLost = false;
        void this.#get(true);
      } else if (this.#underWay.size < this.#allowed && this.#reassembly.heldBytes < this.#options.maxAnswerBytes * 4) {
        void this.#get(false);
      } else {
        return;
      }
    }
  }

  /**
   * One more than there are where none of those under way tells the server what we have: it may be holding the far end back until it
   * learns that, and then none of them would ever be answered with bytes.
   */
  get #allowed(): number {
    const isAcknowledgementDue = this.received > this.#acknowledged;
    return isAcknowledgementDue ? Math.min(this.#options.maxRequests, this.#underWay.size + 1) : this.#wanted;
  }

  async #get(isExact: boolean): Promise<void> {
    const get: Get = { isExact, started: Date.now() };
    this.#underWay.add(get);
    this.#acknowledged = this.received;
    const yielded = new AbortController();
    const leave = await this.#options.gate.enter(() => yielded.abort());
    let start = this.received;
    try {
      if (this.#isOver) return;
      get.started = Date.now();
      // Where many sockets share few connections, none may keep one for long.
      const wait = this.#options.gate.isCrowded ? 1 : this.#wait.seconds;
      start = this.received;
      const gapEnd = this.#reassembly.firstHeld;
      const length = isExact && gapEnd !== null ? Math.min(gapEnd - start, this.#bodySize.bytes) : this.#bodySize.bytes;
      const answer = await this.#requester.send({
        method: 'GET',
        fields: { offset: isExact ? start : 'next', acknowledged: start, contentLength: length, wait },
        signal: yielded.signal,
        timeout: wait * 1000 + Math.max(3000, this.#requester.roundTrip.patience * 2),
      });
      if (this.#isOver) return;
      this.#underWay.delete(get);
      this.#take(answer, isExact, length, wait);
    } catch (error) {
      if (this.#isOver) return;
      this.#underWay.delete(get);
      // Overtaken: what it asked for came with another answer, and was acknowledged.
      const isOvertaken = (error as HttpSocketError).code === 'HTTP_SOCKET_OFFSET_GONE' && this.received > start;
      if (isOvertaken) return;
      this.#isLost = true;
      if (yielded.signal.aborted) return;
      const elapsed = Date.now() - get.started;
      if (elapsed > 1000) this.#wait.swallowed();
      else this.#bodySize.shrink();
      if (this.#events.failed(error as HttpSocketError)) this.#retryLater();
    } finally {
      this.#underWay.delete(get);
      leave();
      this.#pump();
    }
  }

  #take(answer: SocketAnswer, isExact: boolean, asked: number, wait: number): void {
    const offset = answer.count('offset');
    const length = answer.count('contentLength');
    const { body } = answer;
    if (offset === null || length === null || body.length > length || body.length > asked) {
      throw new HttpSocketError(
        'HTTP_SOCKET_INVALID_ANSWER',
        'Failed to receive: the answer does not say what bytes it holds.',
        {
          status: answer.status,
          field: offset === null ? 'X-Offset' : 'X-Content-Length',
        },
      );
    }
    this.#events.succeeded(answer);
    const { ready } = this.#reassembly.accept(offset, body);
    this.#given = Math.max(this.#given, answer.count('next') ?? 0, offset + length);
    this.#adapt(answer, asked, wait);
    for (const bytes of ready) {
      if (!this.#isOver) this.#events.data(bytes);
    }
    if (this.#isOver) return;
    // A body cut short, or a repair that has not reached the end of what was given out: go on from here.
    if (body.length < length || (isExact && this.received < this.#gapEnd)) this.#isLost = true;
    else if (this.received < this.#given && this.#underWay.size === 0) this.#isLost = true;
    else if (this.received < this.#given) this.#watchGap();
    this.#checkEnd(answer, offset + body.length);
  }

  get #gapEnd(): number {
    return Math.min(this.#given, this.#reassembly.firstHeld ?? Infinity);
  }

  #adapt(answer: SocketAnswer, asked: number, wait: number): void {
    const { body } = answer;
    if (body.length === 0) {
      this.#wanted = 1;
      if (answer.milliseconds > wait * 500) this.#wait.survived();
      return;
    }
    const isMore = (answer.count('available') ?? 0) > this.#given || body.length === asked;
    // A second GET takes what comes while the first one's answer travels.
    this.#wanted = isMore
      ? Math.min(this.#options.maxRequests, this.#wanted + 1)
      : Math.min(2, this.#options.maxRequests);
    if (body.length === asked) this.#bodySize.passed(answer.milliseconds);
  }

  #checkEnd(answer: SocketAnswer, position: number): void {
    const code = answer.text('error');
    if (code !== null && position === this.received) {
      this.stop();
      const message = parseErrorMessage(answer.text('errorMessage'));
      this.#events.remoteFailed(
        new HttpSocketError('HTTP_SOCKET_REMOTE_ERROR', `Failed to receive: the far end says ${code}: ${message}`, {
          remoteCode: code,
        }),
      );
      return;
    }
    const end = answer.count('end');
    if (end === null) return;
    if (this.received >= end) {
      this.stop();
      this.#events.end();
    } else {
      // Everything there will ever be has been given to some GET, or soon is.
      this.#watchGap();
    }
  }

  /** What others under way may bring yet is waited for a moment, and then asked for. */
  #watchGap(): void {
    if (this.#gapTimer !== undefined) return;
    const before = this.received;
    this.#gapTimer = setTimeout(
      () => {
        this.#gapTimer = undefined;
        if (this.#isOver || this.received >= this.#given) return;
        if (this.received === before) {
          this.#isLost = true;
          this.#pump();
        } else {
          this.#watchGap();
        }
      },
      Math.min(2000, Math.max(100, this.#requester.roundTrip.patience / 2)),
    );
  }

  #retryLater(): void {
    if (this.#retryTimer !== undefined) return;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#pump();
    }, this.#requester.backoff.pause);
  }
}
