/** Several processes on one port, as a program of its own: the package is bundled, because its processes run without vitest. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { exchange, listen, onCleanup, open, startOrigin, v3Headers } from '../local-servers.test-support.js';
import { runWorkers } from './workers.js';

/** Each test starts three processes. */
vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(path.join(tmpdir(), 'culvert-workers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: {
      noExternal: true,
      external: ['@redis/client'],
      resolve: { conditions: ['culvert-source', 'node', 'import'] },
    },
    build: {
      ssr: path.join(import.meta.dirname, '../index.ts'),
      outDir: folder,
      rollupOptions: { output: { format: 'es', entryFileNames: 'server.mjs' } },
    },
  });
}, 60_000);

interface Program {
  url: string;
  lines: string[];
  ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

async function startProgram(): Promise<Program> {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'workers.test-process.mjs'), path.join(folder, 'server.mjs')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onCleanup(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  await expect.poll(() => lines, { timeout: 20_000 }).toContainEqual(expect.stringMatching(/^ready /));
  const port = lines.find((line) => line.startsWith('ready '))!.slice('ready '.length);
  return {
    url: `http://127.0.0.1:${port}/bare/`,
    lines,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    kill: (signal) => void child.kill(signal),
  };
}

/** Each request has a connection of its own, and connections go round the workers. */
async function pids(program: Program, count = 6): Promise<Set<string>> {
  const answers = new Set<string>();
  for (let index = 0; index < count; index++) answers.add((await exchange(new URL('/pid', program.url).href)).body);
  return answers;
}

it('serves one port with several processes that know of each other what v1 and v2 need', async () => {
  const program = await startProgram();
  expect((await pids(program)).size).toBe(2);

  const origin = http.createServer();
  new WebSocketServer({ server: origin }).on('connection', (socket) => socket.send('hello'));
  const port = await listen(origin);
  for (let index = 0; index < 5; index++) {
    const { body: id } = await exchange(`${program.url}v2/ws-new-meta`, {
      headers: {
        'X-Bare-Host': '127.0.0.1',
        'X-Bare-Port': String(port),
        'X-Bare-Protocol': 'ws:',
        'X-Bare-Path': '/',
        'X-Bare-Headers': '{}',
      },
    });
    // One more connection in between, so that ID and WebSocket reach different workers each time.
    if (index % 2) await exchange(program.url);
    const socket = new WebSocket(`${program.url.replace('http', 'ws')}v2/`, [id]);
    onCleanup(() => socket.terminate());
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.toString()).toBe('hello');
    const meta = await exchange(`${program.url}v2/ws-meta`, { headers: { 'X-Bare-ID': id } });
    expect([meta.status, meta.headers['x-bare-status']]).toEqual([200, '101']);
    expect((await exchange(`${program.url}v2/ws-meta`, { headers: { 'X-Bare-ID': id } })).status).toBe(400);
  }

  const sample = 'culvert_requests_total{version="v2",status="400"}';
  await expect
    .poll(async () => (await exchange(new URL('/metrics', program.url).href)).body)
    .toContain(`${sample} 5\n`);
  program.kill('SIGTERM');
  expect(await program.ended).toBe(0);
});

it('replaces a worker that dies', async () => {
  const program = await startProgram();
  const before = await pids(program);
  await exchange(new URL('/die', program.url).href).catch(() => undefined);
  await expect.poll(() => program.lines).toContainEqual(expect.stringMatching(/ended with code 7/));
  await expect
    .poll(async () => [...(await pids(program))].filter((pid) => !before.has(pid)).length, { timeout: 5000 })
    .toBe(1);
  program.kill('SIGTERM');
  expect(await program.ended).toBe(0);
});

it('finishes what is under way before it ends', async () => {
  let finish = (): void => undefined;
  const origin = await startOrigin((_request, response) => {
    response.write('first half, ');
    finish = () => response.end('second half');
  });
  const program = await startProgram();
  const response = await open(`${program.url}v3/`, { headers: v3Headers(origin) });
  program.kill('SIGTERM');
  const draining = (): number => program.lines.filter((line) => line.includes('takes no more requests')).length;
  await expect.poll(draining, { timeout: 10_000 }).toBe(2);
  finish();
  let body = '';
  for await (const chunk of response) body += String(chunk);
  expect(body).toBe('first half, second half');
  expect(await program.ended).toBe(0);
});

it.each([0, 1.5, -1])('refuses to run %d workers', (count) => {
  expect(() => runWorkers({ count, start: () => Promise.reject(new Error('not reached')) })).toThrow(
    expect.objectContaining({ code: 'BARE_SERVER_BAD_LIMIT' }),
  );
});
