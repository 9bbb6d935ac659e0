/**
 * @module
 * A session from the client's side, from POST to DELETE, over any transport. What it offers a program is left to `HttpSocket`
 * (WHATWG streams) and `HttpSocketDuplex` (Node).
 */
import { HttpSocketError } from '../errors.js';
import { Downloader } from './downloader.js';
import type { ConnectionOptions } from './options.js';
import { PlainPeer } from './plain-peer.js';
import { PollGate } from './poll-gate.js';
import { isFinal, Requester, type SocketAnswer } from './requester.js';
import { Uploader } from './uploader.js';

export interface ConnectionEvents {
  data(bytes: Uint8Array): void;
  /** The far end has ended its side, after its last byte. */
  end(): void;
  /** Called once, and last. Without error when both sides have ended, or after `close`. */
  close(error: HttpSocketError | null): void;
}

const defaults = {
  openTimeout: 15_000,
  retryTimeout: 30_000,
  maxUploads: 3,
  maxDownloads: 4,
  maxBufferedBytes: 1024 * 1024,
  maxAnswerBytes: 512 * 1024,
  pollTimeout: 25_000,
};

export class HttpSocketConnection {
  /** Resolves when the server has opened the session. */
  readonly opened: Promise<void>;
  readonly #options: ConnectionOptions & typeof defaults;
  readonly #events: ConnectionEvents;
  readonly #requester: Requester;
  #uploader: Uploader | null = null;
  #downloader: Downloader | null = null;
  #plain: PlainPeer | null = null;
  #isReadEnded = false;
  #isWriteEnded = false;
  #isPaused = false;
  #closed = false;
  #keepAlive: ReturnType<typeof setInterval> | undefined;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.#options = { ...defaults, ...given } as ConnectionOptions & typeof defaults;
    this.#events = events;
    this.#requester = new Requester(options.transport, options.url, options.headers ?? {});
    this.opened = this.#open();
    // Whoever does not wait for it hears of a failure by `close`.
    this.opened.catch(() => undefined);
  }

  get bufferedBytes(): number {
    return this.#uploader?.bufferedBytes ?? 0;
  }

  /** Resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.opened;
    this.#checkOpen();
    await (this.#uploader ?? this.#plain!).write(bytes);
  }

  /** Resolves when everything written has been received by the server, and the end. The other direction goes on. */
  async end(): Promise<void> {
    await this.opened;
    this.#checkOpen();
    await (this.#uploader ?? this.#plain!).end();
    this.#isWriteEnded = true;
    if (this.#plain !== null) this.#finish(null, {});
    else this.#closeWhenDone();
  }

  pauseReading(): void {
    this.#isPaused = true;
    (this.#downloader ?? this.#plain)?.pause();
  }

  resumeReading(): void {
    this.#isPaused = false;
    (this.#downloader ?? this.#plain)?.resume();
  }

  /** Ends both directions. What was written is received by the far end; what it still sends is not waited for. */
  close(): void {
    this.#downloader?.stop();
    const sent = this.opened.then(() => (this.#uploader ?? this.#plain)?.end());
    // A failure meanwhile has ended the socket and was told.
    sent.then(
      () => this.#finish(null, {}),
      () => undefined,
    );
  }

  /** Ends the session at once: the far end sees its connection reset. */
  abort(reason?: unknown): void {
    const error = new HttpSocketError('HTTP_SOCKET_ABORTED', 'The socket was aborted.', { cause: reason });
    this.#finish(error, { error: 'HTTP_SOCKET_ABORTED' });
  }

  async #open(): Promise<void> {
    const { openTimeout, signal } = this.#options;
    const deadline = Date.now() + openTimeout;
    if (signal?.aborted) this.abort(signal.reason);
    signal?.addEventListener('abort', () => this.abort(signal.reason), { once: true });
    while (!this.#closed) {
      try {
        // A POST may wait for the far end's connection; one that is repeated meanwhile gives the same session.
        const timeout = Math.max(1, deadline - Date.now());
        const answer = await this.#requester.send({ method: 'POST', fields: {}, timeout });
        if (!this.#closed) this.#start(answer);
        else if (answer.text('session') !== null) this.#bindAndDelete(answer);
        break;
      } catch (error) {
        const failure = error as HttpSocketError;
        this.#requester.backoff.failed(Date.now());
        const { pause } = this.#requester.backoff;
        if (isFinal(failure) || Date.now() + pause >= deadline) {
          this.#finish(failure, null);
          throw failure;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    if (this.#closed) throw new HttpSocketError('HTTP_SOCKET_ABORTED', 'The socket was closed before it was open.');
  }

  #start(answer: SocketAnswer): void {
    const session = answer.text('session');
    if (answer.status !== 201 || session === null) {
      throw new HttpSocketError(
        'HTTP_SOCKET_INVALID_ANSWER',
        `Failed to open a session: the answer (${answer.status}) names none.`,
        {
          status: answer.status,
          field: 'X-Session',
        },
      );
    }
    const window = answer.count('window');
    const knowsOffsets = answer.count('offset') === 0 && window !== null && answer.text('request') !== null;
    this.#requester.bind(session, knowsOffsets);
    this.#requester.backoff.succeeded();
    this.#requester.roundTrip.measured(answer.milliseconds);
    if (knowsOffsets) this.#startSides(answer, window);
    else this.#startPlain();
  }

  #startSides(answer: SocketAnswer, window: number): void {
    const options = this.#options;
    const hold = (answer.count('wait') ?? 25) * 1000;
    const failed = (error: HttpSocketError): boolean => this.#failed(error);
    const remoteFailed = (error: HttpSocketError): void => {
      this.#uploader?.stop(error);
      // What the far end sent before is still to be received; then its GET tells the same.
      if (this.#downloader?.isOver !== false) this.#finish(error, {});
    };
    this.#uploader = new Uploader(
      this.#requester,
      {
        window,
        maxBody: answer.count('maxBody') ?? 65_536,
        hold,
        maxRequests: options.maxUploads,
        maxBufferedBytes: options.maxBufferedBytes,
      },
      { failed, succeeded: (answer) => this.#succeeded(answer), remoteFailed },
    );
    this.#downloader = new Downloader(
      this.#requester,
      {
        maxRequests: options.maxDownloads,
        maxAnswerBytes: options.maxAnswerBytes,
        wait: Math.max(1, Math.floor(Math.min(options.pollTimeout, hold) / 1000)),
        gate: options.gate ?? new PollGate(options.maxDownloads),
      },
      {
        data: (bytes) => this.#events.data(bytes),
        end: () => {
          this.#isReadEnded = true;
          this.#events.end();
          this.#closeWhenDone();
        },
        remoteFailed,
        failed,
        succeeded: (answer) => this.#succeeded(answer),
      },
    );
    if (this.#isPaused) this.#downloader.pause();
    this.#downloader.start();
    const idle = (answer.count('idle') ?? 60) * 1000;
    this.#keepAlive = setInterval(() => {
      const isQuiet = Date.now() - this.#requester.lastRequestTime >= idle / 3 && this.#downloader?.isWaiting === false;
      if (isQuiet) this.#uploader?.touch();
    }, idle / 6);
  }

  #startPlain(): void {
    this.#plain = new PlainPeer(this.#requester, {
      data: (bytes) => this.#events.data(bytes),
      end: () => {
        this.#isReadEnded = true;
        this.#events.end();
        this.#closeWhenDone();
      },
      failed: (error) => this.#finish(error, { error: 'HTTP_SOCKET_ABORTED' }),
    });
    if (this.#isPaused) this.#plain.pause();
    this.#plain.start();
  }

  #succeeded(answer: SocketAnswer): void {
    this.#requester.backoff.succeeded();
    this.#downloader?.noticeAvailable(answer.count('available') ?? 0);
  }

  #failed(error: HttpSocketError): boolean {
    if (this.#closed) return false;
    const now = Date.now();
    this.#requester.backoff.failed(now);
    if (!isFinal(error) && this.#requester.backoff.failingFor(now) < this.#options.retryTimeout) return true;
    this.#finish(error, {});
    return false;
  }

  #closeWhenDone(): void {
    if (this.#isReadEnded && this.#isWriteEnded) this.#finish(null, {});
  }

  #checkOpen(): void {
    if (this.#closed) throw new HttpSocketError('HTTP_SOCKET_ABORTED', 'The socket is closed.');
  }

  /** @param farewell fields of the DELETE; null when there is no session to delete */
  #finish(error: HttpSocketError | null, farewell: { error?: string } | null): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#keepAlive);
    this.#downloader?.stop();
    this.#plain?.stop();
    this.#uploader?.stop(error ?? new HttpSocketError('HTTP_SOCKET_ABORTED', 'The socket is closed.'));
    // GETs that wait would hold connections until their time is over. A POST goes on: its answer names what is to be deleted.
    if ((this.#uploader ?? this.#plain) !== null) this.#requester.abortAll();
    if (
      farewell !== null &&
      (this.#uploader ?? this.#plain) !== null &&
      error?.code !== 'HTTP_SOCKET_UNKNOWN_SESSION'
    ) {
      void this.#delete(farewell);
    }
    this.#events.close(error);
  }

  #bindAndDelete(answer: SocketAnswer): void {
    this.#requester.bind(answer.text('session')!, false);
    void this.#delete({ error: 'HTTP_SOCKET_ABORTED' });
  }

  /** The server's idle timeout does the same later, so a few attempts are enough. */
  async #delete(fields: { error?: string }): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        await this.#requester.send({ method: 'DELETE', fields, timeout: 5000 });
        return;
      } catch (error) {
        if (isFinal(error as HttpSocketError)) return;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
      }
    }
  }
}
