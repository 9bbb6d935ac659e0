/**
 * @module
 * M-PROXY: the codec beside the published packer, and the tunnel beside connections that are passed on without one.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { buildModules } from '../test/interop/support/build-ours.mjs';
import { startProcess } from './child.mjs';
import { median, summarize } from './results.mjs';

export const about = `The codec in this process, messages of 1 kB and 64 kB; the tunnel over loopback in Node ${process.versions.node}, each part in a process.
ours: @culvert/m-proxy; proxy-packer: 2.0.4; forward: a process that passes each connection on, without a tunnel.`;

const address = {
  family: 'IPv4',
  address: '127.0.1.1',
  port: 4321,
  service: 'https',
  serviceport: 443,
  name: 'a.example',
};

export async function run({ quick, source, progress }) {
  const rounds = quick ? 3 : 7;
  const modules = await buildModules({ codec: ['m-proxy', '.'], tunnel: ['m-proxy', './tunnel'] }, source);
  const ours = await import(pathToFileURL(modules.codec).href);
  const peer = createRequire(import.meta.url)('proxy-packer');
  return [
    ...measureCodec({ ours, 'proxy-packer': peer }, rounds, quick ? 200 : 500, progress),
    ...(await measureTunnel(modules.tunnel, rounds, quick, progress)),
  ];
}

function measureCodec(subjects, rounds, milliseconds, progress) {
  const results = [];
  for (const [label, size] of [
    ['1kB', 1000],
    ['64kB', 64_000],
  ]) {
    const data = Buffer.alloc(size, 'a');
    const packed = { pack: {}, unpack: {} };
    for (const kind of ['pack', 'unpack']) for (const name of Object.keys(subjects)) packed[kind][name] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`codec, ${label}, round ${round + 1} of ${rounds}`);
      for (const [name, module] of Object.entries(subjects)) {
        packed.pack[name].push(rate(() => module.pack({ ...address }, data), size, milliseconds));
        const stream = Buffer.concat(Array.from({ length: 64 }, () => Buffer.from(module.pack({ ...address }, data))));
        // As a socket gives them: chunks that end anywhere.
        const chunks = [];
        for (let at = 0; at < stream.length; at += 16_384) chunks.push(stream.subarray(at, at + 16_384));
        const unpacker = module.create({ onmessage() {} });
        const add = (chunk) => unpacker.fns.addChunk(chunk);
        packed.unpack[name].push(rate(() => chunks.forEach(add), 64 * size, milliseconds));
      }
    }
    results.push(
      ...summarize(`m-proxy/pack-${label}`, 'MB/s', packed.pack),
      ...summarize(`m-proxy/unpack-${label}`, 'MB/s', packed.unpack),
    );
  }
  return results;
}

/** MB/s of doing it again and again. */
function rate(act, bytes, milliseconds) {
  const started = performance.now();
  let count = 0;
  do for (let turn = 0; turn < 16; turn++, count++) act();
  while (performance.now() - started < milliseconds);
  return (count * bytes) / 1e6 / ((performance.now() - started) / 1000);
}

async function measureTunnel(module, rounds, quick, progress) {
  const length = quick ? 5_000_000 : 20_000_000;
  const far = await startProcess('tcp-target.mjs');
  const target = await far('start');
  const [relay, device, forwarder] = await Promise.all([1, 2, 3].map(() => startProcess('tunnel-end.mjs', { module })));
  const client = await startProcess('tcp-client.mjs');
  const targets = {
    ours: await device('device', { relay: await relay('relay'), target }),
    forward: await forwarder('forward', { target }),
  };
  const subjects = Object.keys(targets);
  const samples = () => Object.fromEntries(subjects.map((subject) => [subject, []]));
  const [download, upload, latency] = [samples(), samples(), samples()];
  for (const to of Object.values(targets)) await client('download', { target: to, length: 1_000_000, streams: 10 });
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length];
      progress(`tunnel, ${subject}, round ${round + 1} of ${rounds}`);
      const through = { target: targets[subject], length, streams: 10 };
      download[subject].push(await client('download', through));
      upload[subject].push(await client('upload', through));
      latency[subject].push(median(await client('latencies', { target: targets[subject], count: quick ? 200 : 1000 })));
    }
  }
  const memory = { relay: [(await relay('memory')) / 1e6], device: [(await device('memory')) / 1e6] };
  return [
    ...summarize('m-proxy/tunnel-download-10-clients', 'MB/s', download),
    ...summarize('m-proxy/tunnel-upload-10-clients', 'MB/s', upload),
    ...summarize('m-proxy/tunnel-latency', 'ms', latency),
    ...summarize('m-proxy/tunnel-memory-after', 'MB', memory),
  ];
}
