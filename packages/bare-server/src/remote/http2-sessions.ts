/**
 * @module
 * HTTP/2 connections to remotes that offer it (ALPN), one for each origin, shared by its requests. What does not offer it is remembered,
 * and reached as before.
 */
import http2, { type ClientHttp2Session } from 'node:http2';
import tls from 'node:tls';
import { RemoteTimeoutError } from './remote-errors.js';
import type { Upstream } from './upstream.js';

const idleTimeout = 15_000;
/** How long an origin that does not offer HTTP/2 is not asked again. */
const refusalLifetime = 10 * 60_000;
const maxRefusals = 10_000;

export class Http2Sessions {
  readonly #upstream: Upstream;
  readonly #sessions = new Map<string, Promise<ClientHttp2Session | null>>();
  readonly #refusals = new Map<string, number>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Null when the origin does not offer HTTP/2. Rejects with what keeps it from being reached. */
  find(url: URL): Promise<ClientHttp2Session | null> {
    const key = url.host;
    const refused = this.#refusals.get(key);
    if (refused !== undefined && refused > Date.now()) return Promise.resolve(null);
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = this.#connect(url, key);
      this.#sessions.set(key, session);
      session.catch(() => this.#sessions.delete(key));
    }
    return session;
  }

  /** For a session that takes no more requests. */
  forget(url: URL): void {
    this.#sessions.delete(url.host);
  }

  close(): void {
    for (const session of this.#sessions.values()) {
      session.then(
        (open) => open?.destroy(),
        () => undefined,
      );
    }
    this.#sessions.clear();
  }

  #connect(url: URL, key: string): Promise<ClientHttp2Session | null> {
    return new Promise((resolve, reject) => {
      const { connectTimeout } = this.#upstream;
      // Throws for an address that is not allowed: a rejection, here.
      const target = this.#upstream.target(url);
      const socket = tls.connect({ ...target, ALPNProtocols: ['h2', 'http/1.1'] }).setNoDelay(true);
      const timer = setTimeout(() => socket.destroy(new RemoteTimeoutError('connect', connectTimeout)), connectTimeout);
      socket.once('error', reject);
      socket.once('close', () => clearTimeout(timer));
      socket.once('secureConnect', () => {
        clearTimeout(timer);
        socket.off('error', reject);
        if (socket.alpnProtocol === 'h2') {
          resolve(this.#open(url, key, socket));
          return;
        }
        if (this.#refusals.size >= maxRefusals) this.#refusals.clear();
        this.#refusals.set(key, Date.now() + refusalLifetime);
        this.#sessions.delete(key);
        socket.on('error', () => undefined);
        socket.destroy();
        resolve(null);
      });
    });
  }

  #open(url: URL, key: string, socket: tls.TLSSocket): ClientHttp2Session {
    const session = http2.connect(url.origin, { createConnection: () => socket, settings: { enablePush: false } });
    const forget = (): void => void this.#sessions.delete(key);
    // Its streams report what happens to them.
    session.on('error', forget);
    session.on('goaway', forget);
    session.on('close', forget);
    session.setTimeout(idleTimeout, () => session.close());
    return session;
  }
}
