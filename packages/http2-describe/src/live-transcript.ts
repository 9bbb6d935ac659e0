/**
 * @module
 * A transcript of a connection that is under way: written as bytes pass, with a time limit on waiting for TLS secrets. A
 * fault in it ends the transcript, never the connection.
 */
import type { Direction } from './description.js';
import { routeText, Transcript, type TranscriptOptions } from './transcript.js';

export interface LiveTranscriptOptions extends TranscriptOptions {
  write: (text: string) => void;
  /** How long records may wait for a secret, in milliseconds: 2000. A program logs it before it sends what it protects. */
  secretsTimeout?: number;
}

/** Between looks for a secret. */
const retryInterval = 20;

export class LiveTranscript {
  #transcript: Transcript | null;
  #timer: NodeJS.Timeout | null = null;
  #waitingSince: number | null = null;

  constructor(private readonly options: LiveTranscriptOptions) {
    this.#transcript = new Transcript(options);
  }

  describe(bytes: Uint8Array, direction: Direction): void {
    this.#say(direction, (transcript) => transcript.describe(bytes, direction));
  }

  end(direction: Direction): void {
    this.#say(direction, (transcript) => transcript.end(direction));
  }

  #say(direction: Direction, textOf: (transcript: Transcript) => string): void {
    if (this.#transcript === null) return;
    let text: string;
    try {
      text = textOf(this.#transcript);
    } catch (fault) {
      this.#fail(direction, fault);
      return;
    }
    if (text !== '') this.options.write(text);
    this.#wait(direction);
  }

  /** Looks for secrets that are not there yet, now and then. */
  #wait(direction: Direction): void {
    if (!this.#transcript?.isWaiting) {
      this.#waitingSince = null;
      return;
    }
    this.#waitingSince ??= Date.now();
    if (this.#timer !== null) return;
    const isLate = Date.now() - this.#waitingSince > (this.options.secretsTimeout ?? 2000);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#say(direction, (transcript) => (isLate ? transcript.giveUp() : transcript.retry()));
    }, retryInterval);
    // A describer keeps no program running.
    this.#timer.unref();
  }

  /** A fault of the describer, not of the peers: this connection goes on undescribed. */
  #fail(direction: Direction, fault: unknown): void {
    this.#transcript = null;
    const { client, server, format, write } = this.options;
    const message = `describe ${routeText(direction, client, server)} any further: ${String(fault)}`;
    const event = { event: 'failed', client, server, message };
    write(format === 'json' ? `${JSON.stringify(event)}\n` : `Failed to ${message}\n`);
  }
}
