/**
 * @module
 * A stream over HTTP requests beside the plain socket that it stands in for.
 */
import { buildModules } from '../test/interop/support/build-ours.mjs';
import { startProcess } from './child.mjs';
import { median, summarize } from './results.mjs';

export const about = `One stream over loopback in Node ${process.versions.node}; client, server and far end each in a process.
ours: @culvert/http-socket, client and server; plain: a TCP connection to the far end.
Latency is the round trip of 16 bytes.`;

export async function run({ quick, source, progress }) {
  const rounds = quick ? 3 : 7;
  const length = quick ? 50_000_000 : 200_000_000;
  const count = quick ? 200 : 1000;
  const modules = await buildModules(
    { server: ['http-socket', './server'], client: ['http-socket', './node'] },
    source,
  );
  const far = await startProcess('tcp-target.mjs');
  const port = await far('start');
  const server = await startProcess('http-socket-server.mjs', { module: modules.server, target: port });
  const client = await startProcess('tcp-client.mjs', { module: modules.client });
  const targets = { ours: await server('start'), plain: port };
  const subjects = Object.keys(targets);
  for (const target of Object.values(targets)) await client('download', { target, length: 5_000_000 });

  const samples = () => Object.fromEntries(subjects.map((subject) => [subject, []]));
  const [download, upload, latency, cpu] = [samples(), samples(), samples(), samples()];
  const cost = async () => (await client('cpu')) + (await server('cpu'));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length];
      const target = targets[subject];
      progress(`${subject}, round ${round + 1} of ${rounds}`);
      const before = await cost();
      download[subject].push(await client('download', { target, length }));
      upload[subject].push(await client('upload', { target, length }));
      cpu[subject].push(((await cost()) - before) / ((2 * length) / 1e6));
      latency[subject].push(median(await client('latencies', { target, count })));
    }
  }
  const added = latency.ours.map((value, index) => value - latency.plain[index]);
  return [
    ...summarize('http-socket/download', 'MB/s', download),
    ...summarize('http-socket/upload', 'MB/s', upload),
    ...summarize('http-socket/latency', 'ms', latency),
    ...summarize('http-socket/added-latency', 'ms', { ours: added }),
    ...summarize('http-socket/cpu-per-MB', 'us', cpu),
  ];
}
