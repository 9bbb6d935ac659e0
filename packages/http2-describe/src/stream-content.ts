/**
 * @module
 * What DATA frames of one stream and direction carry, when it is more than bytes: gRPC messages or WebSocket frames. Both
 * run across DATA frames as they please, so each is a state that frames are fed to.
 */
import { ByteQueue } from './byte-queue.js';
import type { ItemList, JsonValue } from './description.js';
import type { DescribeLimits } from './limits.js';

export interface StreamContent {
  /**
   * Describes the data of one frame; `offset` is where it stands in the direction. Returns how many bytes it described:
   * fewer than there are when a frame holds more messages than are shown.
   */
  describe(data: Buffer, offset: number, out: ItemList): number;
  /** The stream ended in this direction: says so if it ended inside a message. */
  end(offset: number, out: ItemList): void;
  /** Gives back what it kept. */
  discard(): void;
}

/** What unfinished messages of all streams of a connection may keep together. */
export class MessageBudget {
  #used = 0;

  constructor(readonly limits: DescribeLimits) {}

  /** Whether `bytes` more may be kept; they count until `release`. */
  reserve(bytes: number): boolean {
    if (this.#used + bytes > this.limits.pendingMessages) return false;
    this.#used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}

/** The bytes of one message as they come; gives up (and keeps nothing) when the budget does not allow more. */
export class PendingMessage {
  #bytes = new ByteQueue();
  #isGivenUp = false;

  constructor(private readonly budget: MessageBudget) {}

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  append(bytes: Buffer): void {
    if (this.#isGivenUp) return;
    const isTooLong = this.#bytes.length + bytes.length > this.budget.limits.message;
    if (isTooLong || !this.budget.reserve(bytes.length)) {
      this.discard();
      this.#isGivenUp = true;
      return;
    }
    this.#bytes.push(bytes);
  }

  /** All of it; null when it was given up. */
  take(): Buffer | null {
    const bytes = this.#isGivenUp ? null : Buffer.from(this.#bytes.peek(this.#bytes.length));
    this.discard();
    return bytes;
  }

  discard(): void {
    this.budget.release(this.#bytes.length);
    this.#bytes = new ByteQueue();
  }
}

/** Messages shown of one frame. An empty one takes two bytes on the wire, and hundreds when described. */
export const mostMessagesInFrame = 2000;

/** Gives what `describe` adds to `out` one list in JSON, under `key`: several messages may be in one frame. */
export function withRecords(key: string, out: ItemList, describe: (records: MessageRecord[]) => void): void {
  const first = out.items.length;
  const records: MessageRecord[] = [];
  describe(records);
  const item = out.items.slice(first).find((candidate) => candidate.kind !== 'error');
  if (item !== undefined) item.values = { ...item.values, [key]: records };
}

/** One message, or a part of one, in JSON. */
export type MessageRecord = { [key: string]: JsonValue };
