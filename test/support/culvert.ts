/** @module Culvert as `npm start` runs it, on a free port, as a child of the test run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface Culvert {
  /** Such as `http://localhost:40321`. */
  readonly origin: string;
  readonly port: number;
  /** What the server has printed so far. */
  readonly output: string;
  /** The address under which the worker serves a page of the web. */
  routeTo(url: string): string;
  close(): Promise<void>;
}

const root = path.join(import.meta.dirname, '../..');

/** Takes the arguments of `npm start`; waits for the line with the address. */
export async function startCulvert(args: string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Culvert> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, so that what it starts ends with it.
    detached: true,
  });
  const endGroup = () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // It ended by itself between the check and the signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  process.once('exit', endGroup);
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      endGroup();
      reject(new Error(`Failed to start Culvert: it printed no address within 180 s.\n${output}`));
    }, 180_000);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/.exec(output);
      if (!address) return;
      clearTimeout(timer);
      resolve(Number(address[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`Failed to start Culvert: it ended with code ${code}.\n${output}`));
    });
  });

  const origin = `http://localhost:${port}`;
  return {
    origin,
    port,
    get output() {
      return output;
    },
    routeTo: (url) => routeTo(origin, url),
    async close() {
      process.off('exit', endGroup);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      endGroup();
      await exited;
    },
  };
}

/** `/service/html/{url without its fragment, encoded}`, and the fragment natively after it. */
export function routeTo(origin: string, url: string): string {
  const [address = '', ...fragment] = url.split('#');
  return `${origin}/service/html/${encodeURIComponent(address)}${fragment.length > 0 ? `#${fragment.join('#')}` : ''}`;
}
