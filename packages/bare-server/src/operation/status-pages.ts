/**
 * @module
 * `/healthz` for load balancers and `/metrics` for Prometheus. They are outside the Bare protocol and its CORS headers: no page needs
 * them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerToken, SecretToken } from '../access/access.js';
import type { ClientAddresses } from '../access/client-address.js';
import { defaults, type BareServerOptions } from '../options.js';
import type { Metrics } from './metrics.js';

export class StatusPages {
  readonly #healthPath: string | null;
  readonly #metricsPath: string | null;
  readonly #metricsToken: SecretToken | null;
  readonly #collect: (own: () => string) => Promise<string>;
  readonly #metrics: Metrics;
  readonly #clients: ClientAddresses;

  constructor(options: BareServerOptions, metrics: Metrics, clients: ClientAddresses) {
    this.#healthPath = options.healthPath === undefined ? defaults.healthPath : options.healthPath;
    this.#metricsPath = options.metricsPath === undefined ? defaults.metricsPath : options.metricsPath;
    this.#metricsToken = options.metricsToken === undefined ? null : new SecretToken(options.metricsToken);
    this.#collect = options.collectMetrics ?? ((own) => Promise.resolve(own()));
    this.#metrics = metrics;
    this.#clients = clients;
  }

  has(pathname: string): boolean {
    return pathname === this.#healthPath || pathname === this.#metricsPath;
  }

  async send(pathname: string, request: IncomingMessage, response: ServerResponse, isClosing: boolean): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'Only GET and HEAD.\n');
    // A load balancer sends nobody here any more once it has seen this.
    if (pathname === this.#healthPath)
      return sendText(response, isClosing ? 503 : 200, isClosing ? 'closing\n' : 'ok\n');
    if (!this.#mayReadMetrics(request)) {
      return sendText(response, 403, 'The metrics are for clients on this machine, or with the metricsToken.\n');
    }
    const text = await this.#collect(() => this.#metrics.toString());
    sendText(response, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
  }

  #mayReadMetrics(request: IncomingMessage): boolean {
    if (this.#metricsToken === null) return this.#clients.isLocal(request);
    const token = bearerToken(request);
    return token !== null && this.#metricsToken.equals(token);
  }
}

function sendText(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
