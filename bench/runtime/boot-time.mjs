/**
 * @module
 * How long the runtime takes to start on a blank page: compiling and running the script that stands first in the document, as Chromium's
 * trace has it, in CPU time of the page's main thread.
 *
 * No debugger is attached to the page: with one, V8 notes source positions for every error that is made, which costs more than the rest.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { summarize } from '../results.mjs';

/** Blank, but for going on to another blank page when it has loaded. */
export const firstPage =
  "<!doctype html><title>First</title><link rel=icon href=data:,><p>first<script>onload = () => setTimeout(() => (location.href = '/blank'), 50)</script>";

/** `first` in the process of the page, which is a new one; `again` in the same process. */
export async function measureBootTime(executablePath, culvert, site, { quick, progress }) {
  const browser = await startBrowser(executablePath);
  const samples = {};
  const note = (measure, value) => (samples[measure] ??= { ours: [] }).ours.push(value);
  try {
    const prefix = `${culvert.origin}/service/html/`;
    // The first visit registers the worker and comes again.
    await browser.visit(`${prefix}${encodeURIComponent(`${site}/blank`)}`, 'Blank');
    for (let round = 0; round < (quick ? 7 : 31); round++) {
      progress(`boot time, round ${round + 1}`);
      await browser.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
      await browser.visit(`${prefix}${encodeURIComponent(`${site}/first`)}`, 'Blank');
      for (const [index, { total, compile }] of bootsIn(await browser.stopTracing(), prefix).entries()) {
        note(index === 0 ? 'boot/first' : 'boot/again', total);
        note(index === 0 ? 'boot/first, compiling' : 'boot/again, compiling', compile);
      }
    }
  } finally {
    await browser.stop();
  }
  return Object.entries(samples).flatMap(([measure, bySubject]) => summarize(measure, 'ms', bySubject));
}

const traceConfig = { includedCategories: ['devtools.timeline'], excludedCategories: ['*'] };

/** The first script of each document that the worker has served. */
function bootsIn(events, prefix) {
  const scripts = new Map();
  for (const event of events.sort((a, b) => a.ts - b.ts)) {
    const url = event.name === 'EvaluateScript' ? event.args.data?.url : undefined;
    if (url?.startsWith(prefix) && !scripts.has(url)) scripts.set(url, event);
  }
  return [...scripts.values()].map((script) => {
    const end = script.ts + script.dur;
    const compile = events.filter(
      ({ name, tid, pid, ts }) =>
        name === 'v8.compile' && pid === script.pid && tid === script.tid && ts >= script.ts && ts < end,
    );
    return { total: script.tdur / 1000, compile: compile.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0) };
  });
}

/** Chromium by its own protocol, attached to no page. */
async function startBrowser(executablePath) {
  const profile = mkdtempSync(path.join(tmpdir(), 'culvert-bench-'));
  const child = spawn(
    executablePath,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const socket = new WebSocket(await addressOf(child));
  await once(socket, 'open');
  let last = 0;
  const answers = new Map();
  const listeners = new Set();
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.id) answers.get(message.id)(message);
    else for (const listener of listeners) listener(message);
  });
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      answers.set(last, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  const until = (test) =>
    new Promise((resolve) => {
      const listener = (message) => {
        if (!test(message)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });
  return {
    send,
    /** A tab of its own, until it has this title. */
    async visit(url, title) {
      const { targetId } = await send('Target.createTarget', { url });
      for (const start = Date.now(); Date.now() - start < 30_000; await setTimeout(20)) {
        const { targetInfos } = await send('Target.getTargets');
        if (targetInfos.find((target) => target.targetId === targetId)?.title === title) break;
      }
      await send('Target.closeTarget', { targetId });
    },
    async stopTracing() {
      const events = [];
      const complete = until(({ method, params }) => {
        if (method === 'Tracing.dataCollected') events.push(...params.value);
        return method === 'Tracing.tracingComplete';
      });
      await send('Tracing.end');
      await complete;
      return events;
    },
    async stop() {
      const gone = once(child, 'exit');
      await send('Browser.close');
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Chromium says on its standard error where it listens. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
      const found = /ws:\/\/\S+/.exec(output);
      if (found) resolve(found[0]);
    });
    child.once('exit', () => reject(new Error(`Failed to start Chromium: ${output}`)));
  });
}
