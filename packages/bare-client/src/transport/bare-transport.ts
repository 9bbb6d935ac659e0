/**
 * @module
 * The client as a transport: for bare-mux (`setTransport` imports this module and takes its default export) and for what takes a
 * `ProxyTransport`. Which of the two is asking is seen by the shape of its headers, and is answered in the same.
 */
import type { BareHeaders, HeaderPair } from '@culvert/bare-protocol';
import { BareClient } from '../bare-client.js';
import { hasHeader } from '../header-pairs.js';
import type { BareClientOptions, BareServerOption } from '../options.js';
import type { RemoteChannel } from '../remote-channel.js';
import { BareServerChannel } from '../servers/bare-server-channel.js';
import type { BareSocket } from '../socket/bare-socket.js';
import { toSocketHeaders } from '../socket/handshake-headers.js';
import { toPairs, toRecord } from './transport-headers.js';
import type { TransportHeaders, TransportResponse, TransportSocket, TransportSocketData } from './transport-types.js';

const defaultConnectTimeout = 30_000;

/**
 * @example
 * await new BareMuxConnection('/baremux/worker.js').setTransport('/transport.js', ['https://bare.example/']);
 * @example
 * new Controller({ serviceworker, transport: new BareTransport('https://bare.example/') });
 */
export class BareTransport {
  /** There is nothing to wait for: the server's manifest is read when it is first needed. */
  ready = true;
  readonly #client: BareClient;
  readonly #channel: RemoteChannel;
  readonly #connectTimeout: number;

  constructor(server: BareServerOption, options: BareClientOptions = {}) {
    this.#channel = new BareServerChannel(server, options);
    this.#client = new BareClient(this.#channel, options);
    this.#connectTimeout = options.connectTimeout ?? defaultConnectTimeout;
  }

  async init(): Promise<void> {
    this.ready = true;
  }

  /** bare-mux's way to show what it has. */
  meta(): object {
    return {};
  }

  /** One request. Redirects are left to whoever uses the transport. */
  async request<H extends TransportHeaders>(
    remote: URL,
    method: string,
    body: BodyInit | null,
    headers: H,
    signal?: AbortSignal | null,
  ): Promise<TransportResponse<H>> {
    const canHaveBody = !/^(?:GET|HEAD)$/i.test(method);
    const isStream = typeof (body as ReadableStream | null)?.getReader === 'function';
    const response = await this.#client.fetch(new URL(remote), {
      method,
      headers: toPairs(headers),
      body: canHaveBody ? body : null,
      redirect: 'manual',
      signal: signal ?? null,
      ...(isStream && { duplex: 'half' }),
    });
    return {
      body: response.body ?? new ArrayBuffer(0),
      headers: (Array.isArray(headers) ? response.rawHeaders : toRecord(response.rawHeaders)) as H,
      status: response.status,
      statusText: response.statusText,
    };
  }

  connect(url: URL, ...rest: ConnectArguments | [origin: string, ...ConnectArguments]): TransportSocket {
    // bare-mux 1 names the page's origin before the subprotocols.
    const parameters = (typeof rest[0] === 'string' ? rest.slice(1) : rest) as ConnectArguments;
    const [protocols, headers, onopen, onmessage, onclose, onerror] = parameters;
    const remote = new URL(url);
    remote.protocol = remote.protocol.replace('http', 'ws');
    let socket: BareSocket | null = null;
    let isOpen = false;
    let isDone = false;
    const finish = (code: number, reason: string, error?: string): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      if (error !== undefined) onerror(error);
      onclose(code, reason);
    };
    const timer =
      this.#connectTimeout > 0
        ? setTimeout(() => {
            finish(
              1006,
              '',
              `Failed to connect to ${remote.href}: it was not open within ${this.#connectTimeout / 1000} s.`,
            );
            socket?.close();
          }, this.#connectTimeout)
        : undefined;
    try {
      const request = { url: remote, protocols: [...protocols], headers: requiredHeaders(remote, toPairs(headers)) };
      socket = this.#channel.connect(request, {
        open(protocol) {
          if (isDone) return;
          isOpen = true;
          clearTimeout(timer);
          onopen(protocol, socket?.extensions ?? '');
        },
        message: (data) => {
          if (!isDone) onmessage(data);
        },
        error: (message) => finish(1006, '', message),
        close: (code, reason) => finish(code, reason),
      });
    } catch (error) {
      // As with a refusal, the caller learns it from the handlers, once it has what this returns.
      queueMicrotask(() => finish(1006, '', (error as Error).message));
    }
    return [
      (data) => {
        if (isOpen && !isDone) socket?.send(data);
      },
      (code, reason) => {
        if (isDone) return;
        if (!isOpen) queueMicrotask(() => finish(1006, ''));
        // Codes that only an endpoint may use come from bridges that hand on what they were told.
        const isSendable = code === 1000 || (code !== undefined && code >= 3000 && code <= 4999);
        socket?.close(isSendable ? code : undefined, isSendable ? reason : undefined);
      },
    ];
  }
}

/** What no handshake can do without, in front where the caller has it not. Nothing else is added: the caller is the browser here. */
function requiredHeaders(remote: URL, pairs: HeaderPair[]): BareHeaders {
  const required: HeaderPair[] = [
    ['Host', remote.host],
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
  ];
  return toSocketHeaders(remote, [...required.filter(([name]) => !hasHeader(pairs, name.toLowerCase())), ...pairs]);
}

type ConnectArguments = [
  protocols: string[],
  requestHeaders: TransportHeaders,
  onopen: (protocol: string, extensions: string) => void,
  onmessage: (data: TransportSocketData) => void,
  onclose: (code: number, reason: string) => void,
  onerror: (error: string) => void,
];

export { BareTransport as default };
