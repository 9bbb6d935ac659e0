/**
 * @module
 * From a caller to the remote and back: our client with our server, the published pair, and a fetch without any of it.
 */
import { buildOurs } from '../test/interop/support/build-ours.mjs';
import { startProcess } from './child.mjs';
import { summarize } from './results.mjs';

export const about = `Requests of 1 kB, 16 at a time, and bodies of 200 MB, over loopback in Node ${process.versions.node}; client, Bare server and remote each in a process.
ours: @culvert/bare-client with @culvert/bare-server; official: @tomphttp/bare-client 2.1.0 with bare-server-node 2.0.6; direct: fetch.
CPU: that of client and server together, which other load on the machine changes least. Memory: how much resident memory grows at most
while 200 MB pass.`;

const large = 200_000_000;

export async function run({ quick, source, progress }) {
  const rounds = quick ? 3 : 7;
  const milliseconds = quick ? 800 : 2500;
  const modules = await buildOurs(source);
  const origin = await startProcess('origin.mjs');
  const remote = await origin('start');

  const pairs = {
    ours: { server: await startProcess('bare-server.mjs', { subject: 'ours', module: modules.server }) },
    official: { server: await startProcess('bare-server.mjs', { subject: 'bare-server-node' }) },
    direct: {},
  };
  const subjects = Object.keys(pairs);
  for (const subject of subjects) {
    const pair = pairs[subject];
    const server = await pair.server?.('start');
    // The published client does not load where there is no WebSocket.
    const flags = subject === 'official' ? ['--experimental-websocket'] : [];
    pair.client = await startProcess('client.mjs', { subject, module: modules.client, server }, flags);
    await pair.client('requests', { url: `${remote}1000`, milliseconds: 500, concurrency: 16 });
  }

  const sample = async (what, measure) => {
    const samples = Object.fromEntries(subjects.map((subject) => [subject, []]));
    for (let round = 0; round < rounds; round++) {
      // Each round begins with another one: whoever is first finds the machine colder.
      for (let turn = 0; turn < subjects.length; turn++) {
        const subject = subjects[(round + turn) % subjects.length];
        progress(`${what}, ${subject}, round ${round + 1} of ${rounds}`);
        samples[subject].push(await measure(pairs[subject], subject));
      }
    }
    return samples;
  };

  const down = { url: `${remote}${large}` };
  const up = { url: remote, length: large };
  const cpuPerRequest = Object.fromEntries(subjects.map((subject) => [subject, []]));
  const requests = await sample('requests', async ({ client, server }, subject) => {
    const cpu = async () => (await client('cpu')) + ((await server?.('cpu')) ?? 0);
    const before = await cpu();
    const { count, rate } = await client('requests', { url: `${remote}1000`, milliseconds, concurrency: 16 });
    cpuPerRequest[subject].push(((await cpu()) - before) / count);
    return rate;
  });
  const results = [
    ...summarize('transport/requests-1kB', 'req/s', requests),
    ...summarize('transport/cpu-per-request', 'us', cpuPerRequest),
    ...summarize(
      'transport/download-200MB',
      'MB/s',
      await sample('download', ({ client }) => client('download', down)),
    ),
    ...summarize('transport/upload-200MB', 'MB/s', await sample('upload', ({ client }) => client('upload', up))),
  ];
  for (const [direction, body] of [
    ['download', down],
    ['upload', up],
  ]) {
    for (const part of ['client', 'server']) {
      const samples = {};
      for (const subject of subjects) {
        const process = pairs[subject][part];
        if (!process) continue;
        progress(`memory, ${direction}, ${subject}`);
        samples[subject] = [await growth(process, () => pairs[subject].client(direction, body))];
      }
      results.push(...summarize(`transport/memory-${direction}-${part}`, 'MB', samples));
    }
  }
  return results;
}

/** MB by which the process grows at most meanwhile. */
async function growth(process, act) {
  const before = await process('memory');
  await process('watchMemory');
  await act();
  return Math.max(0, ((await process('peakMemory')) - before) / 1e6);
}
