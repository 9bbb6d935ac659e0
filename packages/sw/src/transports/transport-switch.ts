/**
 * @module
 * Which way the worker's requests take: the Bare servers, or a transport from the options. A page may choose another one while
 * the worker runs; the choice is stored, since a worker is stopped and started at any time.
 */
import { BareClient, type BareServerOption, type RemoteChannel } from '@culvert/bare-client';
import { fromTransport, type BareMuxTransport, type ProxyTransport } from '@culvert/bare-client/transport';
import { ServiceWorkerError } from '../errors.js';
import type { BareFetcher } from '../fetch/fetch-context.js';
import { StoredValue, type Persistence } from '../storage/stored-value.js';
import { fetchRemembering } from './native-bodies.js';

export type Transport = BareMuxTransport | ProxyTransport;
/** Makes a transport when it is first needed after a start of the worker. `options` are those of the page that chose it. */
export type TransportFactory = (options?: unknown) => Transport | Promise<Transport>;

/** The name of what needs no transport. */
export const bareTransport = 'bare';

export interface TransportChoice {
  name: string;
  options?: unknown;
}

export interface TransportOptions {
  bareServer: BareServerOption;
  /** In force until a page chooses: a name, or a transport that has none. */
  transport: string | Transport | TransportFactory;
  transports: Readonly<Record<string, TransportFactory>>;
}

interface Way {
  client: BareClient;
  /** Null for the Bare servers, which pages reach without the worker. */
  channel: RemoteChannel | null;
}

export class TransportSwitch implements BareFetcher {
  readonly #options: TransportOptions;
  readonly #stored: StoredValue<TransportChoice | null>;
  #choice: TransportChoice | null = null;
  #way: Promise<Way> | null = null;
  readonly #loaded: Promise<void>;

  constructor(options: TransportOptions, persistence: Persistence<TransportChoice | null>) {
    this.#options = options;
    this.#stored = new StoredValue(persistence, () => this.#choice, { delay: 0 });
    // Where there is nothing to choose from, no request has to wait for the database.
    const isChosen = Object.keys(options.transports).length > 0;
    this.#loaded = isChosen ? this.#load() : Promise.resolve();
  }

  async fetch(...request: Parameters<BareFetcher['fetch']>): ReturnType<BareFetcher['fetch']> {
    const { client } = await this.#current();
    return client.fetch(...request);
  }

  /** Known at once: a page whose socket waits for a transport must not take it for none. */
  async usesTransport(): Promise<boolean> {
    await this.#loaded;
    return (this.#choice?.name ?? this.#options.transport) !== bareTransport;
  }

  /** What sockets of pages have to go through, or null if they reach the Bare server themselves. */
  async socketChannel(): Promise<RemoteChannel | null> {
    return (await this.#current()).channel;
  }

  /**
   * The next request takes it; those under way stay where they are.
   *
   * @throws ServiceWorkerError SW_TRANSPORT_FAILED, and all stays as it was
   */
  async choose(choice: TransportChoice): Promise<void> {
    await this.#loaded;
    const way = await this.#make(choice);
    this.#way = Promise.resolve(way);
    this.#choice = choice;
    await this.#stored.save();
  }

  async #load(): Promise<void> {
    this.#choice ??= (await this.#stored.load()) ?? null;
  }

  async #current(): Promise<Way> {
    await this.#loaded;
    const making = (this.#way ??= this.#make(this.#choice));
    try {
      return await making;
    } catch (error) {
      // The next request tries again: its server may only have been away.
      if (this.#way === making) this.#way = null;
      throw error;
    }
  }

  async #make(choice: TransportChoice | null): Promise<Way> {
    const { transport, transports, bareServer } = this.#options;
    const wanted = choice?.name ?? transport;
    if (wanted === bareTransport) {
      return { client: new BareClient(bareServer, { fetch: fetchRemembering }), channel: null };
    }
    if (typeof wanted === 'string' && !Object.hasOwn(transports, wanted)) {
      const known = [bareTransport, ...Object.keys(transports)].join(', ');
      throw failed(wanted, `there is no such transport. There are ${known}: add it to \`transports\` in the options.`);
    }
    const make = typeof wanted === 'string' ? transports[wanted]! : wanted;
    try {
      const made = typeof make === 'function' ? await make(choice?.options) : make;
      const channel = fromTransport(made);
      return { client: new BareClient(channel), channel };
    } catch (cause) {
      const name = typeof wanted === 'string' ? wanted : 'of the options';
      throw failed(name, `${cause instanceof Error ? cause.message : String(cause)} Look at its options.`, cause);
    }
  }
}

function failed(name: string, reason: string, cause?: unknown): ServiceWorkerError {
  return new ServiceWorkerError('SW_TRANSPORT_FAILED', `Failed to start the transport ${name}: ${reason}`, { cause });
}
