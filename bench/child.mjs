/**
 * @module
 * Processes of a benchmark: each part runs in its own, so that what it costs can be told from what the others cost.
 *
 * A process is a file of `processes/`, whose `serve` answers questions by name.
 */
import { fork } from 'node:child_process';
import path from 'node:path';

const children = new Set();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** @returns a function that asks the process something: `await ask('name', parameter)` */
export async function startProcess(file, parameter = {}, flags = []) {
  const child = fork(path.join(import.meta.dirname, 'processes', file), [JSON.stringify(parameter)], {
    execArgv: ['--expose-gc', '--no-warnings', ...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.add(child);
  const waiting = new Map();
  let lastId = 0;
  child.on('message', ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(value);
  });
  child.once('exit', (code) => {
    children.delete(child);
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended with code ${code}.`));
  });
  const ask = (name, value) =>
    new Promise((resolve, reject) => {
      waiting.set(++lastId, { resolve, reject });
      child.send({ id: lastId, name, value });
    });
  ask.end = () => child.kill('SIGKILL');
  return ask;
}

/** Inside the process: answers by name, next to those about the process itself. */
export function serve(answers) {
  let peak = 0;
  let timer;
  const own = {
    /** CPU time in µs. */
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    memory: () => {
      globalThis.gc?.();
      return process.memoryUsage().rss;
    },
    watchMemory: () => {
      peak = 0;
      timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    },
    peakMemory: () => {
      clearInterval(timer);
      return Math.max(peak, process.memoryUsage().rss);
    },
  };
  process.on('message', async ({ id, name, value }) => {
    try {
      process.send({ id, value: await (answers[name] ?? own[name])(value) });
    } catch (error) {
      process.send({ id, error: error.stack ?? String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

export const parameter = () => JSON.parse(process.argv[2]);
