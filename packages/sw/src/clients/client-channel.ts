/**
 * @module
 * Answers the messages of pages and workers. Windows post them; workers, which in most engines have no way to post to a
 * service worker, send the same by a request to `/service/~/message`.
 */
import type { ToServiceWorker } from '@culvert/runtime';
import type { CookieBroadcast } from '../cookies/cookie-broadcast.js';
import type { CookieStore } from '../cookies/cookie-store.js';
import type { BrowserIdentity } from '../headers/client-hints.js';
import { decodeHeaderText } from '../headers/header-list.js';
import { socketHeaders } from '../headers/socket-headers.js';
import { isSameOrigin, isSameSite, siteOf } from '../site.js';
import type { ClientRecord, ClientRegistry } from './client-registry.js';
import { parseMessage } from './message-schema.js';

export interface ChannelServices {
  clients: ClientRegistry;
  cookies: CookieStore;
  broadcast: CookieBroadcast;
  browser: BrowserIdentity;
}

export class ClientChannel {
  readonly #services: ChannelServices;

  constructor(services: ChannelServices) {
    this.#services = services;
  }

  /** For the `message` event. What is not of the protocol is left alone. */
  async receive(event: {
    data: unknown;
    source: unknown;
    ports: readonly { postMessage(message: unknown): void }[];
  }): Promise<void> {
    const message = parseMessage(event.data);
    const client = event.source as Client | null;
    if (!message || !client) return;
    const reply = await this.#answer(message, await this.#services.clients.find(client.id), client.id);
    if (reply !== null) event.ports[0]?.postMessage(reply);
  }

  /** For a message that comes as a request. @returns the reply, or `null` if there is none */
  async receiveRequest(event: { request: Request; clientId: string }): Promise<unknown> {
    const message = parseMessage(JSON.parse(await event.request.text()));
    if (!message) return null;
    return this.#answer(message, await this.#services.clients.find(event.clientId), event.clientId);
  }

  async #answer(message: ToServiceWorker, sender: ClientRecord | null, senderId: string): Promise<unknown> {
    const { cookies, broadcast, browser } = this.#services;
    await cookies.ready;
    switch (message.culvert) {
      case 'set-cookie':
        await this.#setDocumentCookie(message.url, message.cookie, sender, senderId);
        return null;
      case 'cookies-seen':
        broadcast.acknowledge(message.id);
        return null;
      case 'socket-headers': {
        const { url, origin } = message;
        const cookie = cookies.jar.getCookieHeader(url, this.#socketContext(url, sender));
        return { headers: socketHeaders({ remoteUrl: url, origin, cookie }, browser) };
      }
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

  async #setDocumentCookie(url: string, line: string, sender: ClientRecord | null, senderId: string): Promise<void> {
    const { cookies, broadcast } = this.#services;
    // All sites share an origin here, so this is a courtesy and no boundary; but an honest page has no business with
    // another's cookies. A sender without a record is a srcdoc or blob: document, whose origin is its creator's.
    if (sender && !isSameOrigin(sender.url, url)) return;
    const partition = sender?.topLevelSite ?? siteOf(url);
    const sameSite = siteOf(url) === partition ? 'strict' : 'cross';
    const stored = cookies.jar.setCookie(line, url, { http: false, partition, sameSite });
    // The page believes in what it has set. It is told better only if it is wrong.
    if (stored) await Promise.all([cookies.save(), broadcast.announce({ except: senderId })]);
    else await broadcast.announce({ always: senderId });
  }

  /** A handshake is a subresource request of the page. */
  #socketContext(url: string, sender: ClientRecord | null): { sameSite: 'strict' | 'cross'; partition: string } {
    const httpUrl = url.replace(/^ws/, 'http');
    const partition = sender?.topLevelSite ?? siteOf(url);
    const isFirstParty = siteOf(httpUrl) === partition && (!sender || isSameSite(sender.url, httpUrl));
    return { sameSite: isFirstParty ? 'strict' : 'cross', partition };
  }
}
