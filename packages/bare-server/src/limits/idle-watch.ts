/**
 * @module
 * Ends exchanges in which nothing moves. What has moved is read off the connections' own counters from time to time, so that a
 * chunk costs nothing.
 */

export interface Watched {
  /** Any number that changes when a byte has moved. */
  progress(): number;
  expire(): void;
}

/** An exchange is found idle between this many quarters of the timeout and one more. */
const ticksPerTimeout = 4;

export class IdleWatch {
  readonly #idleTimeout: number;
  readonly #states = new Map<Watched, { progress: number; ticks: number }>();
  #timer: NodeJS.Timeout | null = null;

  /** @param idleTimeout milliseconds; Infinity for ever */
  constructor(idleTimeout: number) {
    this.#idleTimeout = idleTimeout;
  }

  watch(watched: Watched): void {
    if (!Number.isFinite(this.#idleTimeout)) return;
    this.#states.set(watched, { progress: watched.progress(), ticks: 0 });
    this.#timer ??= setInterval(() => this.#look(), this.#idleTimeout / ticksPerTimeout).unref();
  }

  forget(watched: Watched): void {
    this.#states.delete(watched);
  }

  close(): void {
    this.#states.clear();
    this.#stop();
  }

  #look(): void {
    for (const [watched, state] of this.#states) {
      const progress = watched.progress();
      if (progress !== state.progress) {
        state.progress = progress;
        state.ticks = 0;
      } else if (++state.ticks >= ticksPerTimeout) {
        this.#states.delete(watched);
        watched.expire();
      }
    }
    if (this.#states.size === 0) this.#stop();
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
