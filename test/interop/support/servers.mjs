/**
 * @module
 * The servers of the matrix, each started when it is first needed and again when it has crashed.
 */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const script = path.join(import.meta.dirname, 'server-process.mjs');

export const serverKinds = {
  ours: { label: 'our server', isOurs: true },
  'server-2.0.6': { label: 'bare-server-node 2.0.6', module: '@tomphttp/bare-server-node' },
  'server-2.0.1': { label: 'bare-server-node 2.0.1', module: 'bare-server-node-2.0.1' },
};

export class Servers {
  #modules;
  #running = new Map();

  /** @param ourModule path of our server's module */
  constructor(ourModule) {
    this.#modules = { ours: ourModule };
  }

  /** The server that the cells share. */
  async get(kind, options = {}) {
    const key = JSON.stringify([kind, options]);
    const running = this.#running.get(key);
    if (running?.isAlive) return running;
    const server = await this.start(kind, options);
    this.#running.set(key, server);
    return server;
  }

  /** A server of one's own; `stop` it. */
  async start(kind, options = {}) {
    const { isOurs = false, module } = serverKinds[kind];
    const argument = JSON.stringify({
      module: isOurs ? this.#modules.ours : require.resolve(module),
      isOurs,
      ...options,
    });
    const child = fork(script, [argument], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new ServerProcess(kind, child).ready();
  }

  stop() {
    for (const server of this.#running.values()) server.stop();
  }
}

class ServerProcess {
  isAlive = true;
  lastWords = '';
  #child;
  #ports;
  #lastId = 0;

  constructor(kind, child) {
    this.kind = kind;
    this.#child = child;
    child.stderr.on('data', (text) => (this.lastWords = (this.lastWords + text).slice(-2000)));
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        this.isAlive = false;
        resolve({ code, signal });
      }),
    );
  }

  async ready() {
    const first = new Promise((resolve) => this.#child.once('message', resolve));
    const message = await Promise.race([first, this.ended]);
    if (!message.ports) throw new Error(`${this.kind} did not start: ${this.lastWords}`);
    this.#ports = message.ports;
    return this;
  }

  /** URL of the Bare directory where only this version is served, or all are. */
  url(version = 'all') {
    return `http://127.0.0.1:${this.#ports[version]}/bare/`;
  }

  port(version = 'all') {
    return this.#ports[version];
  }

  /** Targets of the requests since this was last asked. */
  targets() {
    return this.#ask('targets');
  }

  /** CPU time in µs and resident memory in bytes. */
  usage() {
    return this.#ask('usage');
  }

  stop() {
    if (this.isAlive) this.#child.kill('SIGKILL');
  }

  #ask(ask) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const receive = (message) => {
        if (message.id !== id) return;
        this.#child.off('message', receive);
        resolve(message.value);
      };
      this.#child.on('message', receive);
      void this.ended.then(() => reject(new Error(`${this.kind} has ended: ${this.lastWords}`)));
      this.#child.send({ id, ask });
    });
  }
}
