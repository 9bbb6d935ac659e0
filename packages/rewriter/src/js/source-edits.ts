/**
 * @module Insertions into a source text: collected on a walk, some of them in places that are filled later, and applied.
 */

export class SourceEdits {
  readonly #positions: number[] = [];
  readonly #pieces: string[] = [];
  #isSorted = true;

  /** Adds an insertion, or with an empty text a place for one, and returns its index for `set`. */
  add(position: number, text: string): number {
    const last = this.#positions.length;
    if (last > 0 && this.#positions[last - 1]! > position) this.#isSorted = false;
    this.#positions.push(position);
    return this.#pieces.push(text) - 1;
  }

  /** Fills a place that was left open until the whole program was known. */
  set(index: number, text: string): void {
    this.#pieces[index] = text;
  }

  isEmpty(): boolean {
    return this.#pieces.every((piece) => piece === '');
  }

  /** The edited text. Insertions at one position stand in the order in which they were added. */
  apply(source: string): string {
    const order = this.#order();
    let edited = '';
    let copied = 0;
    for (let index = 0; index < this.#pieces.length; index++) {
      const at = order ? order[index]! : index;
      const piece = this.#pieces[at]!;
      if (piece === '') continue;
      const position = this.#positions[at]!;
      edited += source.slice(copied, position) + piece;
      copied = position;
    }
    return edited + source.slice(copied);
  }

  /** Where in the edited text the inserted pieces stand: offset and length of each. */
  insertedRanges(): [offset: number, length: number][] {
    const order = this.#order();
    const ranges: [number, number][] = [];
    let shift = 0;
    for (let index = 0; index < this.#pieces.length; index++) {
      const at = order ? order[index]! : index;
      const length = this.#pieces[at]!.length;
      if (length > 0) ranges.push([this.#positions[at]! + shift, length]);
      shift += length;
    }
    return ranges;
  }

  #order(): number[] | null {
    if (this.#isSorted) return null;
    return this.#positions.map((_, index) => index).sort((a, b) => this.#positions[a]! - this.#positions[b]! || a - b);
  }
}
