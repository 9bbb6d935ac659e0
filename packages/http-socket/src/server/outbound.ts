/**
 * @module
 * From the far end to the client: what it sends is kept until acknowledged, and GETs wait here for their share of it.
 */
import type { Duplex } from 'node:stream';
import { HttpSocketError } from '../errors.js';
import { RetainedBytes } from '../wire/retained-bytes.js';
import type { GetFields } from './request-fields.js';

/** Enough for every GET that can be under way and its repetitions. */
const rememberedClaims = 64;

export interface Share {
  start: number;
  bytes: Uint8Array;
}

interface Poll {
  fields: GetFields;
  settle(share: Share | HttpSocketError): void;
}

export class Outbound {
  readonly #target: Duplex;
  readonly #limit: number;
  readonly #isFull: () => boolean;
  readonly #kept = new RetainedBytes();
  readonly #polls = new Set<Poll>();
  /** `X-Request` of GETs for `next` -> what they were given: the same request again is given the same. */
  readonly #claims = new Map<string, { start: number; length: number }>();
  #next = 0;
  #isEnded = false;
  #fault: Error | null = null;
  #isServing = false;
  #isDiscarding = false;

  constructor(target: Duplex, limit: number, isFull: () => boolean) {
    this.#target = target;
    this.#limit = limit;
    this.#isFull = isFull;
    target.on('data', (chunk: Uint8Array) => {
      if (this.#isDiscarding) return;
      this.#kept.append(chunk);
      if (this.#isOverfull()) target.pause();
      this.#serveSoon();
    });
    target.on('end', () => {
      this.#isEnded = true;
      this.#serveSoon();
    });
    target.on('error', (error) => this.fail(error));
    target.on('close', () => {
      if (!this.#isEnded) this.fail(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }));
      this.#serveSoon();
    });
  }

  get bufferedBytes(): number {
    return this.#kept.size;
  }

  get available(): number {
    return this.#kept.end;
  }

  get next(): number {
    return this.#next;
  }

  /** The stream's length, once it has ended. */
  get end(): number | null {
    return this.#isEnded && this.#fault === null ? this.#kept.end : null;
  }

  /** What the far end failed with. Told after its last byte. */
  get fault(): Error | null {
    return this.#fault;
  }

  /** Everything has been delivered and acknowledged, the end too. */
  get isFinished(): boolean {
    return this.#isEnded && this.#kept.size === 0;
  }

  fail(error: Error): void {
    this.#fault ??= error;
    this.#serveSoon();
  }

  acknowledge(offset: number): void {
    if (offset > this.#next) {
      throw new HttpSocketError(
        'HTTP_SOCKET_BAD_OFFSET',
        `Failed to acknowledge ${offset}: only ${this.#next} bytes were sent.`,
        {
          field: 'X-Acknowledged',
          offset,
        },
      );
    }
    this.#kept.acknowledge(offset);
    this.resume();
  }

  /** Reads on from the far end when there is room. */
  resume(): void {
    if (!this.#isOverfull() && this.#target.isPaused()) this.#target.resume();
  }

  /** Settles with bytes as soon as there are some, and with none at the end of the stream, after `timeout` or on `signal`. */
  poll(fields: GetFields, timeout: number, signal: AbortSignal): Promise<Share> {
    return new Promise((resolve, reject) => {
      const finish = (): void => poll.settle({ start: this.#startOf(fields), bytes: new Uint8Array() });
      const timer = setTimeout(finish, timeout);
      const poll: Poll = {
        fields,
        settle: (share) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          this.#polls.delete(poll);
          if (share instanceof HttpSocketError) reject(share);
          else resolve(share);
        },
      };
      signal.addEventListener('abort', finish);
      this.#polls.add(poll);
      if (signal.aborted || this.#isDiscarding) finish();
      else this.#serve();
    });
  }

  /** For a client that cannot ask again: what an answer could not deliver is given to its next request. */
  rewind(offset: number): void {
    if (offset >= this.#kept.start) this.#next = Math.min(this.#next, offset);
  }

  /** Nobody is interested any more: waiting GETs are answered, and what still comes is dropped. */
  discard(): void {
    this.#isDiscarding = true;
    this.#kept.clear();
    this.#next = this.#kept.end;
    this.#target.resume();
    for (const poll of [...this.#polls]) poll.settle({ start: this.#startOf(poll.fields), bytes: new Uint8Array() });
  }

  /** Whatever else arrives in this turn goes along. */
  #serveSoon(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    setImmediate(() => {
      this.#isServing = false;
      this.#serve();
    });
  }

  #serve(): void {
    // Those that name an offset first: they fill a gap, or move `next`.
    for (const poll of [...this.#polls].sort((one, other) => Number(!isExact(one)) - Number(!isExact(other)))) {
      const { fields } = poll;
      const start = this.#startOf(fields);
      if (start < this.#kept.start) {
        poll.settle(
          new HttpSocketError(
            'HTTP_SOCKET_OFFSET_GONE',
            `Failed to send from ${start}: bytes to ${this.#kept.start} are acknowledged.`,
            {
              field: 'X-Offset',
              offset: start,
            },
          ),
        );
      } else if (start > this.#kept.end) {
        poll.settle(
          new HttpSocketError(
            'HTTP_SOCKET_BAD_OFFSET',
            `Failed to send from ${start}: there are ${this.#kept.end} bytes.`,
            {
              field: 'X-Offset',
              offset: start,
            },
          ),
        );
      } else if (start < this.#kept.end || this.#isEnded || this.#fault !== null || fields.length === 0) {
        const claim = this.#claimOf(fields);
        const bytes = this.#kept.slice(start, Math.min(fields.length, claim?.length ?? Infinity));
        this.#next = Math.max(this.#next, start + bytes.length);
        if (fields.offset === 'next' && bytes.length > 0) this.#rememberClaim(fields, { start, length: bytes.length });
        poll.settle({ start, bytes });
      }
    }
  }

  #startOf(fields: GetFields): number {
    return isExact({ fields }) ? (fields.offset as number) : (this.#claimOf(fields)?.start ?? this.#next);
  }

  #claimOf(fields: GetFields): { start: number; length: number } | undefined {
    return fields.offset === 'next' && fields.request !== null ? this.#claims.get(fields.request) : undefined;
  }

  #rememberClaim(fields: GetFields, claim: { start: number; length: number }): void {
    if (fields.request === null || this.#claims.has(fields.request)) return;
    this.#claims.set(fields.request, claim);
    if (this.#claims.size > rememberedClaims) this.#claims.delete(this.#claims.keys().next().value!);
  }

  #isOverfull(): boolean {
    return this.#kept.size >= this.#limit || (this.#isFull() && this.#kept.size > 0);
  }
}

function isExact({ fields }: { fields: GetFields }): boolean {
  return typeof fields.offset === 'number';
}
