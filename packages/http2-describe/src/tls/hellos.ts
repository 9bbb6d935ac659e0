/**
 * @module
 * ClientHello and ServerHello (RFC 8446 sections 4.1.2 and 4.1.3), as far as keys and people need them.
 */
import { DescribeError } from '../errors.js';
import type { HandshakeMessage } from './handshake-reader.js';

export interface ClientHello {
  random: Buffer;
  cipherSuites: number[];
  serverName: string | null;
  protocols: string[];
  offersEarlyData: boolean;
}

export interface ServerHello {
  random: Buffer;
  cipherSuite: number;
  /** As negotiated, whatever the field of TLS 1.2 says. */
  version: number;
  /** TLS 1.2 answers here, TLS 1.3 in a protected message. */
  protocol: string | null;
  isRetryRequest: boolean;
}

const Extension = { serverName: 0, alpn: 16, earlyData: 42, supportedVersions: 43 } as const;

/** The random that makes a ServerHello a HelloRetryRequest (RFC 8446 section 4.1.3). */
const retryRequestRandom = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

export function readClientHello(message: HandshakeMessage): ClientHello {
  const reader = new HelloReader(message);
  reader.take(2, 'legacy_version');
  const random = reader.take(32, 'Random');
  reader.vector(1, 'legacy_session_id');
  const suites = reader.vector(2, 'cipher_suites');
  reader.vector(1, 'legacy_compression_methods');
  const hello: ClientHello = { random, cipherSuites: [], serverName: null, protocols: [], offersEarlyData: false };
  for (let at = 0; at + 1 < suites.length; at += 2) hello.cipherSuites.push(suites.readUInt16BE(at));
  for (const { type, data } of reader.extensions()) {
    if (type === Extension.serverName) hello.serverName = serverNameIn(data);
    if (type === Extension.alpn) hello.protocols = data.protocols();
    if (type === Extension.earlyData) hello.offersEarlyData = true;
  }
  return hello;
}

export function readServerHello(message: HandshakeMessage): ServerHello {
  const reader = new HelloReader(message);
  const legacyVersion = reader.take(2, 'legacy_version').readUInt16BE();
  const random = reader.take(32, 'Random');
  reader.vector(1, 'legacy_session_id_echo');
  const cipherSuite = reader.take(2, 'cipher_suite').readUInt16BE();
  reader.take(1, 'legacy_compression_method');
  const isRetryRequest = random.equals(retryRequestRandom);
  const hello: ServerHello = { random, cipherSuite, version: legacyVersion, protocol: null, isRetryRequest };
  for (const { type, data } of reader.extensions()) {
    if (type === Extension.supportedVersions) hello.version = data.take(2, 'supported_versions').readUInt16BE();
    if (type === Extension.alpn) hello.protocol = data.protocols()[0] ?? null;
  }
  return hello;
}

/** RFC 6066 section 3: the first name of type host_name. */
function serverNameIn(data: HelloReader): string | null {
  const names = data.nested(2, 'server_name');
  if (names.remaining === 0) return null;
  const type = names.take(1, 'server_name')[0];
  return type === 0 ? names.vector(2, 'server_name').toString('latin1') : null;
}

class HelloReader {
  #at = 0;
  readonly #bytes: Buffer;
  readonly #offset: number;

  constructor({ body, offset }: { body: Buffer; offset: number }) {
    this.#bytes = body;
    this.#offset = offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number, field: string): Buffer {
    if (length > this.remaining) {
      const reason = `${length} bytes are needed, and the hello has ${this.remaining} more`;
      throw new DescribeError('H2_DESCRIBE_BAD_TLS_RECORD', this.#offset + this.#at, field, reason);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Bytes with their length in front. */
  vector(lengthBytes: 1 | 2, field: string): Buffer {
    return this.take(this.take(lengthBytes, field).readUIntBE(0, lengthBytes), field);
  }

  nested(lengthBytes: 1 | 2, field: string): HelloReader {
    const body = this.vector(lengthBytes, field);
    return new HelloReader({ body, offset: this.#offset + this.#at - body.length });
  }

  *extensions(): Generator<{ type: number; data: HelloReader }> {
    // TLS 1.2 may leave them out.
    if (this.remaining === 0) return;
    const list = this.nested(2, 'extensions');
    while (list.remaining > 0) {
      const type = list.take(2, 'extensions').readUInt16BE();
      yield { type, data: list.nested(2, 'extensions') };
    }
  }

  /** application_layer_protocol_negotiation (RFC 7301 section 3.1) */
  protocols(): string[] {
    const list = this.nested(2, 'application_layer_protocol_negotiation');
    const protocols: string[] = [];
    while (list.remaining > 0) {
      protocols.push(list.vector(1, 'application_layer_protocol_negotiation').toString('latin1'));
    }
    return protocols;
  }
}
