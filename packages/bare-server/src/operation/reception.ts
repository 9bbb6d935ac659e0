/**
 * @module
 * Everyone who comes in is received here: admitted or not (shutdown, origins, limits), counted while inside, logged on the way out.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BareProtocolError } from '@culvert/bare-protocol';
import type { Access } from '../access/access.js';
import type { ClientAddresses } from '../access/client-address.js';
import type { ClientLimits } from '../limits/client-limits.js';
import type { BareServerOptions } from '../options.js';
import type { LogEntry } from './log.js';
import type { Metrics } from './metrics.js';
import { beginVisit, type Visit } from './visit.js';

export interface ReceptionParts {
  access: Access;
  clients: ClientAddresses;
  limits: ClientLimits;
  metrics: Metrics;
}

export class Reception {
  isClosing = false;
  readonly #parts: ReceptionParts;
  readonly #log: BareServerOptions['log'];
  #whenQuiet: (() => void) | null = null;

  constructor(parts: ReceptionParts, log: BareServerOptions['log']) {
    this.#parts = parts;
    this.#log = log;
  }

  /** @throws BareProtocolError when the request is not admitted; it is counted and logged all the same */
  receiveRequest(request: IncomingMessage, response: ServerResponse): Visit {
    const { clients, metrics } = this.#parts;
    const visit = beginVisit(response, clients.of(request));
    let leave: (() => void) | null = null;
    metrics.requestsActive++;
    response.once('close', () => {
      leave?.();
      metrics.requestsActive--;
      const milliseconds = performance.now() - visit.start;
      // A client that went away before its answer: 499, as nginx logs it.
      const status = response.headersSent ? response.statusCode : 499;
      metrics.countRequest(visit.version ?? '', status, milliseconds / 1000);
      if (visit.error !== null) metrics.countError(visit.error);
      if (this.#log) this.#write(this.#log, 'request', visit, request, { status, milliseconds });
      this.#checkQuiet();
    });
    leave = this.#admit(request, visit);
    return visit;
  }

  /** @throws BareProtocolError as above */
  receiveUpgrade(request: IncomingMessage, socket: Duplex): Visit {
    const { clients, metrics } = this.#parts;
    const visit = beginVisit(socket, clients.of(request));
    let leave: (() => void) | null = null;
    metrics.webSocketsActive++;
    socket.once('close', () => {
      leave?.();
      metrics.webSocketsActive--;
      metrics.countWebSocket(visit.version ?? '');
      if (visit.error !== null) metrics.countError(visit.error);
      if (this.#log) {
        this.#write(this.#log, 'websocket', visit, request, { milliseconds: performance.now() - visit.start });
      }
    });
    leave = this.#admit(request, visit);
    return visit;
  }

  /** Resolves when no request is inside, or after so many milliseconds. WebSockets do not count: they may stay for days. */
  quiet(milliseconds: number): Promise<void> {
    if (this.#parts.metrics.requestsActive === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#whenQuiet = null;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#whenQuiet = done;
    });
  }

  logShutdown(message: string): void {
    this.#log?.({ time: new Date().toISOString(), event: 'shutdown', message });
  }

  #admit(request: IncomingMessage, visit: Visit): () => void {
    const { access, clients, limits } = this.#parts;
    if (this.isClosing) {
      throw new BareProtocolError('IMPL_SHUTTING_DOWN', 'request', 'The server is shutting down; try again.');
    }
    access.checkOrigin(request);
    return limits.enter(request, visit.client, clients);
  }

  #checkQuiet(): void {
    if (this.#parts.metrics.requestsActive === 0) this.#whenQuiet?.();
  }

  #write(
    log: (entry: LogEntry) => void,
    event: 'request' | 'websocket',
    { client, version, remote, error }: Visit,
    request: IncomingMessage,
    { status, milliseconds }: { status?: number; milliseconds: number },
  ): void {
    log({
      time: new Date().toISOString(),
      event,
      client,
      method: request.method ?? '',
      ...(version !== null && { version }),
      ...(remote !== null && { remote: `${remote.protocol}//${remote.host}` }),
      ...(status !== undefined && { status }),
      ...(error !== null && { error }),
      milliseconds: Math.round(milliseconds * 100) / 100,
    });
  }
}
