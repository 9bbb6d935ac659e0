/**
 * @module
 * The HTTP sockets of proxied pages: each of their requests is passed to the Bare server as it is. Nothing is remembered between
 * them, so a worker that is stopped and started again breaks no socket.
 */
import { httpSocketUrl } from '@culvert/bare-client/socket-fallback';
import type { Config } from '../config.js';
import { findInitiator } from './initiator.js';
import type { ClientRegistry } from './client-registry.js';

/** Of a browser's six connections to one server, those that all pages together may keep waiting for long. */
const maxLongWaits = 3;
const waitHeader = 'X-Wait';
/** Seconds that the others may wait. */
const shortWait = 1;

export class HttpSocketBridge {
  readonly #config: Config;
  readonly #clients: ClientRegistry;
  #longWaits = 0;

  constructor(config: Config, clients: ClientRegistry) {
    this.#config = config;
    this.#clients = clients;
  }

  /** What pages import to speak the protocol. */
  async script(): Promise<Response> {
    const response = await fetch(this.#config.httpSocketScript, { cache: 'no-cache' });
    if (!response.ok) return unreachable(`${this.#config.httpSocketScript} answers ${response.status}.`);
    return new Response(response.body, {
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' },
    });
  }

  async forward(event: { request: Request; clientId: string }): Promise<Response> {
    const { request } = event;
    const target = await this.#target(event);
    const headers = new Headers();
    for (const [name, value] of request.headers) if (/^x-/i.test(name)) headers.set(name, value);
    const isLong = Number(headers.get(waitHeader)) > shortWait;
    if (isLong && this.#longWaits >= maxLongWaits) headers.set(waitHeader, String(shortWait));
    const isHeld = isLong && this.#longWaits < maxLongWaits;
    if (isHeld) this.#longWaits++;
    try {
      const hasBody = request.method === 'PUT';
      return await fetch(target, {
        method: request.method,
        headers,
        body: hasBody ? await request.arrayBuffer() : null,
        signal: request.signal,
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      });
    } catch (error) {
      return unreachable(String(error));
    } finally {
      if (isHeld) this.#longWaits--;
    }
  }

  /** The server that the page was told of. A page names none itself: it could name any host. */
  async #target(event: { request: Request; clientId: string }): Promise<string> {
    const { url } = await findInitiator(event, this.#clients, this.#config.settings);
    const directory = await this.#config.bareServerFor(url ?? this.#config.settings.origin);
    const { search } = new URL(event.request.url);
    return httpSocketUrl(directory) + search;
  }
}

/** As a gateway says it: the socket's client tries again for a while. */
function unreachable(reason: string): Response {
  return new Response(`Failed to reach the Bare server: ${reason}\n`, {
    status: 502,
    headers: { 'content-type': 'text/plain' },
  });
}
