/**
 * @module
 * The secrets of TLS connections as programs log them for their users: the SSLKEYLOGFILE format (RFC 9850), a line of label,
 * client random and secret. Parsing only; key-log-file.ts reads a file as it grows.
 */

/** Where a describer looks for the secrets of a connection. */
export interface TlsSecrets {
  /** Null: not logged, or not yet. `clientRandom` is the one of the ClientHello. */
  secretOf(clientRandom: Uint8Array, label: SecretLabel): Buffer | null;
}

const secretLabels = [
  /** TLS 1.2 and older: the master secret. */
  'CLIENT_RANDOM',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;

export type SecretLabel = (typeof secretLabels)[number];

const knownLabels: ReadonlySet<string> = new Set(secretLabels);

/** Connections whose secrets are remembered, newest last: a browser's log grows for as long as it runs. */
export const mostConnectionsInKeyLog = 16_384;

export class KeyLog implements TlsSecrets {
  readonly #secrets = new Map<string, Map<SecretLabel, Buffer>>();

  constructor(private readonly mostConnections = mostConnectionsInKeyLog) {}

  /** Takes whole lines. Comments, labels for other uses and lines that do not parse are passed over, as the format asks. */
  addLines(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      const match = /^([A-Z0-9_]+) ([0-9a-fA-F]{64}) ((?:[0-9a-fA-F]{2}){32,64})$/.exec(line);
      if (match === null || !knownLabels.has(match[1]!)) continue;
      this.#secretsFor(match[2]!.toLowerCase()).set(match[1] as SecretLabel, Buffer.from(match[3]!, 'hex'));
    }
  }

  secretOf(clientRandom: Uint8Array, label: SecretLabel): Buffer | null {
    return this.#secrets.get(Buffer.from(clientRandom).toString('hex'))?.get(label) ?? null;
  }

  #secretsFor(clientRandom: string): Map<SecretLabel, Buffer> {
    const known = this.#secrets.get(clientRandom);
    if (known !== undefined) return known;
    if (this.#secrets.size >= this.mostConnections) this.#secrets.delete(this.#secrets.keys().next().value!);
    const secrets = new Map<SecretLabel, Buffer>();
    this.#secrets.set(clientRandom, secrets);
    return secrets;
  }
}
