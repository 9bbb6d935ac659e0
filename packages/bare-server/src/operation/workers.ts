/**
 * @module
 * Several processes on one port (node:cluster). The primary process serves nothing: it keeps what v1 and v2 have to remember between
 * requests, which may reach different workers, adds up metrics, and replaces workers that die.
 *
 * Limits for each client are counted by each worker.
 */
import cluster, { type Worker } from 'node:cluster';
import { MemoryMetaStore, type MetaStore } from '../bare/v1-v2/meta-store.js';
import { BareServerError } from '../errors.js';
import { sumMetrics } from './metrics.js';
import { isOurs, type ToPrimary, type ToWorker } from './worker-messages.js';

/** What a worker's server has to be made with. */
export interface WorkerContext {
  metaStore: MetaStore;
  collectMetrics: (own: () => string) => Promise<string>;
}

export interface WorkerServer {
  /** Of this worker alone. */
  metrics(): string;
  /** Drains and closes; the process ends after it. */
  close(): Promise<void>;
}

export interface WorkersOptions {
  count: number;
  /** Called in each worker. */
  start(context: WorkerContext): Promise<WorkerServer>;
  /** Milliseconds that workers have to close; then they are killed. 30 s by default. */
  closeTimeout?: number;
  /** Milliseconds before a worker that died is replaced; 1 s by default. */
  restartDelay?: number;
  /** Told in the primary when a worker dies. */
  onWorkerDeath?: (message: string) => void;
}

/**
 * To be called in the same way by the primary process and, as the same program runs in them, by the workers.
 *
 * @returns in the primary, when all workers serve; a worker's promise stays pending, because its process ends by itself
 * @throws BareServerError when the first workers cannot start
 */
export function runWorkers(options: WorkersOptions): Promise<{ close(): Promise<void> }> {
  if (!Number.isInteger(options.count) || options.count < 1) {
    throw new BareServerError(
      'BARE_SERVER_BAD_LIMIT',
      `Failed to run ${options.count} workers: it takes at least one.`,
    );
  }
  return cluster.isPrimary ? new Primary(options).start() : serveAsWorker(options);
}

/** How long a worker has to tell its metrics, in milliseconds; a busy one is left out. */
const reportTimeout = 1_000;

class Primary {
  readonly #options: WorkersOptions;
  readonly #store = new MemoryMetaStore();
  readonly #workers = new Set<Worker>();
  readonly #rounds = new Map<number, (text: string, worker: Worker) => void>();
  #lastRound = 0;
  #isClosing = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  async start(): Promise<{ close(): Promise<void> }> {
    try {
      await Promise.all(Array.from({ length: this.#options.count }, () => this.#fork()));
    } catch (error) {
      await this.#close();
      throw error;
    }
    return { close: () => this.#close() };
  }

  #fork(): Promise<void> {
    const worker = cluster.fork();
    this.#workers.add(worker);
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void =>
        reject(new BareServerError('BARE_SERVER_WORKER_FAILED', `Failed to start a worker: ${reason}`));
      let isReady = false;
      worker.on('message', (message: unknown) => {
        if (!isOurs<ToPrimary>(message)) return;
        if (message.culvert === 'ready') {
          isReady = true;
          resolve();
        } else if (message.culvert === 'failed') fail(message.message);
        else this.#receive(worker, message);
      });
      worker.once('exit', (code, signal) => {
        this.#workers.delete(worker);
        fail(`it ended with ${signal ?? `code ${code}`}.`);
        if (this.#isClosing || !isReady) return;
        this.#options.onWorkerDeath?.(
          `Worker ${worker.process.pid} ended with ${signal ?? `code ${code}`}; another takes its place.`,
        );
        this.#replace();
      });
    });
  }

  #replace(): void {
    setTimeout(() => {
      if (this.#isClosing) return;
      this.#fork().catch((error: unknown) => {
        this.#options.onWorkerDeath?.(String(error));
        if (!this.#isClosing) this.#replace();
      });
    }, this.#options.restartDelay ?? 1_000);
  }

  #receive(worker: Worker, message: ToPrimary): void {
    const answer = (id: number, value: string | null): void => send(worker, { culvert: 'answer', id, value });
    if (message.culvert === 'set') {
      this.#store.set(message.key, message.value, message.lifetime);
      answer(message.id, null);
    } else if (message.culvert === 'take') {
      answer(message.id, this.#store.take(message.key));
    } else if (message.culvert === 'collect') {
      void this.#collect().then((text) => answer(message.id, text));
    } else if (message.culvert === 'reported') {
      this.#rounds.get(message.round)?.(message.text, worker);
    }
  }

  /** Asks all workers for their metrics. */
  #collect(): Promise<string> {
    const round = ++this.#lastRound;
    const waiting = new Set(this.#workers);
    const texts: string[] = [];
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#rounds.delete(round);
        resolve(sumMetrics(texts));
      };
      const timer = setTimeout(done, reportTimeout);
      this.#rounds.set(round, (text, worker) => {
        texts.push(text);
        waiting.delete(worker);
        if (waiting.size === 0) done();
      });
      for (const worker of waiting) send(worker, { culvert: 'report', round });
    });
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    const timers: NodeJS.Timeout[] = [];
    const ends = [...this.#workers].map((worker) => {
      timers.push(setTimeout(() => worker.process.kill('SIGKILL'), this.#options.closeTimeout ?? 30_000));
      send(worker, { culvert: 'close' });
      return new Promise((resolve) => worker.once('exit', resolve));
    });
    await Promise.all(ends);
    for (const timer of timers) clearTimeout(timer);
  }
}

function serveAsWorker({ start }: WorkersOptions): Promise<never> {
  const questions = new Map<number, (value: string | null) => void>();
  let lastId = 0;
  const ask = (question: (id: number) => ToPrimary): Promise<string | null> =>
    new Promise((resolve) => {
      const id = ++lastId;
      questions.set(id, resolve);
      tell(question(id));
    });
  const context: WorkerContext = {
    metaStore: {
      set: async (key, value, lifetime) => void (await ask((id) => ({ culvert: 'set', key, value, lifetime, id }))),
      take: (key) => ask((id) => ({ culvert: 'take', key, id })),
    },
    collectMetrics: async () => (await ask((id) => ({ culvert: 'collect', id }))) ?? '',
  };
  // A terminal and systemd signal every process of the group; when to end is the primary's to say.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

  start(context).then(
    (server) => {
      const end = (): void => void server.close().finally(() => process.exit(0));
      // A primary that was killed leaves nobody to serve for.
      process.once('disconnect', end);
      process.on('message', (message: unknown) => {
        if (!isOurs<ToWorker>(message)) return;
        if (message.culvert === 'answer') {
          questions.get(message.id)?.(message.value);
          questions.delete(message.id);
        } else if (message.culvert === 'report') {
          tell({ culvert: 'reported', round: message.round, text: server.metrics() });
        } else end();
      });
      tell({ culvert: 'ready' });
    },
    (error: unknown) => {
      tell({ culvert: 'failed', message: error instanceof Error ? error.message : String(error) });
      process.exitCode = 1;
      process.disconnect();
    },
  );
  return new Promise<never>(() => undefined);
}

function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}

function tell(message: ToPrimary): void {
  if (process.connected) process.send!(message);
}
