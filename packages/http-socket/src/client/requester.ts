/**
 * @module
 * Makes the session's requests: adds what names and proves the session and what defeats caches, judges answers, and measures.
 * Whether to try again is the caller's matter; `isFinal` tells which errors make that pointless.
 */
import { HttpSocketError, isRefusalCode, refusalStatuses, type HttpSocketRefusalCode } from '../errors.js';
import { headerNames, parseCount, parseErrorMessage } from '../wire/header-names.js';
import { Backoff, RoundTrip } from './pace.js';
import type { HttpAnswer, HttpRequest, HttpTransport } from './transport.js';

export type SocketHeader = keyof typeof headerNames;

export interface SocketRequest {
  method: HttpRequest['method'];
  fields: Partial<Record<SocketHeader, string | number>>;
  body?: Uint8Array;
  /** Milliseconds until it is given up. */
  timeout: number;
  /** Gives it up earlier. */
  signal?: AbortSignal;
}

export interface SocketAnswer {
  body: Uint8Array;
  milliseconds: number;
  status: number;
  text(field: SocketHeader): string | null;
  count(field: SocketHeader): number | null;
}

/** Refusals that pass by themselves. */
const passingCodes: readonly HttpSocketRefusalCode[] = [
  'HTTP_SOCKET_TOO_MANY_REQUESTS',
  'HTTP_SOCKET_TOO_MANY_SESSIONS',
  'HTTP_SOCKET_SHUTTING_DOWN',
];
const maxAnswerBytes = 4 * 1024 * 1024;

export class Requester {
  readonly roundTrip = new RoundTrip();
  readonly backoff = new Backoff();
  readonly #transport: HttpTransport;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #key = randomHex(32);
  readonly #prefix = randomHex(6);
  readonly #running = new Set<AbortController>();
  #count = 0;
  #session: string | null = null;
  /** A server that repeats `X-Request` does so in every answer. */
  #isRequestRepeated = false;
  lastRequestTime = 0;

  constructor(transport: HttpTransport, url: string, headers: Record<string, string>) {
    this.#transport = transport;
    this.#url = url;
    this.#headers = headers;
  }

  /** The server answers as this protocol's with offsets does, not only as the seed's. */
  get knowsOffsets(): boolean {
    return this.#isRequestRepeated;
  }

  bind(session: string, isRequestRepeated: boolean): void {
    this.#session = session;
    this.#isRequestRepeated = isRequestRepeated;
  }

  /** Rejects with an HttpSocketError. */
  async send({ method, fields, body, timeout, signal }: SocketRequest): Promise<SocketAnswer> {
    const nonce = `${this.#prefix}${(this.#count++).toString(36)}`;
    const headers: Record<string, string> = {
      ...this.#headers,
      [headerNames.sessionKey]: this.#key,
      [headerNames.request]: nonce,
    };
    if (this.#session !== null) headers[headerNames.session] = this.#session;
    for (const [field, value] of Object.entries(fields)) headers[headerNames[field as SocketHeader]] = String(value);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeout);
    signal?.addEventListener('abort', () => controller.abort());
    if (signal?.aborted) controller.abort();
    const started = Date.now();
    this.#running.add(controller);
    this.lastRequestTime = started;
    let answer: HttpAnswer;
    try {
      const url = `${this.#url}${this.#url.includes('?') ? '&' : '?'}_=${nonce}`;
      answer = await this.#transport({
        method,
        url,
        headers,
        body: body ?? null,
        maxAnswerBytes,
        signal: controller.signal,
      });
    } catch (cause) {
      const reason = controller.signal.aborted ? `no answer in ${Date.now() - started} ms` : describe(cause);
      throw new HttpSocketError('HTTP_SOCKET_UNREACHABLE', `Failed to ${method} ${this.#url}: ${reason}.`, { cause });
    } finally {
      clearTimeout(timer);
      this.#running.delete(controller);
    }
    this.#judge(method, nonce, answer);
    return {
      body: answer.body,
      milliseconds: Date.now() - started,
      status: answer.status,
      text: (field) => answer.header(headerNames[field]),
      count: (field) => parseCount(answer.header(headerNames[field])),
    };
  }

  abortAll(): void {
    for (const controller of this.#running) controller.abort();
  }

  #judge(method: string, nonce: string, answer: HttpAnswer): void {
    const { status } = answer;
    const code = answer.header(headerNames.error);
    if (status >= 400 && code !== null && isRefusalCode(code)) {
      throw new HttpSocketError(code, parseErrorMessage(answer.header(headerNames.errorMessage)) || code, { status });
    }
    // A server tells the end of the stream so to clients that know no offsets.
    const isPlainEnd = status === 410 && method === 'GET' && !this.knowsOffsets;
    if (status >= 400 && !isPlainEnd) {
      const isSessionLost = (status === 404 || status === 410) && method !== 'POST';
      throw new HttpSocketError(
        isSessionLost ? 'HTTP_SOCKET_UNKNOWN_SESSION' : 'HTTP_SOCKET_INVALID_ANSWER',
        `Failed to ${method} ${this.#url}: the answer is ${status}.`,
        { status },
      );
    }
    const isRedirect = status < 200 || (status >= 300 && !isPlainEnd);
    if (isRedirect || (this.#isRequestRepeated && answer.header(headerNames.request) !== nonce)) {
      throw new HttpSocketError(
        'HTTP_SOCKET_INVALID_ANSWER',
        `Failed to ${method} ${this.#url}: the answer (${status}) is not to this request.`,
        { status, field: headerNames.request },
      );
    }
  }
}

/** Trying again would give the same. */
export function isFinal(error: HttpSocketError): boolean {
  if (isRefusalCode(error.code)) {
    // Too long for a proxy on the way, perhaps: a shorter body may pass.
    return (
      error.code !== 'HTTP_SOCKET_TOO_LARGE' && !passingCodes.includes(error.code) && error.code in refusalStatuses
    );
  }
  const { status } = error;
  return status !== undefined && status >= 400 && status < 500 && ![408, 413, 425, 429].includes(status);
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
