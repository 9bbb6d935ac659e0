/**
 * @module
 * `createServer`: a Bare server, and whatever else is to be served, on one port that answers every HTTP.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { BareProtocolError } from '@culvert/bare-protocol';
import { sendError } from './bare/answer.js';
import { refuseConnection } from './bare/client-error.js';
import { createBareServer, type BareServer } from './create-bare-server.js';
import type { BareServerOptions } from './options.js';
import { forwardRequest, forwardTunnel } from './port/forward.js';
import { listen, type Listening, type ListenOptions } from './port/listen.js';
import type { PortOptions } from './port/options.js';
import type { RequestDetails } from './port/port-handlers.js';
import { PortServer } from './port/port-server.js';
import { normalizeAddress } from './remote/address-policy.js';
import { Upstream } from './remote/upstream.js';

export interface ServerOptions extends PortOptions {
  bare?: BareServerOptions;
  /** Answers what is not for the Bare server; 404 by default. `details.url` is the absolute URL that is asked for. */
  request?(request: IncomingMessage, response: ServerResponse, details: RequestDetails): void;
  /** Answers WebSockets that are not for the Bare server; 404 by default. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, details: RequestDetails): void;
}

export interface Server {
  readonly bare: BareServer;
  /** May be called again, for more addresses or ports. @throws ListenError */
  listen(options: ListenOptions): Promise<Listening>;
  /** Takes no more connections and asks clients to go; closes those that stay after `gracePeriod` milliseconds, 0 by default. */
  close(gracePeriod?: number): Promise<void>;
}

/** @throws BareServerError for options that cannot be right */
export function createServer(options: ServerOptions = {}): Server {
  const bare = createBareServer(options.bare);
  // A way of its own with the same rules: what is forwarded is judged as what a Bare request asks for.
  const upstream = new Upstream(options.bare?.upstream ?? {});
  const opened: Listening[] = [];

  const port = new PortServer(
    {
      request(request, response, details) {
        response.on('error', ignore);
        request.on('error', ignore);
        if (options.tunnels === 'forward' && details.form === 'absolute' && !isOwn(details, opened)) {
          forwardRequest(upstream, request, response, details.url);
        } else if (bare.shouldRoute(request)) bare.routeRequest(request, response);
        else if (options.request) options.request(request, response, details);
        else sendError(request, response, nothingServed(request));
      },
      upgrade(request, socket, head, details) {
        if (bare.shouldRoute(request)) bare.routeUpgrade(request, socket, head);
        else if (options.upgrade) options.upgrade(request, socket, head, details);
        else refuseConnection(socket, nothingServed(request));
      },
      forward: (target, tunnel) => forwardTunnel(upstream, target, tunnel),
    },
    options,
  );

  return {
    bare,
    async listen(where) {
      const listening = await listen(port.accept, where);
      opened.push(listening);
      upstream.judge.addListeningPort(listening.port);
      return listening;
    },
    async close(gracePeriod = 0) {
      for (const listening of opened.splice(0)) listening.close();
      if (gracePeriod > 0) await port.drain(gracePeriod);
      await bare.close();
      upstream.close();
      port.close();
    },
  };
}

/** A client that has us for its proxy asks us for a page of our own. */
function isOwn({ url }: RequestDetails, opened: readonly Listening[]): boolean {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!opened.some((listening) => listening.port === port)) return false;
  if (/(?:^|\.)localhost\.?$/i.test(url.hostname)) return true;
  const interfaces = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = normalizeAddress(url.hostname);
  return interfaces.some((own) => normalizeAddress(own.address) === address);
}

function nothingServed(request: IncomingMessage): BareProtocolError {
  return new BareProtocolError('IMPL_NOT_FOUND', 'request', `Nothing is served at ${request.url}.`);
}

function ignore(): void {
  // A client that goes away is no error of ours; what has to be ended then is ended by `close` listeners.
}
