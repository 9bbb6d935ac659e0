/**
 * @module
 * One session: which client may use it, when it expires, and what each method does with it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpSocketError } from '../errors.js';
import { serializeErrorMessage } from '../wire/header-names.js';
import { answer, type AnswerFields } from './answer.js';
import type { BufferLedger, LedgerAccount } from './buffer-ledger.js';
import { Inbound } from './inbound.js';
import type { HttpSocketLimits } from './options.js';
import { Outbound, type Share } from './outbound.js';
import { readBody } from './request-body.js';
import { readGetFields, readHeader, readPutFields } from './request-fields.js';

export class Session {
  readonly id: string;
  readonly address: string;
  readonly #keyHash: Buffer | null;
  readonly #target: Duplex;
  readonly #limits: HttpSocketLimits;
  readonly #account: LedgerAccount;
  readonly #inbound: Inbound;
  readonly #outbound: Outbound;
  readonly #whenOver: () => void;
  readonly #over = new AbortController();
  #requests = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  /** Clients that know no offsets: one PUT after another, and one GET after another. */
  #lastPut: Promise<unknown> = Promise.resolve();
  #lastGet: Promise<unknown> = Promise.resolve();

  constructor(
    owner: { id: string; key: string | null; address: string },
    target: Duplex,
    limits: HttpSocketLimits,
    ledger: BufferLedger,
    whenOver: () => void,
  ) {
    this.id = owner.id;
    this.address = owner.address;
    this.#keyHash = owner.key === null ? null : hashOf(owner.key);
    this.#target = target;
    this.#limits = limits;
    this.#account = ledger.openAccount();
    this.#inbound = new Inbound(target, limits.maxBufferedBytes, () => ledger.isFull);
    this.#outbound = new Outbound(target, limits.maxBufferedBytes, () => ledger.isFull);
    this.#whenOver = whenOver;
    target.on('close', () => this.#inbound.wake());
    this.#restartIdleTimer();
  }

  /** A session with a key belongs to who knows the key, one without to the address that opened it. */
  belongsTo(key: string | null, address: string): boolean {
    if (this.#keyHash === null) return address === this.address;
    return key !== null && timingSafeEqual(this.#keyHash, hashOf(key));
  }

  /** What the answer to POST says of it. */
  openingFields(): AnswerFields {
    return {
      session: this.id,
      offset: 0,
      window: this.#inbound.window,
      wait: Math.floor(this.#limits.pollTimeout / 1000),
      idle: Math.floor(this.#limits.idleTimeout / 1000),
      maxBody: this.#limits.maxBodyBytes,
    };
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#requests >= this.#limits.maxRequestsPerSession) {
      throw new HttpSocketError(
        'HTTP_SOCKET_TOO_MANY_REQUESTS',
        `Failed to take another request: ${this.#requests} of the session are under way.`,
      );
    }
    this.#requests += 1;
    clearTimeout(this.#idleTimer);
    try {
      if (request.method === 'PUT') await this.#put(request, response);
      else if (request.method === 'GET') await this.#get(request, response);
      else this.#delete(request, response);
    } finally {
      this.#requests -= 1;
      this.#keepAccount();
      this.#restartIdleTimer();
    }
  }

  /** Ends it at once. */
  destroy(error: HttpSocketError): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    clearTimeout(this.#idleTimer);
    this.#outbound.fail(error);
    this.#inbound.clear();
    this.#outbound.discard();
    this.#account.set(0);
    // A TCP connection is reset, so that the far end does not take it for a proper end.
    const reset = (this.#target as Partial<{ resetAndDestroy(): void }>).resetAndDestroy;
    if (reset !== undefined && !this.#target.destroyed) reset.call(this.#target);
    else this.#target.destroy();
    this.#whenOver();
  }

  async #put(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { offset, acknowledged, end } = readPutFields(request);
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > this.#limits.maxBodyBytes) throw this.#tooLarge(declared);
    if (acknowledged !== null) this.#outbound.acknowledge(acknowledged);
    if (offset === null) {
      const turn = this.#lastPut.then(() => this.#putNext(request));
      this.#lastPut = turn.catch(() => undefined);
      await turn;
      if (end !== null) this.#inbound.announceEnd(end);
      answer(request, response, 200, this.#putFields(null));
      return;
    }
    if (end !== null) this.#inbound.announceEnd(end);
    const deadline = Date.now() + this.#limits.pollTimeout;
    let takenTo = offset;
    let isRefused = false;
    let length = 0;
    for await (const chunk of readBody(request, this.#limits.bodyTimeout)) {
      const from = offset + length;
      length += chunk.length;
      if (length > this.#limits.maxBodyBytes) throw this.#tooLarge(length);
      // Once something is left out, the rest is only read away: the answer says how far it came.
      while (!isRefused && takenTo < from + chunk.length) {
        const before = takenTo;
        takenTo = this.#inbound.accept(takenTo, chunk.subarray(takenTo - from));
        this.#keepAccount();
        if (takenTo > before) continue;
        // What waits for bytes before it must not wait for room: they would come by another request.
        const isNext = takenTo <= this.#inbound.received;
        isRefused = !isNext || !(await this.#inbound.waitForRoom(Math.max(0, deadline - Date.now())));
      }
    }
    answer(request, response, 200, this.#putFields(takenTo));
  }

  /** Without offsets a body counts as a whole: what is cut short is not taken, as its client will send it again. */
  async #putNext(request: IncomingMessage): Promise<void> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of readBody(request, this.#limits.bodyTimeout)) {
      length += chunk.length;
      if (length > this.#limits.maxBodyBytes) throw this.#tooLarge(length);
      chunks.push(chunk);
    }
    for (const chunk of chunks) {
      let rest = chunk;
      while (rest.length > 0) {
        const from = this.#inbound.received;
        const taken = this.#inbound.accept(from, rest) - from;
        rest = rest.subarray(taken);
        this.#keepAccount();
        if (!this.#target.writable) {
          throw new HttpSocketError('HTTP_SOCKET_CLOSED', 'Failed to send: the far end does not take any more.');
        }
        if (taken === 0) await this.#inbound.waitForRoom(this.#limits.pollTimeout);
      }
    }
  }

  async #get(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fields = readGetFields(request);
    fields.length = Math.min(fields.length, this.#limits.maxAnswerBytes);
    const acknowledged = fields.acknowledged ?? (typeof fields.offset === 'number' ? fields.offset : null);
    if (acknowledged !== null) this.#outbound.acknowledge(acknowledged);
    const timeout = Math.min(fields.wait ?? Infinity, this.#limits.pollTimeout);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    if (fields.offset === null) {
      const turn = this.#lastGet.then(() =>
        this.#getNext(request, response, () => this.#outbound.poll(fields, timeout, gone.signal)),
      );
      this.#lastGet = turn.catch(() => undefined);
      await turn;
      return;
    }
    const share = await this.#outbound.poll(fields, timeout, gone.signal);
    answer(request, response, 200, this.#getFields(share), share.bytes);
    this.#keepAccount();
  }

  /** Without offsets an answer that left is one that arrived; there is nothing better to go by. */
  async #getNext(request: IncomingMessage, response: ServerResponse, poll: () => Promise<Share>): Promise<void> {
    if (response.destroyed) return;
    const share = await poll();
    const isEnd = share.bytes.length === 0 && (this.#outbound.end !== null || this.#outbound.fault !== null);
    let isDelivered = false;
    // Node also says `finish` when the connection breaks.
    response.prependOnceListener('finish', () => (isDelivered = response.socket?.destroyed === false));
    // An empty 200 says that nothing came yet, so an end needs another status.
    answer(request, response, isEnd ? 410 : 200, this.#getFields(share), share.bytes);
    await new Promise<void>((resolve) => {
      if (response.closed) resolve();
      else response.once('close', resolve);
    });
    if (isDelivered) this.#outbound.acknowledge(share.start + share.bytes.length);
    else this.#outbound.rewind(share.start);
  }

  /** The end of both directions. What the client has sent still goes out, unless it says that it gave up. */
  #delete(request: IncomingMessage, response: ServerResponse): void {
    answer(request, response, 204);
    if (readHeader(request, 'error') !== null) {
      this.destroy(new HttpSocketError('HTTP_SOCKET_PEER_RESET', 'The client has aborted the session.'));
      return;
    }
    this.#over.abort();
    this.#outbound.discard();
    this.#inbound.clear();
    this.#account.set(0);
    this.#target.end();
    const linger = setTimeout(() => this.#target.destroy(), this.#limits.lingerTimeout).unref();
    this.#target.once('close', () => clearTimeout(linger));
    this.#target.once('finish', () => this.#target.destroy());
    this.#whenOver();
  }

  #putFields(takenTo: number | null): AnswerFields {
    return { offset: takenTo, ...this.#stateFields() };
  }

  #getFields({ start, bytes }: Share): AnswerFields {
    return {
      offset: start,
      contentLength: bytes.length,
      next: this.#outbound.next,
      ...this.#stateFields(start + bytes.length),
    };
  }

  #stateFields(deliveredTo = -1): AnswerFields {
    const { available, end, fault } = this.#outbound;
    // GETs learn of a fault after the last byte, PUTs at once: their bytes cannot go anywhere.
    const isFaultDue = fault !== null && (deliveredTo === -1 || deliveredTo === available);
    const isDeaf = deliveredTo === -1 && fault === null && !this.#target.writable && !this.#inbound.isEnded;
    const code = isFaultDue ? codeOf(fault) : isDeaf ? 'EPIPE' : null;
    return {
      acknowledged: this.#inbound.received,
      window: this.#inbound.window,
      available,
      end,
      error: code,
      errorMessage:
        code === null ? null : serializeErrorMessage(fault?.message ?? 'The far end does not take any more.'),
    };
  }

  #tooLarge(length: number): HttpSocketError {
    return new HttpSocketError(
      'HTTP_SOCKET_TOO_LARGE',
      `Failed to take a body of ${length} bytes: ${this.#limits.maxBodyBytes} are allowed.`,
      { field: 'Content-Length' },
    );
  }

  #keepAccount(): void {
    if (this.#over.signal.aborted) return;
    this.#account.set(this.#inbound.bufferedBytes + this.#outbound.bufferedBytes);
    this.#outbound.resume();
  }

  #restartIdleTimer(): void {
    if (this.#over.signal.aborted || this.#requests > 0) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.destroy(new HttpSocketError('HTTP_SOCKET_IDLE', 'The client has not asked for anything for too long.'));
    }, this.#limits.idleTimeout);
    this.#idleTimer.unref();
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : 'UNKNOWN';
}
