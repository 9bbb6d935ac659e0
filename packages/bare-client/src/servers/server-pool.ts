/**
 * @module
 * The Bare servers of a client, and the order to try them in.
 */
import type { BareClientOptions, BareServerOption } from '../options.js';
import { locateServers } from '../server-location.js';
import { BareServer } from './bare-server.js';

export class ServerPool {
  readonly #option: BareServerOption;
  readonly #options: BareClientOptions;
  /** By URL, so that what was learnt about one is kept. */
  readonly #servers = new Map<string, BareServer>();

  constructor(option: BareServerOption, options: BareClientOptions) {
    this.#option = option;
    this.#options = options;
  }

  /**
   * Each server once: as listed, but those that failed lately at the end. A function is asked again when all that it gave are used up.
   *
   * @throws BareError IMPL_INVALID_SERVER
   */
  async *candidates(remote: URL): AsyncGenerator<BareServer, void> {
    const tried = new Set<string>();
    do {
      const urls = await locateServers(this.#option, remote, tried.size);
      const servers = [...new Set(urls)].filter((url) => !tried.has(url)).map((url) => this.#get(url));
      if (servers.length === 0) return;
      // Sorting is stable.
      servers.sort((a, b) => Number(a.isResting) - Number(b.isResting));
      for (const server of servers) {
        tried.add(server.url);
        yield server;
      }
    } while (typeof this.#option === 'function');
  }

  #get(url: string): BareServer {
    let server = this.#servers.get(url);
    if (server === undefined) {
      server = new BareServer(url, this.#options);
      this.#servers.set(url, server);
    }
    return server;
  }
}
