/**
 * @module
 * One direction of a TLS connection, record by record: which keys hold when, and what is inside (RFC 8446 section 7, RFC 5246
 * section 7.3 for TLS 1.2). What both directions need of each other is in tls-handshake.ts.
 */
import type { Direction } from '../description.js';
import { DescribeError } from '../errors.js';
import type { TlsSecrets } from './key-log.js';
import { describeTlsRecord } from './describe-tls-record.js';
import { readClientHello, readServerHello } from './hellos.js';
import { type HandshakeMessage, HandshakeReader, HandshakeType } from './handshake-reader.js';
import { nextTrafficSecret, keysOfTrafficSecret } from './key-schedule.js';
import { type OpenedRecord, RecordProtection } from './record-protection.js';
import { ContentType, recordHeaderLength, type TlsRecord } from './record-reader.js';
import type { TlsEvent } from './tls-event.js';
import type { TlsHandshake } from './tls-handshake.js';

type Epoch = 'clear' | 'handshake' | 'application';

export class TlsDirection {
  readonly #messages = new HandshakeReader();
  #epoch: Epoch = 'clear';
  #protection: RecordProtection | null = null;
  /** TLS 1.3's, which a KeyUpdate goes on from. */
  #secret: Buffer | null = null;
  #hasOpened = false;

  constructor(
    private readonly direction: Direction,
    private readonly handshake: TlsHandshake,
    private readonly secrets: TlsSecrets,
  ) {}

  /**
   * What a record says; null: the ServerHello or the secret that it takes is not there yet, and nothing was done. Throws a
   * DescribeError when the rest of this direction cannot be read.
   */
  handle(record: TlsRecord): TlsEvent[] | null {
    const isProtected = this.#isProtected(record);
    if (isProtected === null) return null;
    if (!isProtected) return this.#handleClear(record);
    if (this.#epoch === 'clear') this.#epoch = 'handshake';
    this.#protection ??= this.#protectionOfEpoch(record.offset);
    if (this.#protection === null) return null;
    const opened = this.#protection.open(record);
    if (opened === null) return [this.#unopened(record)];
    this.#hasOpened = true;
    return this.#handleContent(record, opened);
  }

  /** Null: only the ServerHello will tell. */
  #isProtected({ type }: TlsRecord): boolean | null {
    const { version } = this.handshake;
    if (type === ContentType.changeCipherSpec) {
      // In TLS 1.3 it is for middleboxes alone and never protected.
      return version === null ? null : version === 'TLS 1.2' && this.#epoch !== 'clear';
    }
    if (version === 'TLS 1.2') return this.#epoch !== 'clear';
    if (type !== ContentType.applicationData) return false;
    return version === null ? null : true;
  }

  #handleClear(record: TlsRecord): TlsEvent[] {
    if (record.type === ContentType.changeCipherSpec) {
      if (this.handshake.version === 'TLS 1.2') this.#epoch = 'application';
      return [describeTlsRecord({ record, direction: this.direction, content: record.body })];
    }
    if (record.type === ContentType.applicationData) {
      throw failure('H2_DESCRIBE_BAD_TLS_RECORD', record.offset, 'TLS Record Type', 'application data in the clear');
    }
    return this.#handleContent(record, { type: record.type, content: record.body });
  }

  #handleContent(record: TlsRecord, { type, content }: OpenedRecord): TlsEvent[] {
    if (type === ContentType.applicationData) {
      return content.length === 0 ? [] : [{ kind: 'plaintext', direction: this.direction, bytes: content }];
    }
    const described = { record, direction: this.direction, content, innerType: type };
    if (type !== ContentType.handshake) return [describeTlsRecord(described)];
    const messages = this.#messages.read(content, record.offset + recordHeaderLength);
    const hellos = messages.map((message) => this.#follow(message));
    return [describeTlsRecord({ ...described, messages, hello: hellos.find((hello) => hello !== null) ?? null })];
  }

  /** What a message changes for the records after it. */
  #follow(message: HandshakeMessage) {
    const isTls13 = this.handshake.version === 'TLS 1.3';
    switch (message.type) {
      case HandshakeType.clientHello: {
        if (this.#epoch !== 'clear') {
          throw failure('H2_DESCRIBE_TLS_UNSUPPORTED', message.offset, 'Handshake Message', 'renegotiation');
        }
        const hello = readClientHello(message);
        this.handshake.noteClientHello(hello);
        return hello;
      }
      case HandshakeType.serverHello: {
        const hello = readServerHello(message);
        this.handshake.noteServerHello(hello, message.offset);
        return hello;
      }
      case HandshakeType.finished:
        if (isTls13) this.#enter('application');
        return null;
      case HandshakeType.keyUpdate:
        if (isTls13 && this.#secret !== null) this.#useSecret(nextTrafficSecret(this.handshake.suite!, this.#secret));
        return null;
      default:
        return null;
    }
  }

  #enter(epoch: Epoch): void {
    this.#epoch = epoch;
    this.#protection = null;
    this.#secret = null;
  }

  #protectionOfEpoch(offset: number): RecordProtection | null {
    const suite = this.handshake.requireSuite(offset);
    if (suite.version === 'TLS 1.2') {
      const keys = this.handshake.keysOf12(this.secrets, this.direction, offset);
      return keys === null ? null : new RecordProtection(suite, keys);
    }
    const epoch = this.#epoch === 'handshake' ? 'handshake' : 'application';
    const secret = this.handshake.trafficSecret(this.secrets, this.direction, epoch, offset);
    if (secret === null) return null;
    this.#useSecret(secret);
    return this.#protection;
  }

  #useSecret(secret: Buffer): void {
    const suite = this.handshake.suite!;
    this.#secret = secret;
    this.#protection = new RecordProtection(suite, keysOfTrafficSecret(suite, secret));
  }

  /** Data that a client sends before the handshake is under a secret of its own (RFC 8446 section 4.2.10). */
  #unopened(record: TlsRecord): TlsEvent {
    const isEarlyData = this.direction === 'client' && this.handshake.offersEarlyData && !this.#hasOpened;
    const reason = isEarlyData
      ? 'early data (0-RTT) is not decrypted'
      : 'the record does not decrypt with the secret that was logged';
    const code = isEarlyData ? 'H2_DESCRIBE_TLS_UNSUPPORTED' : 'H2_DESCRIBE_TLS_DECRYPT';
    const error = failure(code, record.offset, 'TLS Record', reason);
    if (!isEarlyData) throw error;
    return describeTlsRecord({ record, direction: this.direction, content: record.body, error });
  }
}

function failure(code: DescribeError['code'], offset: number, field: string, reason: string): DescribeError {
  return new DescribeError(code, offset, field, reason);
}
