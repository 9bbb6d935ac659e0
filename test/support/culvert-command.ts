/** @module The `culvert` command as a child process, as a user runs it. It has to be built. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface CulvertCommand {
  readonly pid: number;
  /** What it has printed so far, errors too. */
  readonly output: string;
  /** Waits until the output has this, from `from` on. @throws Error when the process ends before, or after 20 s */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** As `kill -9`: no time for goodbyes. */
  kill(): Promise<void>;
}

const bin = path.join(import.meta.dirname, '../../packages/culvert/bin/culvert.js');

export function runCulvert(...args: string[]): CulvertCommand {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  const told = new Set<() => void>();
  const tell = (text: string) => {
    output += text;
    for (const listener of told) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => tell(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => tell(chunk.toString()));
  const exited = once(child, 'exit').then(() => tell('\n(it has ended)\n'));
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          told.delete(check);
          act();
        };
        const fail = (why: string) =>
          settle(() => reject(new Error(`culvert ${args[0]} did not print ${pattern} ${why}:\n${output}`)));
        const check = () => {
          const match = pattern.exec(output);
          if (match) settle(() => resolve(match));
          else if (output.includes('(it has ended)')) fail('before it ended');
        };
        const timer = setTimeout(() => fail('within 20 s'), 20_000);
        told.add(check);
        check();
      }),
    async kill() {
      process.off('exit', kill);
      kill();
      await exited;
    },
  };
}

/** A port that was free a moment ago, for what has to come back at the same one. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
