/**
 * @module
 * A key log that another program is writing: what was appended since the last look is read when a secret is missing.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DescribeConfigurationError } from '../errors.js';
import { KeyLog, type SecretLabel, type TlsSecrets } from './key-log.js';

/** Read at a time; a line has at most 230 characters. */
const blockLength = 64 << 10;

export class KeyLogFile implements TlsSecrets {
  readonly #log = new KeyLog();
  #position = 0;
  /** A line that is not finished. */
  #partialLine = '';

  constructor(readonly path: string) {}

  secretOf(clientRandom: Uint8Array, label: SecretLabel): Buffer | null {
    const known = this.#log.secretOf(clientRandom, label);
    if (known !== null) return known;
    this.#readOn();
    return this.#log.secretOf(clientRandom, label);
  }

  #readOn(): void {
    const file = this.#open();
    if (file === null) return;
    try {
      // A file that became shorter was begun anew.
      if (fstatSync(file).size < this.#position) this.#position = 0;
      const block = Buffer.alloc(blockLength);
      for (;;) {
        const length = readSync(file, block, 0, block.length, this.#position);
        if (length === 0) return;
        this.#position += length;
        this.#take(block.toString('latin1', 0, length));
      }
    } finally {
      closeSync(file);
    }
  }

  /** Null: the program that writes it has not begun. */
  #open(): number | null {
    try {
      return openSync(this.path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      const message = `Failed to read the key log ${this.path}: ${(error as Error).message}.`;
      throw new DescribeConfigurationError('H2_DESCRIBE_BAD_TLS', message, { cause: error });
    }
  }

  #take(text: string): void {
    const lines = this.#partialLine + text;
    const end = lines.lastIndexOf('\n') + 1;
    this.#log.addLines(lines.slice(0, end));
    // What has no line end for longer than any line is no key log.
    this.#partialLine = lines.length - end > blockLength ? '' : lines.slice(end);
  }
}
