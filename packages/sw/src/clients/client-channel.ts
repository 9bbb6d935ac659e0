/**
 * @module
 * Answers the messages of pages and workers. Windows post them; workers, which in most engines have no way to post to a
 * service worker, send the same by a request to `/service/~/message`. What `document.cookie` sets comes by both ways.
 */
import type { RemoteChannel } from '@culvert/bare-client';
import type { ToServiceWorker } from '@culvert/runtime';
import type { CookieBroadcast } from '../cookies/cookie-broadcast.js';
import type { CookieStore } from '../cookies/cookie-store.js';
import { DocumentCookies } from '../cookies/document-cookies.js';
import type { BrowserIdentity } from '../headers/client-hints.js';
import type { ServiceWorkers } from '../service-workers/service-workers.js';
import { decodeHeaderText } from '../headers/header-list.js';
import { blockingViolation, findViolations } from '../security/content-policy.js';
import type { PolicyReports } from '../security/policy-reports.js';
import { socketHeaders } from '../headers/socket-headers.js';
import { isSameSite, siteOf } from '../site.js';
import { relaySocket, type SocketPort, type SocketToOpen } from '../transports/socket-relay.js';
import { parseMessage, parseSender } from './message-schema.js';
import type { ClientRegistry } from './client-registry.js';
import type { RealmIdentity, RealmTokens } from './realm-tokens.js';

export interface ChannelServices {
  clients: Pick<ClientRegistry, 'find' | 'post'>;
  cookies: CookieStore;
  broadcast: CookieBroadcast;
  browser: BrowserIdentity;
  tokens: RealmTokens;
  transports: SocketTransports;
  policyReports: Pick<PolicyReports, 'tell'>;
  serviceWorkers: Pick<ServiceWorkers, 'answer'>;
}

/** What is used here of the `TransportSwitch`. */
export interface SocketTransports {
  usesTransport(): Promise<boolean>;
  /** Null for the Bare servers. */
  socketChannel(): Promise<RemoteChannel | null>;
}

/** What is used of an ExtendableMessageEvent. */
interface MessageEventLike {
  data: unknown;
  source: unknown;
  ports: readonly { postMessage(message: unknown): void }[];
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEventLike {
  request: Request;
  clientId: string;
  waitUntil(work: Promise<unknown>): void;
}

export class ClientChannel {
  readonly #services: ChannelServices;
  readonly #documentCookies: DocumentCookies;

  constructor(services: ChannelServices) {
    this.#services = services;
    this.#documentCookies = new DocumentCookies(services);
  }

  /** For the `message` event. What is not of the protocol is left alone. */
  async receive(event: MessageEventLike): Promise<void> {
    const message = parseMessage(event.data);
    const client = event.source as Client | null;
    if (!message || !client) return;
    if (message.culvert !== 'set-cookie') return this.#receive(message, event);
    await this.#documentCookies.set(message, this.#sender(event.data), client.id, (work) => event.waitUntil(work));
  }

  /** For what comes in a header, so that it is known as soon as the request is. @returns false for any other request */
  async receiveHeader(event: RequestEventLike): Promise<boolean> {
    const header = event.request.headers.get('culvert-message');
    const data: unknown = header === null ? null : JSON.parse(decodeURIComponent(header));
    const message = parseMessage(data);
    if (message?.culvert !== 'set-cookie') return false;
    await this.#documentCookies.set(message, this.#sender(data), event.clientId, (work) => event.waitUntil(work));
    return true;
  }

  async #receive(message: ToServiceWorker, event: MessageEventLike): Promise<void> {
    const client = event.source as Client;
    const sender = await this.#sender(event.data);
    if (!sender) return;
    if (message.culvert === 'open-socket') return this.#openSocket(message, event.ports[0] as SocketPort | undefined);
    const reply = await this.#answer(message, sender, client.id, (work) => event.waitUntil(work));
    if (reply !== null) event.ports[0]?.postMessage(reply);
  }

  /** For a message that comes as a request. @returns the reply, or `null` if there is none */
  async receiveRequest(event: RequestEventLike): Promise<unknown> {
    const data: unknown = JSON.parse(await event.request.text());
    const message = parseMessage(data);
    const sender = message && (await this.#sender(data));
    return sender ? this.#answer(message, sender, event.clientId, (work) => event.waitUntil(work)) : null;
  }

  /** The realm that can prove it; a page that sends messages by itself gets nothing, cookies above all. */
  async #sender(data: unknown): Promise<RealmIdentity | null> {
    const sender = parseSender(data);
    return sender && (await this.#services.tokens.isValid(sender, sender.token)) ? sender : null;
  }

  async #answer(
    message: ToServiceWorker,
    sender: RealmIdentity,
    senderId: string,
    background: (work: Promise<unknown>) => void,
  ): Promise<unknown> {
    const { clients, cookies, broadcast, browser, transports, policyReports, serviceWorkers } = this.#services;
    await cookies.ready;
    switch (message.culvert) {
      case 'cookies-seen':
        broadcast.acknowledge(message.id);
        return null;
      case 'socket-headers': {
        await cookies.changesExpected();
        const { url, origin } = message;
        const record = await clients.find(senderId);
        const violations = findViolations(record, 'connect-src', url);
        if (record) background(policyReports.tell(record, violations));
        if (blockingViolation(violations)) return { headers: {}, viaWorker: false, isBlocked: true };
        const cookie = cookies.jar.getCookieHeader(url, this.#socketContext(url, sender));
        const headers = socketHeaders({ remoteUrl: url, origin, cookie }, browser);
        return { headers, viaWorker: await transports.usesTransport() };
      }
      case 'service-worker':
        return serviceWorkers.answer(message.request, sender, senderId, background);
      case 'policy-violated': {
        const record = await clients.find(senderId);
        if (record) background(policyReports.tell(record, findViolations(record, 'base-uri', message.url)));
        return null;
      }
      case 'keep-awake':
      // Comes as a message and in a header alone.
      case 'set-cookie':
      // Has a port, which a request cannot bring.
      case 'open-socket':
        return null;
      case 'socket-cookies': {
        const context = { http: true, ...this.#socketContext(message.url, sender) };
        let isChanged = false;
        for (const line of message.cookies) {
          if (cookies.jar.setCookie(decodeHeaderText(line), message.url, context)) isChanged = true;
        }
        if (isChanged) await Promise.all([cookies.save(), broadcast.announce()]);
        return { stored: isChanged };
      }
    }
  }

  async #openSocket(request: SocketToOpen, port: SocketPort | undefined): Promise<void> {
    if (!port) return;
    try {
      const channel = await this.#services.transports.socketChannel();
      if (!channel) throw new Error('The transport was changed while the socket was opened.');
      relaySocket(port, channel, request);
    } catch (error) {
      port.postMessage({ type: 'error', message: error instanceof Error ? error.message : String(error) });
      port.postMessage({ type: 'close', code: 1006, reason: '', wasClean: false });
    }
  }

  /** A handshake is a subresource request of the page. */
  #socketContext(url: string, sender: RealmIdentity): { sameSite: 'strict' | 'cross'; partition: string } {
    const httpUrl = url.replace(/^ws/, 'http');
    const partition = sender.topLevelSite;
    const isFirstParty = siteOf(httpUrl) === partition && isSameSite(sender.url, httpUrl);
    return { sameSite: isFirstParty ? 'strict' : 'cross', partition };
  }
}
