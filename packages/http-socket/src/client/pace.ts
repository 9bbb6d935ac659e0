/**
 * @module
 * Adapts to the path: how long a round trip takes, how much goes in one request, how long to let a GET wait, and how long to
 * pause after failures.
 */

const smallestBody = 4096;
/** A body that takes longer than this is too long for the path. */
const slowBody = 2000;

/** Size of one direction's bodies: grows while they pass quickly, shrinks when they fail or take long. */
export class BodySize {
  #bytes = 65_536;
  #max: number;

  constructor(max: number) {
    this.#max = max;
    this.#bytes = Math.min(this.#bytes, max);
  }

  get bytes(): number {
    return this.#bytes;
  }

  set max(value: number) {
    this.#max = Math.max(1, value);
    this.#bytes = Math.min(this.#bytes, this.#max);
  }

  /** @param milliseconds that a body of the full size took */
  passed(milliseconds: number): void {
    if (milliseconds > slowBody) this.shrink();
    else if (milliseconds < slowBody / 4) this.#bytes = Math.min(this.#max, this.#bytes * 2);
  }

  shrink(): void {
    this.#bytes = Math.max(Math.min(smallestBody, this.#max), this.#bytes >> 1);
  }
}

/** The smoothed round trip and its variation, as TCP does it (RFC 6298, section 2). */
export class RoundTrip {
  #smoothed: number | null = null;
  #variation = 0;

  get milliseconds(): number {
    return this.#smoothed ?? 100;
  }

  /** After so long without an answer to something short it is worth asking again. */
  get patience(): number {
    return Math.min(10_000, Math.max(500, this.milliseconds + 4 * this.#variation));
  }

  measured(milliseconds: number): void {
    if (this.#smoothed === null) {
      this.#smoothed = milliseconds;
      this.#variation = milliseconds / 2;
      return;
    }
    this.#variation += (Math.abs(milliseconds - this.#smoothed) - this.#variation) / 4;
    this.#smoothed += (milliseconds - this.#smoothed) / 8;
  }
}

/** How long a GET may wait: less where something on the path swallows those that wait long. */
export class PollWait {
  readonly #max: number;
  #seconds: number;

  constructor(max: number) {
    this.#max = max;
    this.#seconds = max;
  }

  get seconds(): number {
    return this.#seconds;
  }

  swallowed(): void {
    this.#seconds = Math.min(this.#seconds, Math.max(1, Math.floor(this.#seconds / 2)));
  }

  survived(): void {
    this.#seconds = Math.min(this.#max, this.#seconds + 1);
  }
}

/** Pauses that double with each failure in a row, up to two seconds, and the time of the first of them. */
export class Backoff {
  #failures = 0;
  #since = 0;

  failed(now: number): void {
    if (this.#failures === 0) this.#since = now;
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Milliseconds, half of it random so that many clients do not come back at once. */
  get pause(): number {
    if (this.#failures === 0) return 0;
    const full = Math.min(2000, 25 * 2 ** Math.min(this.#failures, 10));
    return full / 2 + (Math.random() * full) / 2;
  }

  failingFor(now: number): number {
    return this.#failures === 0 ? 0 : now - this.#since;
  }
}
