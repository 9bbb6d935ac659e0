/**
 * @module
 * Limits how many GETs wait at one server at a time. A browser has six connections to an origin over HTTP/1.1: if sockets held
 * them all, neither their own PUTs nor the page's other requests would get through.
 */

/** Milliseconds that a place may be kept while others wait for one. */
const fairShare = 1000;

interface Holder {
  since: number;
  yieldPlace(): void;
}

export class PollGate {
  readonly #places: number;
  /** Those who have a place, the longest first. */
  readonly #holders: Holder[] = [];
  readonly #queue: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(places: number) {
    this.#places = places;
  }

  /** Others are waiting for a place. */
  get isCrowded(): boolean {
    return this.#queue.length > 0;
  }

  /**
   * First come, first served. Call what it gives to leave.
   *
   * @param yieldPlace called when others have waited for long enough: give the request up and leave
   */
  async enter(yieldPlace: () => void): Promise<() => void> {
    const holder: Holder = { since: 0, yieldPlace };
    const take = (): void => {
      holder.since = Date.now();
      this.#holders.push(holder);
    };
    if (this.#holders.length < this.#places) {
      take();
    } else {
      await new Promise<void>((resolve) => {
        this.#queue.push(() => {
          take();
          resolve();
        });
        this.#askOldest();
      });
    }
    return () => {
      this.#holders.splice(this.#holders.indexOf(holder), 1);
      this.#queue.shift()?.();
      this.#askOldest();
    };
  }

  #askOldest(): void {
    clearTimeout(this.#timer);
    const oldest = this.#holders[0];
    if (!this.isCrowded || oldest === undefined) return;
    this.#timer = setTimeout(() => oldest.yieldPlace(), Math.max(0, oldest.since + fairShare - Date.now()));
  }
}

const gates = new Map<string, PollGate>();

/** The gate of all sockets to one origin in this realm. */
export function gateOf(origin: string, places: number): PollGate {
  let gate = gates.get(origin);
  if (gate === undefined) {
    gate = new PollGate(places);
    gates.set(origin, gate);
  }
  return gate;
}
