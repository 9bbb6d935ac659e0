/**
 * @module
 * Which streams a client has open, as far as its own frames say (RFC 9113 section 5.1). What the server has done to a stream does not
 * count: a client may send on one that the server has reset until it hears of it, but never on one that it has itself ended.
 *
 * It remembers a bounded number of streams. Of those that it had to forget it says nothing wrong: their frames go to Node, which ignores
 * frames on streams that are closed.
 */

export type ClientStream = 'idle' | 'open' | 'ended' | 'skipped' | 'forgotten';

/** Open streams that are remembered: many times what may be open at once, as a stream that the server resets stays in here. */
const defaultMaxOpen = 1024;
/** Runs of identifiers that were skipped. Clients skip at most once, at the beginning; of a forgotten run, streams count as ended. */
const maxSkippedRuns = 64;

export class ClientStreams {
  readonly #maxOpen: number;
  /** In ascending order: that is how they are opened. */
  readonly #open = new Set<number>();
  readonly #skipped: { first: number; last: number }[] = [];
  #highest = -1;
  /** The highest that was forgotten while it was open. */
  #forgotten = -1;

  constructor(maxOpen: number = defaultMaxOpen) {
    this.#maxOpen = maxOpen;
  }

  stateOf(stream: number): ClientStream {
    if (stream > this.#highest) return 'idle';
    if (this.#open.has(stream)) return 'open';
    if (stream <= this.#forgotten) return 'forgotten';
    return this.#skipped.some(({ first, last }) => first <= stream && stream <= last) ? 'skipped' : 'ended';
  }

  /** For an idle stream. Those below it that are idle can no longer be opened (section 5.1.1). */
  open(stream: number): void {
    const next = this.#highest + 2;
    if (stream > next) this.#skipped.push({ first: next, last: stream - 2 });
    if (this.#skipped.length > maxSkippedRuns) this.#skipped.shift();
    this.#highest = stream;
    this.#open.add(stream);
    if (this.#open.size <= this.#maxOpen) return;
    const [oldest] = this.#open;
    this.#open.delete(oldest!);
    this.#forgotten = oldest!;
  }

  end(stream: number): void {
    this.#open.delete(stream);
  }
}
