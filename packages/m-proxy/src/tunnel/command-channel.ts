/**
 * @module
 * Commands and answers over control messages: ids, timeouts and how many may be under way. What commands mean is told
 * by relay and device; `ping` is answered here.
 */
import { MProxyError, packControl, parseControl, type ControlError, type MProxyErrorCode } from '../index.js';

export interface CommandHandlers {
  /** Carries out a command of the peer; what it returns, or throws, is the answer. */
  command(command: string, args: unknown[]): unknown;
  /** An error of the peer that answers no command. */
  notice(error: ControlError): void;
}

/** How many commands each side may have under way. */
const maxUnderWay = 64;

interface Pending {
  resolve(result: unknown): void;
  reject(error: MProxyError): void;
  timer: NodeJS.Timeout;
}

export class CommandChannel {
  #nextId = 1;
  #pending = new Map<number, Pending>();
  #serving = 0;

  constructor(
    private readonly write: (message: Uint8Array) => void,
    private readonly handlers: CommandHandlers,
    private readonly timeout: number,
  ) {}

  /** @throws MProxyError what the peer answers, M_PROXY_REQUEST_TIMEOUT, M_PROXY_LIMIT, or what closes the tunnel */
  request(command: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#pending.size >= maxUnderWay) {
        reject(new MProxyError('M_PROXY_LIMIT', `Failed to send ${command}: ${maxUnderWay} commands are unanswered.`));
        return;
      }
      const id = this.#nextId++;
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(
          new MProxyError('M_PROXY_REQUEST_TIMEOUT', `Failed to send ${command}: no answer in ${this.timeout} ms.`),
        );
      }, this.timeout);
      this.#pending.set(id, { resolve, reject, timer });
      this.write(packControl([id, command, ...args]));
    });
  }

  /** Any bytes that come are a sign of life: the answer itself is not waited for. */
  ping(): void {
    this.write(packControl([this.#nextId++, 'ping']));
  }

  notify(error: MProxyError): void {
    this.write(packControl([0, toWire(error)]));
  }

  /** @throws MProxyError M_PROXY_BAD_CONTROL */
  receive(data: Uint8Array | undefined): void {
    const message = parseControl(data);
    if (message.kind === 'error') {
      this.handlers.notice(message.error);
    } else if (message.kind === 'command') {
      void this.#serve(message.id, message.command, message.args);
    } else {
      this.#settle(message.id, message.error, message.result);
    }
  }

  close(error: MProxyError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { timer, reject } of pending) {
      clearTimeout(timer);
      reject(error);
    }
  }

  async #serve(id: number, command: string, args: unknown[]): Promise<void> {
    if (command === 'ping') {
      this.write(packControl([-id, null]));
      return;
    }
    if (this.#serving >= maxUnderWay) {
      const error = new MProxyError('M_PROXY_LIMIT', `Failed to take ${maxUnderWay} commands at once.`);
      this.write(packControl([-id, toWire(error)]));
      return;
    }
    this.#serving++;
    try {
      const result = await this.handlers.command(command, args);
      this.write(packControl([-id, null, ...(result === undefined ? [] : [result])]));
    } catch (error) {
      this.write(packControl([-id, toWire(error)]));
    } finally {
      this.#serving--;
    }
  }

  #settle(id: number, error: ControlError | null, result: unknown): void {
    const pending = this.#pending.get(id);
    if (!pending) {
      return; // A ping's answer, or one that comes after its timeout.
    }
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (error) {
      pending.reject(fromWire(error));
    } else {
      pending.resolve(result);
    }
  }
}

/** Only our own errors are told: the text of any other may name paths and addresses of this machine. */
function toWire(error: unknown): { message: string; code: string } {
  return error instanceof MProxyError
    ? { message: error.message, code: error.code }
    : { message: 'Failed to carry out the command.', code: 'M_PROXY_CLOSED' };
}

export function fromWire(error: ControlError): MProxyError {
  const isOurs = error.code?.startsWith('M_PROXY_') ?? false;
  return new MProxyError(
    isOurs ? (error.code as MProxyErrorCode) : 'M_PROXY_CLOSED',
    `The peer says: ${error.message}`,
  );
}
