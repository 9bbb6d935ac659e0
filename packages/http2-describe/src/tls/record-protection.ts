/**
 * @module
 * Opens the protected records of one direction, in order, with the keys of one epoch.
 */
import { createDecipheriv } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.js';
import type { TrafficKeys } from './key-schedule.js';
import type { TlsRecord } from './record-reader.js';

export interface OpenedRecord {
  type: number;
  content: Buffer;
}

const tagLength = 16;
/** The part of the nonce that AES-GCM records of TLS 1.2 carry. */
const explicitNonceLength = 8;

export class RecordProtection {
  #sequence = 0n;

  constructor(
    private readonly suite: CipherSuite,
    private readonly keys: TrafficKeys,
  ) {}

  /** Null: the record does not authenticate under these keys at this place; the sequence number then stays. */
  open(record: TlsRecord): OpenedRecord | null {
    const opened = this.suite.version === 'TLS 1.3' ? this.#open13(record) : this.#open12(record);
    if (opened !== null) this.#sequence++;
    return opened;
  }

  /** RFC 8446 section 5.2: the type stands behind the content, and padding of zeros behind that. */
  #open13({ header, body }: TlsRecord): OpenedRecord | null {
    const inner = this.#decrypt(body, this.#maskedNonce(), header);
    if (inner === null) return null;
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end--;
    // A record of zeros alone has no type.
    if (end === 0) return null;
    return { type: inner[end - 1]!, content: inner.subarray(0, end - 1) };
  }

  /** RFC 5246 section 6.2.3.3, RFC 5288, RFC 7905 */
  #open12({ header, type, body }: TlsRecord): OpenedRecord | null {
    const isExplicit = this.suite.algorithm !== 'chacha20-poly1305';
    const sealed = isExplicit ? body.subarray(explicitNonceLength) : body;
    if (sealed.length < tagLength || (isExplicit && body.length < explicitNonceLength)) return null;
    const nonce = isExplicit
      ? Buffer.concat([this.keys.iv, body.subarray(0, explicitNonceLength)])
      : this.#maskedNonce();
    const additional = Buffer.alloc(13);
    additional.writeBigUInt64BE(this.#sequence);
    additional.set(header.subarray(0, 3), 8);
    additional.writeUInt16BE(sealed.length - tagLength, 11);
    const content = this.#decrypt(sealed, nonce, additional);
    return content === null ? null : { type, content };
  }

  /** The initialisation vector with the sequence number over its end (RFC 8446 section 5.3). */
  #maskedNonce(): Buffer {
    const nonce = Buffer.from(this.keys.iv);
    const sequence = Buffer.alloc(8);
    sequence.writeBigUInt64BE(this.#sequence);
    for (let at = 0; at < 8; at++) nonce[4 + at]! ^= sequence[at]!;
    return nonce;
  }

  #decrypt(sealed: Buffer, nonce: Buffer, additional: Buffer): Buffer | null {
    if (sealed.length < tagLength) return null;
    const options = { authTagLength: tagLength };
    const decipher = createDecipheriv(this.suite.algorithm as 'aes-128-gcm', this.keys.key, nonce, options);
    const length = sealed.length - tagLength;
    decipher.setAAD(additional, { plaintextLength: length });
    decipher.setAuthTag(sealed.subarray(length));
    const content = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      // What `final` throws is that the tag does not fit: the caller is told so.
      return null;
    }
    return content;
  }
}
