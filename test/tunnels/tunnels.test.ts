/**
 * @module The tunnel as users run it: `culvert serve --relay` and two `culvert join`, each a process. `CULVERT_TUNNEL_MB` says how much
 * is moved (1024 by default, each way).
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFreePort, runCulvert, type CulvertCommand } from '../support/culvert-command.js';

const megabytes = Number(process.env.CULVERT_TUNNEL_MB ?? 1024);
const devices = ['one', 'two'] as const;
const echo = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.pipe(socket);
});

let running: CulvertCommand[] = [];
let target = 0;

beforeEach(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  target = (echo.address() as AddressInfo).port;
});

afterEach(async () => {
  await Promise.all(running.map((command) => command.kill()));
  running = [];
  echo.close();
});

function run(...args: string[]): CulvertCommand {
  const command = runCulvert(...args);
  running.push(command);
  return command;
}

const relayArguments = (port: number, clientPort: number) => [
  ...['serve', '--port', `${port}`, '--relay-port', `${clientPort}`],
  ...devices.flatMap((name) => ['--relay', `${name}-secret:${name}.test,0`]),
];

const joinRelay = (port: number, name: string) =>
  run('join', `ws://127.0.0.1:${port}`, '--token', `${name}-secret`, '--expose', `${target}`);

/** The port of the relay whose clients the device gets, as it was told last. */
async function portOf(device: CulvertCommand): Promise<number> {
  await device.printed(/Clients of port \d+/);
  return Number([...device.output.matchAll(/Clients of port (\d+)/g)].at(-1)![1]);
}

function connectTo(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => socket.destroy());
  return socket;
}

/** Sends blocks, ends, and holds what comes back against them. */
async function moveThrough(port: number, block: Buffer, blocks: number): Promise<void> {
  const socket = connectTo(port);
  const sent = createHash('sha1');
  const received = createHash('sha1');
  socket.on('data', (chunk) => received.update(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('end', resolve);
    socket.on('close', () => reject(new Error('It was closed before its end.')));
  });
  for (let turn = 0; turn < blocks; turn++) {
    // Each block is another, so that bytes out of order would show.
    const start = (turn * 7919) % block.byteLength;
    const turned = Buffer.concat([block.subarray(start), block.subarray(0, start)]);
    sent.update(turned);
    if (!socket.write(turned)) await Promise.race([once(socket, 'drain'), ended]);
  }
  socket.end();
  await ended;
  expect(received.digest('hex')).toBe(sent.digest('hex'));
}

/** Over, by a reset or as the system ends the connections of a process that was killed. */
const ending = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve());
  });

/** Resident memory in bytes. */
function memoryOf({ pid }: CulvertCommand): number {
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' }).stdout) * 1024;
}

it(`moves ${megabytes} MB each way of 50 clients to two devices in flat memory while one client stalls`, async () => {
  const port = await findFreePort();
  const relay = run(...relayArguments(port, 0));
  await relay.printed(/come to port/);
  const joined = devices.map((name) => joinRelay(port, name));
  const ports = await Promise.all(joined.map(portOf));

  const block = randomBytes(64 * 1024);
  const stalled = connectTo(ports[0]!);
  stalled.pause();
  let stalledSent = 0;
  const push = (): void => {
    do stalledSent += block.byteLength;
    while (stalled.write(block));
  };
  stalled.on('drain', push);
  push();

  const parts = { relay, 'device one': joined[0]!, 'device two': joined[1]! };
  const samples = new Map<string, number[]>(Object.keys(parts).map((name) => [name, []]));
  const watch = setInterval(() => {
    for (const [name, part] of Object.entries(parts)) samples.get(name)!.push(memoryOf(part));
  }, 250);
  const started = Date.now();
  const blocks = Math.ceil((megabytes * 1e6) / 50 / block.byteLength);
  await Promise.all(Array.from({ length: 50 }, (_, index) => moveThrough(ports[index % 2]!, block, blocks)));
  clearInterval(watch);
  const seconds = (Date.now() - started) / 1000;
  const total = (50 * blocks * block.byteLength) / 1e6;
  console.log(`${total.toFixed(0)} MB each way in ${seconds.toFixed(1)} s, ${(total / seconds).toFixed(0)} MB/s`);
  console.log(`the stalled client got rid of ${(stalledSent / 1e6).toFixed(1)} MB`);
  for (const [name, values] of samples) {
    const third = Math.ceil(values.length / 3);
    const early = Math.max(...values.slice(0, third)) / 1e6;
    const late = Math.max(...values.slice(third)) / 1e6;
    console.log(`${name}: at most ${early.toFixed(0)} MB in the first third, ${late.toFixed(0)} MB after it`);
    // What it needs does not grow with what has passed.
    expect(late, name).toBeLessThan(early + 60);
  }
  expect(stalled.destroyed).toBe(false);
  expect(stalledSent).toBeLessThan(64e6);
  stalled.destroy();
});

it('loses only open connections when a device or the relay is killed and started again', async () => {
  const [port, clientPort] = [await findFreePort(), await findFreePort()];
  let relay = run(...relayArguments(port, clientPort));
  await relay.printed(/come to port/);
  let one = joinRelay(port, 'one');
  const two = joinRelay(port, 'two');
  const ports = await Promise.all([one, two].map(portOf));
  const block = randomBytes(64 * 1024);

  /** Open, with traffic on it. */
  const openAt = async (at: number): Promise<Socket> => {
    const socket = connectTo(at);
    socket.write('hello');
    await once(socket, 'data');
    socket.resume();
    return socket;
  };
  const [lost, kept] = [await openAt(ports[0]!), await openAt(ports[1]!)];
  const lostClosed = ending(lost);
  await one.kill();
  await lostClosed;
  expect(kept.destroyed).toBe(false);
  await relay.printed(/one\.test is away/);
  // A client that comes meanwhile waits for the device.
  const waiting = moveThrough(ports[0]!, block, 4);
  one = joinRelay(port, 'one');
  expect(await portOf(one)).toBe(ports[0]);
  await waiting;
  kept.write('still there');
  await once(kept, 'data');

  const keptClosed = ending(kept);
  await relay.kill();
  await keptClosed;
  relay = run(...relayArguments(port, clientPort));
  await relay.printed(/one\.test has joined[^]*two\.test has joined|two\.test has joined[^]*one\.test has joined/);
  // A relay that never knew of the ports: the devices have asked for them.
  await Promise.all(ports.map((at) => moveThrough(at, block, 4)));
  expect([await portOf(one), await portOf(two)]).toEqual(ports);
});
