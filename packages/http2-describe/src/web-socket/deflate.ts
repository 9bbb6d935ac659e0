/**
 * @module
 * permessage-deflate (RFC 7692) as far as reading goes: what was agreed on, and a message's text from its bytes.
 */
import { inflateRawSync } from 'node:zlib';
import type { Direction } from '../description.js';

export interface DeflateAgreement {
  /** The sender compresses each message with the ones before it as its dictionary. */
  keepsContext: boolean;
}

/** From `Sec-WebSocket-Extensions` of the response; null when messages are not compressed. */
export function agreedDeflate(extensions: string): Record<Direction, DeflateAgreement> | null {
  const deflate = extensions.split(',').find((extension) => extension.trim().startsWith('permessage-deflate'));
  if (deflate === undefined) return null;
  const parameters = deflate.split(';').map((parameter) => parameter.trim().toLowerCase());
  return {
    client: { keepsContext: !parameters.includes('client_no_context_takeover') },
    server: { keepsContext: !parameters.includes('server_no_context_takeover') },
  };
}

const windowSize = 32768;
/** What the sender cut off the end of each message (section 7.2.1). */
const removedTail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export class MessageInflater {
  #window = Buffer.alloc(0);
  #fault: string | null = null;

  constructor(
    private readonly agreement: DeflateAgreement,
    private readonly limit: number,
  ) {}

  /** The message, or in words why it cannot be had. */
  inflate(bytes: Buffer): Buffer | string {
    if (this.#fault !== null) return `an earlier message could not be inflated (${this.#fault})`;
    try {
      const options = { maxOutputLength: this.limit, ...(this.#window.length > 0 && { dictionary: this.#window }) };
      const message = inflateRawSync(Buffer.concat([bytes, removedTail]), { ...options, finishFlush: 2 });
      if (this.agreement.keepsContext) {
        this.#window = Buffer.from(Buffer.concat([this.#window, message.subarray(-windowSize)]).subarray(-windowSize));
      }
      return message;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'ERR_BUFFER_TOO_LARGE' ? `inflated it is over the limit of ${this.limit} bytes` : message;
      this.skip(reason);
      return reason;
    }
  }

  /** A message was not inflated, so what refers to it cannot be either. */
  skip(reason: string): void {
    if (this.agreement.keepsContext) this.#fault = reason;
  }
}
