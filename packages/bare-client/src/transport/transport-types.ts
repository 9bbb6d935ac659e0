/**
 * @module
 * The two published transport interfaces, as far as they are types: bare-mux's `BareTransport` (headers in an object) and
 * proxy-transports' `ProxyTransport` (headers in pairs).
 */

/** bare-mux. */
export type TransportHeaderRecord = Record<string, string | string[]>;
/** proxy-transports. */
export type TransportHeaderPairs = [name: string, value: string][];
export type TransportHeaders = TransportHeaderRecord | TransportHeaderPairs;

export type TransportSocketData = Blob | ArrayBuffer | string;

export interface TransportResponse<H extends TransportHeaders = TransportHeaders> {
  body: ReadableStream | ArrayBuffer | Blob | string;
  headers: H;
  status: number;
  statusText: string;
}

export type TransportSocket = [
  send: (data: TransportSocketData) => void,
  close: (code?: number, reason?: string) => void,
];

interface Transport<H extends TransportHeaders> {
  ready: boolean;
  init(): Promise<void>;
  request(
    remote: URL,
    method: string,
    body: BodyInit | null,
    headers: H,
    signal: AbortSignal | undefined,
  ): Promise<TransportResponse<H>>;
  connect(
    url: URL,
    protocols: string[],
    requestHeaders: H,
    onopen: (protocol: string, extensions: string) => void,
    onmessage: (data: TransportSocketData) => void,
    onclose: (code: number, reason: string) => void,
    onerror: (error: string) => void,
  ): TransportSocket;
}

export interface BareMuxTransport extends Transport<TransportHeaderRecord> {
  meta(): object;
}

export type ProxyTransport = Transport<TransportHeaderPairs>;
