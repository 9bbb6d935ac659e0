/**
 * @module
 * Puts byte ranges that arrive in any order, repeatedly and overlapping, back into one stream.
 */

interface Piece {
  offset: number;
  bytes: Uint8Array;
}

export class Reassembly {
  #next = 0;
  #heldBytes = 0;
  /** Beyond `next`; ascending, without overlap. */
  readonly #held: Piece[] = [];

  /** Everything before this offset has been handed out. */
  get next(): number {
    return this.#next;
  }

  /** Bytes that wait for others before them. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Where the first gap ends, if something is held. */
  get firstHeld(): number | null {
    return this.#held[0]?.offset ?? null;
  }

  /**
   * Takes what is new of `bytes` and lies before `limit`.
   *
   * @returns the bytes that are now in order, and the offset up to which those given are taken or were taken before
   */
  accept(offset: number, bytes: Uint8Array, limit = Infinity): { ready: Uint8Array[]; takenTo: number } {
    const end = Math.max(offset, Math.min(offset + bytes.length, Math.max(limit, this.#next)));
    let from = Math.max(offset, this.#next);
    let index = 0;
    while (from < end) {
      while (index < this.#held.length && pieceEnd(this.#held[index]!) <= from) index += 1;
      const following = this.#held[index];
      if (following !== undefined && following.offset <= from) {
        from = pieceEnd(following);
        continue;
      }
      const to = Math.min(end, following?.offset ?? end);
      this.#held.splice(index, 0, { offset: from, bytes: bytes.subarray(from - offset, to - offset) });
      this.#heldBytes += to - from;
      from = to;
    }
    return { ready: this.#takeReady(), takenTo: end };
  }

  clear(): void {
    this.#held.length = 0;
    this.#heldBytes = 0;
  }

  #takeReady(): Uint8Array[] {
    const ready: Uint8Array[] = [];
    while (this.#held[0]?.offset === this.#next) {
      const { bytes } = this.#held.shift()!;
      this.#next += bytes.length;
      this.#heldBytes -= bytes.length;
      ready.push(bytes);
    }
    return ready;
  }
}

function pieceEnd(piece: Piece): number {
  return piece.offset + piece.bytes.length;
}
