/**
 * @module
 * What the two hellos agreed on, and which of the logged secrets that makes the keys of a direction.
 */
import type { Direction } from '../description.js';
import { DescribeError } from '../errors.js';
import { type CipherSuite, cipherSuiteOf, cipherSuiteText, type TlsVersion } from './cipher-suites.js';
import type { ClientHello, ServerHello } from './hellos.js';
import type { SecretLabel, TlsSecrets } from './key-log.js';
import { keysOfMasterSecret, type TrafficKeys } from './key-schedule.js';

const versions: Record<number, TlsVersion> = { 0x0303: 'TLS 1.2', 0x0304: 'TLS 1.3' };

const trafficSecretLabels: Record<'handshake' | 'application', Record<Direction, SecretLabel>> = {
  handshake: { client: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', server: 'SERVER_HANDSHAKE_TRAFFIC_SECRET' },
  application: { client: 'CLIENT_TRAFFIC_SECRET_0', server: 'SERVER_TRAFFIC_SECRET_0' },
};

const secretLengths = { sha256: 32, sha384: 48 } as const;
/** RFC 5246 section 8.1 */
const masterSecretLength = 48;

export class TlsHandshake {
  #clientRandom: Buffer | null = null;
  #serverRandom: Buffer | null = null;
  #cipherSuite = 0;
  #version: TlsVersion | null = null;
  #offersEarlyData = false;

  /** Null before the ServerHello. */
  get version(): TlsVersion | null {
    return this.#version;
  }

  get suite(): CipherSuite | null {
    return cipherSuiteOf(this.#cipherSuite);
  }

  get offersEarlyData(): boolean {
    return this.#offersEarlyData;
  }

  /** After a HelloRetryRequest there is a second one, with the same random. */
  noteClientHello({ random, offersEarlyData }: ClientHello): void {
    this.#clientRandom ??= random;
    this.#offersEarlyData ||= offersEarlyData;
  }

  /** A HelloRetryRequest already tells the version and the suite, which the ServerHello has to repeat. */
  noteServerHello({ random, cipherSuite, version }: ServerHello, offset: number): void {
    const known = versions[version];
    if (known === undefined) {
      const reason = `version 0x${version.toString(16).padStart(4, '0')} is not read, only TLS 1.2 and 1.3 are`;
      throw new DescribeError('H2_DESCRIBE_TLS_UNSUPPORTED', offset, 'TLS Version', reason);
    }
    this.#version = known;
    this.#serverRandom = random;
    this.#cipherSuite = cipherSuite;
  }

  /** The suite; throws a DescribeError where records under it cannot be read. */
  requireSuite(offset: number): CipherSuite {
    const suite = cipherSuiteOf(this.#cipherSuite);
    if (suite !== null && suite.version === this.#version) return suite;
    const reason = `${cipherSuiteText(this.#cipherSuite)} in ${this.#version} is not decrypted; AES-GCM and ChaCha20-Poly1305 are`;
    throw new DescribeError('H2_DESCRIBE_TLS_UNSUPPORTED', offset, 'Cipher Suite', reason);
  }

  /** Null: not logged yet. */
  trafficSecret(
    secrets: TlsSecrets,
    direction: Direction,
    epoch: 'handshake' | 'application',
    offset: number,
  ): Buffer | null {
    const label = trafficSecretLabels[epoch][direction];
    return this.#secretOf(secrets, label, secretLengths[this.requireSuite(offset).hash], offset);
  }

  /** The keys of TLS 1.2; null: the master secret is not logged yet. */
  keysOf12(secrets: TlsSecrets, direction: Direction, offset: number): TrafficKeys | null {
    const master = this.#secretOf(secrets, 'CLIENT_RANDOM', masterSecretLength, offset);
    if (master === null) return null;
    const randoms = { client: this.#clientRandom!, server: this.#serverRandom! };
    return keysOfMasterSecret(this.requireSuite(offset), master, randoms, direction);
  }

  #secretOf(secrets: TlsSecrets, label: SecretLabel, length: number, offset: number): Buffer | null {
    // A connection that was joined in the middle has no ClientHello.
    const secret = this.#clientRandom === null ? null : secrets.secretOf(this.#clientRandom, label);
    if (secret === null || secret.length === length) return secret;
    const reason = `${label} has ${secret.length} bytes in the key log, and this cipher suite's has ${length}`;
    throw new DescribeError('H2_DESCRIBE_TLS_NO_SECRET', offset, 'TLS Record', reason);
  }

  /** Why this connection stays closed when its secrets do not come. */
  missingSecretError(offset: number): DescribeError {
    const random = this.#clientRandom?.toString('hex');
    const reason =
      random === undefined
        ? 'there was no ClientHello to look the secrets up by'
        : this.#version === null
          ? 'there was no ServerHello to tell how it is protected'
          : `the key log has no secret for the client random ${random}; the rest is shown as bytes`;
    return new DescribeError('H2_DESCRIBE_TLS_NO_SECRET', offset, 'TLS Record', reason);
  }
}
