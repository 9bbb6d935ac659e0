/**
 * @module
 * The TLS layer of a connection: handshake, ALPN, and the refusal where there is no certificate.
 */
import type { Duplex } from 'node:stream';
import tls, { TLSSocket, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { Socket } from 'node:net';
import { endpointsOf, type Endpoints } from '../connection.js';

/** In our order of preference. A client of HTTP/1.0 may offer that alone. */
const alpnProtocols = ['h2', 'http/1.1', 'http/1.0'];

export class TlsLayer {
  readonly #context: SecureContext;
  readonly #handshakeTimeout: number;

  constructor(options: SecureContextOptions, handshakeTimeout: number) {
    this.#context = tls.createSecureContext(options);
    this.#handshakeTimeout = handshakeTimeout;
  }

  /** Calls back when the handshake is done, and not at all when it fails: then the stream is closed. */
  unwrap(outer: Duplex & Endpoints, done: (inner: Duplex & Endpoints, isHttp2: boolean) => void): void {
    const inner = new TLSSocket(outer as unknown as Socket, {
      isServer: true,
      secureContext: this.#context,
      ALPNProtocols: alpnProtocols,
    });
    // Over anything but a socket, TLS has nobody to ask for these.
    for (const [name, value] of Object.entries(endpointsOf(outer))) {
      if (inner[name as keyof Endpoints] === undefined) Object.defineProperty(inner, name, { value });
    }
    const timer = setTimeout(() => outer.destroy(), this.#handshakeTimeout);
    inner.on('error', () => outer.destroy());
    inner.once('close', () => clearTimeout(timer));
    inner.once('secure', () => {
      clearTimeout(timer);
      // A `tls.Server` says so of its sockets, and Node's HTTP/2 waits for it.
      Object.assign(inner, { secureConnecting: false });
      done(inner as TLSSocket & Endpoints, inner.alpnProtocol === 'h2');
    });
  }

  /** Says so in TLS, so that a browser can tell why: the alert `handshake_failure` (RFC 8446 section 6.2). */
  static refuse(stream: Duplex): void {
    stream.end(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28]), () => stream.destroy());
  }
}
