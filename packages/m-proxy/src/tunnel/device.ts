/**
 * @module
 * The device: keeps a tunnel to a relay, shows its tokens, and hands each client to what is exposed. It connects again
 * for as long as it is not closed, refused or replaced.
 */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { MProxyError, type ControlError } from '../index.js';
import { fromWire } from './command-channel.js';
import { deliver, type Exposure } from './exposure.js';
import { completeNumbers, completeTunnelOptions, type TunnelOptions } from './options.js';
import type { Registered } from './registration.js';
import { openRelayConnection, type RelayConnectionOptions } from './relay-connection.js';
import { Tunnel } from './tunnel.js';
import type { TunnelSocket } from './tunnel-socket.js';

interface ReconnectTimes {
  /** The first pause before connecting again; each one after it is twice as long, give or take a quarter. */
  minReconnectDelay: number;
  maxReconnectDelay: number;
  /** How long connecting, hello and registering may take. */
  connectTimeout: number;
}

export interface DeviceOptions extends Partial<TunnelOptions>, Partial<ReconnectTimes> {
  /** The relay's URL, or what opens a stream to it. */
  relay: string | URL | (() => Duplex | Promise<Duplex>);
  tokens: readonly string[];
  expose: readonly Exposure[];
  tls?: RelayConnectionOptions['tls'];
}

export interface DeviceEvents {
  online: [registered: Registered[]];
  /** The tunnel, or an attempt at one, is gone; another follows. */
  offline: [error: MProxyError | null];
  client: [client: TunnelSocket];
  /** A client that nothing is exposed for. */
  refused: [error: MProxyError];
  /** The relay does not want this device: no further attempt. */
  failed: [error: MProxyError];
  notice: [error: ControlError];
}

const defaultTimes: ReconnectTimes = { minReconnectDelay: 500, maxReconnectDelay: 30_000, connectTimeout: 10_000 };

/** What a further attempt would not change. */
const finalCodes: ReadonlySet<string> = new Set(['M_PROXY_BAD_TOKEN', 'M_PROXY_REPLACED', 'M_PROXY_BAD_OPTION']);

/** @throws MProxyError M_PROXY_BAD_OPTION */
export function createDevice(options: DeviceOptions): Device {
  return new Device(options);
}

export class Device extends EventEmitter<DeviceEvents> {
  #tunnel: Tunnel | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;
  #state: 'idle' | 'running' | 'over' = 'idle';
  /** What each token had, to be asked for again. */
  #registered = new Map<string, Registered>();
  #connection: Duplex | undefined;
  /** The last error that the relay has told in this tunnel. */
  #notice: MProxyError | undefined;
  readonly #options: DeviceOptions & TunnelOptions & ReconnectTimes;

  constructor(options: DeviceOptions) {
    super();
    this.#options = { ...options, ...completeTunnelOptions(options), ...completeNumbers(defaultTimes, options) };
  }

  /** What is registered now; empty while there is no tunnel. */
  get registered(): Registered[] {
    return this.#tunnel ? [...this.#registered.values()] : [];
  }

  /**
   * Connects, and goes on connecting.
   * @returns what is registered, once it is for the first time.
   * @throws MProxyError when the relay refuses the device, or it is closed before
   */
  start(): Promise<Registered[]> {
    if (this.#state !== 'idle') {
      return Promise.reject(new MProxyError('M_PROXY_CLOSED', 'Failed to start a device: it was started before.'));
    }
    this.#state = 'running';
    return new Promise((resolve, reject) => {
      const settle = () => this.off('online', online).off('failed', failed);
      const online = (registered: Registered[]) => {
        settle();
        resolve(registered);
      };
      const failed = (error: MProxyError) => {
        settle();
        reject(error);
      };
      this.on('online', online).on('failed', failed);
      void this.#connect();
    });
  }

  close(): void {
    if (this.#state === 'over') {
      return;
    }
    const wasOnline = this.#tunnel !== undefined;
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#tunnel?.close();
    this.#connection?.destroy();
    if (!wasOnline) {
      this.emit('failed', new MProxyError('M_PROXY_CLOSED', 'The device was closed before it was registered.'));
    }
  }

  async #connect(): Promise<void> {
    const { connectTimeout } = this.#options;
    const timer = setTimeout(() => {
      this.#connection?.destroy(new MProxyError('M_PROXY_REQUEST_TIMEOUT', `No tunnel in ${connectTimeout} ms.`));
    }, connectTimeout);
    let failure: MProxyError | null;
    try {
      const stream = await this.#open();
      const { tunnel, lost } = this.#createTunnel(stream);
      try {
        const registered = await this.#register(tunnel);
        clearTimeout(timer);
        this.#tunnel = tunnel;
        this.#attempts = 0;
        this.emit('online', registered);
        failure = await lost;
      } catch (error) {
        tunnel.close();
        // Why the relay has ended the tunnel says more than that a command was not answered.
        failure = this.#notice ?? (error as MProxyError);
      }
    } catch (cause) {
      failure = cause instanceof MProxyError ? cause : unreachable(cause);
    }
    clearTimeout(timer);
    this.#tunnel = undefined;
    this.#connection = undefined;
    this.#goOn(failure);
  }

  async #open(): Promise<Duplex> {
    const { relay } = this.#options;
    const stream = typeof relay === 'function' ? await relay() : openRelayConnection(new URL(relay), this.#options);
    if (this.#state === 'over') {
      stream.on('error', () => {
        // Closed while it was being opened.
      });
      stream.destroy();
      throw new MProxyError('M_PROXY_CLOSED', 'The device was closed.');
    }
    this.#connection = stream;
    return stream;
  }

  #createTunnel(stream: Duplex): { tunnel: Tunnel; lost: Promise<MProxyError | null> } {
    this.#notice = undefined;
    let settle: (error: MProxyError | null) => void;
    const lost = new Promise<MProxyError | null>((resolve) => (settle = resolve));
    const tunnel = new Tunnel(
      stream,
      {
        command: serve,
        notice: (error) => {
          this.#notice = fromWire(error);
          this.emit('notice', error);
        },
        connection: (client) => this.#takeClient(client),
        close: (error) => settle(this.#notice ?? error),
      },
      this.#options,
    );
    return { tunnel, lost };
  }

  async #register(tunnel: Tunnel): Promise<Registered[]> {
    const all: Registered[] = [];
    for (const token of this.#options.tokens) {
      const before = this.#registered.get(token);
      const wish = before && { session: before.session, ports: before.ports.map(({ port }) => port) };
      const registered = parseRegistered(await tunnel.request('add_token', token, ...(wish ? [wish] : [])));
      this.#registered.set(token, registered);
      all.push(registered);
    }
    return all;
  }

  #takeClient(client: TunnelSocket): void {
    try {
      deliver(client, this.#options.expose);
    } catch (error) {
      if (error instanceof MProxyError) {
        this.emit('refused', error);
      }
      throw error;
    }
    this.emit('client', client);
  }

  #goOn(error: MProxyError | null): void {
    if (this.#state === 'over') {
      return;
    }
    if (error && finalCodes.has(error.code)) {
      this.#state = 'over';
      this.emit('failed', error);
      return;
    }
    this.emit('offline', error);
    const { minReconnectDelay, maxReconnectDelay } = this.#options;
    const delay = Math.min(maxReconnectDelay, minReconnectDelay * 2 ** this.#attempts++);
    // Spread, so that the devices of a relay that was restarted do not all come at once.
    this.#timer = setTimeout(() => void this.#connect(), delay * (0.75 + Math.random() / 2));
  }
}

/** What a relay may ask of a device. */
function serve(command: string): unknown {
  if (command === 'hello') {
    return ['ping'];
  }
  throw new MProxyError('M_PROXY_UNKNOWN_COMMAND', `Failed to carry out ${JSON.stringify(command)}.`);
}

function unreachable(cause: unknown): MProxyError {
  return new MProxyError('M_PROXY_CLOSED', 'Failed to reach the relay: its stream could not be opened.', { cause });
}

/** A relay's answer; what is missing in it counts as none. */
function parseRegistered(result: unknown): Registered {
  const { device, session, names, ports } = (result ?? {}) as Record<string, unknown>;
  return {
    device: String(device ?? ''),
    session: String(session ?? ''),
    names: Array.isArray(names) ? names.map(String) : [],
    ports: Array.isArray(ports)
      ? ports.map((each: { port?: unknown; service?: unknown } | null) => ({
          port: Number(each?.port),
          service: String(each?.service ?? ''),
        }))
      : [],
  };
}
