/**
 * @module
 * The Bare server alone, under a client that costs little: what a request, a megabyte and an idle WebSocket cost it.
 */
import { buildOurs } from '../test/interop/support/build-ours.mjs';
import { startProcess } from './child.mjs';
import { median, summarize } from './results.mjs';

export const about = `Bare servers over loopback in Node ${process.versions.node}, one process each: requests of 1 kB (16 at a time), bodies of 200 MB, idle WebSockets (10,000, or what \`ulimit -n\` admits).
ours: @culvert/bare-server; bare-server-node: 2.0.6; relay: the least that node:http can do, without Bare.
Added latency is over a request without a server in between.`;

export async function run({ quick, source, progress }) {
  const rounds = quick ? 3 : 7;
  const milliseconds = quick ? 1500 : 3000;
  const idleCount = Math.min(quick ? 1000 : 10_000, mostTunnels());
  const modules = await buildOurs(source);
  const origin = await startProcess('origin.mjs');
  const remote = await origin('start');
  const load = await startProcess('load.mjs');

  const servers = {};
  for (const subject of ['ours', 'bare-server-node', 'relay']) {
    const ask = await startProcess('bare-server.mjs', { subject, module: modules.server, remote });
    const url = await ask('start');
    servers[subject] = { ask, url, through: (path) => ({ target: `${url}v3/`, remote: `${remote}${path}` }) };
    await load('requests', { ...servers[subject].through(1000), milliseconds: 700, concurrency: 16 });
  }
  const subjects = Object.keys(servers);
  const empty = () => Object.fromEntries(subjects.map((subject) => [subject, []]));

  const rate = empty();
  const cpuPerRequest = empty();
  const speed = empty();
  const cpuPerMegabyte = empty();
  const memory = empty();
  const latency = empty();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length];
      const { ask, through } = servers[subject];
      progress(`${subject}, round ${round + 1} of ${rounds}`);

      const cpu = await ask('cpu');
      const small = await load('requests', { ...through(1000), milliseconds, concurrency: 16 });
      rate[subject].push(small.rate);
      cpuPerRequest[subject].push(((await ask('cpu')) - cpu) / small.count);

      const before = await ask('memory');
      const cpuBefore = await ask('cpu');
      await ask('watchMemory');
      const large = await load('download', through(200_000_000));
      speed[subject].push(large.rate);
      cpuPerMegabyte[subject].push(((await ask('cpu')) - cpuBefore) / large.megabytes);
      memory[subject].push(Math.max(0, ((await ask('peakMemory')) - before) / 1e6));

      const count = quick ? 200 : 500;
      const direct = median(await load('latencies', { target: `${remote}1000`, count }));
      latency[subject].push(median(await load('latencies', { ...through(1000), count })) - direct);
    }
  }

  const idle = {};
  for (const subject of ['ours', 'bare-server-node']) {
    const { ask, url } = servers[subject];
    progress(`${idleCount} idle WebSockets, ${subject}`);
    const socketRemote = remote.replace('http:', 'ws:');
    // The first ones bring code and buffers that stay.
    await load('idleSockets', { server: url, remote: socketRemote, count: 100 });
    const before = await ask('memory');
    await load('idleSockets', { server: url, remote: socketRemote, count: idleCount });
    idle[subject] = [((await ask('memory')) - before) / idleCount / 1000];
    await load('closeSockets');
  }

  return [
    ...summarize('server/requests-1kB', 'req/s', rate),
    ...summarize('server/cpu-per-request', 'us', cpuPerRequest),
    ...summarize('server/download-200MB', 'MB/s', speed),
    ...summarize('server/cpu-per-MB', 'us', cpuPerMegabyte),
    ...summarize('server/memory-200MB', 'MB', memory),
    ...summarize('server/added-latency', 'ms', latency),
    ...summarize('server/idle-websocket', 'kB', idle),
  ];
}

/** A tunnel is two descriptors of the server, and a process may have only so many (`ulimit -n`): past it, connections are dropped. */
function mostTunnels() {
  const { soft } = process.report.getReport().userLimits.open_files;
  return soft === 'unlimited' ? Infinity : Math.floor((Number(soft) - 1000) / 2);
}
