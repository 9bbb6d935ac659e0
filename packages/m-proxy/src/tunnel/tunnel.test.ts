import { once } from 'node:events';
import { duplexPair, type Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { packControl, packMessage, type MProxyError } from '../index.js';
import { unpackAll } from '../collect.test-support.js';
import { bytesOf } from '../vectors.test-support.js';
import { Tunnel, type TunnelOptions, type TunnelSocket } from './index.js';
import { atEnd, readToEnd, until } from './local-tunnel.test-support.js';
import { completeTunnelOptions } from './options.js';

const address = {
  family: 'IPv4',
  address: '127.0.1.1',
  port: 4321,
  service: 'tcp',
  serviceport: 22,
  name: 'a.example',
};

interface End {
  tunnel: Tunnel;
  stream: Duplex;
  clients: TunnelSocket[];
  closed: Promise<MProxyError | null>;
  state: { isClosed: boolean };
}

function endOf(stream: Duplex, options: Partial<TunnelOptions> = {}): End {
  const clients: TunnelSocket[] = [];
  const state = { isClosed: false };
  let close: (error: MProxyError | null) => void;
  const closed = new Promise<MProxyError | null>((resolve) => (close = resolve));
  const tunnel = new Tunnel(
    stream,
    {
      command: (_command, args) => args,
      connection: (client) => clients.push(client),
      close: (error) => {
        state.isClosed = true;
        close(error);
      },
    },
    completeTunnelOptions(options),
  );
  atEnd(() => tunnel.close());
  return { tunnel, stream, clients, closed, state };
}

function pair(options?: Partial<TunnelOptions>): { relay: End; device: End } {
  const [one, other] = duplexPair();
  return { relay: endOf(one, options), device: endOf(other, options) };
}

/** One end of ours; the other is bytes that the test writes and reads. */
function facing(options?: Partial<TunnelOptions>): { end: End; peer: Duplex; received: Buffer[] } {
  const [one, peer] = duplexPair();
  const received: Buffer[] = [];
  peer.on('data', (chunk: Buffer) => received.push(chunk));
  return { end: endOf(one, options), peer, received };
}

async function opened({ relay, device }: { relay: End; device: End }, port = 4321) {
  const near = relay.tunnel.open({ ...address, port });
  near.on('error', () => {});
  await until(() => device.clients.some(({ remotePort }) => remotePort === port));
  const far = device.clients.find(({ remotePort }) => remotePort === port)!;
  return { near, far };
}

it('carries bytes, addresses and each side’s end apart', async () => {
  const ends = pair();
  const { near, far } = await opened(ends);
  expect(far).toMatchObject({
    remoteFamily: 'IPv4', remoteAddress: '127.0.1.1', remotePort: 4321, localPort: 22, service: 'tcp', servername: 'a.example',
  }); // prettier-ignore
  near.end('question');
  expect(await readToEnd(far)).toBe('question');
  // The client's end has come, and the answer still goes back.
  far.end('answer');
  expect(await readToEnd(near)).toBe('answer');
  await until(() => ends.relay.tunnel.size === 0 && ends.device.tunnel.size === 0);
});

it('resets the client at the other side when one is destroyed, and frees its id', async () => {
  const ends = pair();
  for (const from of ['near', 'far'] as const) {
    const sockets = await opened(ends);
    const to = from === 'near' ? sockets.far : sockets.near;
    const failed = once(to, 'error');
    sockets[from].destroy(Object.assign(new Error('at 10.0.0.1'), { code: 'ECONNREFUSED' }));
    const [error] = await failed;
    expect(error).toMatchObject({ code: 'M_PROXY_CLIENT_RESET', cause: { code: 'ECONNREFUSED' } });
    expect(JSON.stringify(error.cause)).not.toContain('10.0.0.1');
    await until(() => ends.relay.tunnel.size === 0 && ends.device.tunnel.size === 0);
    ends.device.clients.length = 0;
  }
});

it('pauses one client that is not read, and no other', async () => {
  const ends = pair();
  const stalled = await opened(ends, 1);
  const moving = await opened(ends, 2);
  const block = Buffer.alloc(64 * 1024, 'x');
  // More than all buffers on the way can take.
  const total = 40 * 1024 * 1024;
  let written = 0;
  const write = (): void => {
    while (written < total) {
      written += block.byteLength;
      if (!stalled.near.write(block)) {
        return;
      }
    }
  };
  stalled.near.on('drain', write);
  write();
  let moved = 0;
  moving.far.on('data', (chunk: Buffer) => (moved += chunk.byteLength));
  for (let turn = 0; turn < 200; turn++) {
    if (!moving.near.write(block)) {
      await once(moving.near, 'drain');
    }
  }
  await until(() => moved === 200 * block.byteLength);
  expect(written).toBeLessThan(2 * 1024 * 1024);
  // What had to wait comes once it is read.
  let read = 0;
  stalled.far.on('data', (chunk: Buffer) => (read += chunk.byteLength));
  await until(() => read === total);
});

it('lets clients take turns', async () => {
  const ends = pair();
  const large = await opened(ends, 1);
  const small = await opened(ends, 2);
  large.far.resume();
  large.near.write(Buffer.alloc(50 * 1024 * 1024));
  small.near.write('now');
  const left = await new Promise((resolve) => small.far.once('data', () => resolve(large.near.writableLength)));
  expect(left).toBeGreaterThan(0);
});

it('answers commands, refuses unknown ones, and gives up on those unanswered', async () => {
  const { relay } = pair();
  expect(await relay.tunnel.request('anything', 1, 'two')).toEqual([1, 'two']);
  const { end } = facing({ requestTimeout: 30 });
  await expect(end.tunnel.request('silence')).rejects.toMatchObject({ code: 'M_PROXY_REQUEST_TIMEOUT' });
  const all = Promise.allSettled(Array.from({ length: 65 }, () => end.tunnel.request('silence')));
  const reasons = (await all).map((each) => (each as PromiseRejectedResult).reason.code);
  expect(reasons.at(-1)).toBe('M_PROXY_LIMIT');
});

it('ends a tunnel whose peer sends what is no message, with the place it broke', async () => {
  const { end, peer, received } = facing();
  const client = end.tunnel.open(address);
  const failed = once(client, 'error');
  peer.write(Buffer.concat([packControl([1, 'ping']), bytesOf('HTTP/1.1 200 OK')]));
  expect(await end.closed).toMatchObject({ code: 'M_PROXY_BAD_VERSION', field: 'version', offset: 25 });
  expect((await failed)[0]).toMatchObject({ code: 'M_PROXY_BAD_VERSION' });
  await until(() => peer.readableEnded);
  // The peer is told why.
  const last = unpackAll([Buffer.concat(received)]).at(-1)!;
  expect(Buffer.from(last.data!, 'base64').toString()).toContain('M_PROXY_BAD_VERSION');
});

it('ends a tunnel whose peer announces too much, sends bad control messages, or stops within a message', async () => {
  const cases: [Uint8Array, string][] = [
    [packMessage(address, new Uint8Array(2000)), 'M_PROXY_DATA_TOO_LONG'],
    [packMessage(null, bytesOf('no json'), 'control'), 'M_PROXY_BAD_CONTROL'],
    [packMessage(null, { id: 1 }, 'control'), 'M_PROXY_BAD_CONTROL'],
    [packMessage(null, undefined, 'control'), 'M_PROXY_BAD_CONTROL'],
  ];
  for (const [bytes, code] of cases) {
    const { end, peer } = facing({ maxMessageLength: 1000 });
    peer.write(bytes);
    expect(await end.closed).toMatchObject({ code });
  }
  const { end, peer } = facing();
  peer.end(packMessage(address, bytesOf('data')).subarray(0, -1));
  expect(await end.closed).toMatchObject({ code: 'M_PROXY_TRUNCATED' });
});

it('ignores messages of clients it does not have, and answers to nothing', async () => {
  const { end, peer } = facing();
  for (const event of [undefined, 'pause', 'resume', 'end', 'error']) {
    peer.write(packMessage({ ...address, port: 9 }, bytesOf('x'), event));
  }
  peer.write(packControl([-77, null]));
  peer.write(packMessage(address, undefined, 'connection'));
  peer.write(packMessage(address, undefined, 'connection'));
  peer.write(packMessage(address, bytesOf('one')));
  await until(() => end.clients.length > 0);
  const [chunk] = await once(end.clients[0]!, 'data');
  expect(String(chunk)).toBe('one');
  expect(end.clients).toHaveLength(1);
  expect(end.state.isClosed).toBe(false);
});

it('resets only the client whose peer does not pause', async () => {
  const { end, peer, received } = facing({ maxClientBuffer: 1_000_000 });
  for (const port of [1, 2]) {
    peer.write(packMessage({ ...address, port }, undefined, 'connection'));
  }
  const block = new Uint8Array(50_000);
  for (let turn = 0; turn < 60; turn++) {
    peer.write(packMessage({ ...address, port: 1 }, block));
  }
  await until(() => end.clients[0]?.destroyed === true);
  expect(end.clients[0]!.errored).toMatchObject({ code: 'M_PROXY_BUFFER_EXCEEDED' });
  peer.write(packMessage({ ...address, port: 2 }, bytesOf('fine')));
  expect(String((await once(end.clients[1]!, 'data'))[0])).toBe('fine');
  const events = () => unpackAll([Buffer.concat(received)]).map(({ event, port }) => `${event} ${port}`);
  await until(() => events().includes('error 1'));
  expect(events()).toContain('pause 1');
});

it('keeps a flood of one-byte messages in little more than its bytes', async () => {
  const { end, peer } = facing();
  peer.write(packMessage(address, undefined, 'connection'));
  const full = packMessage(address, new Uint8Array(300_000));
  peer.write(full);
  const tiny = Buffer.concat(Array.from({ length: 1000 }, () => packMessage(address, bytesOf('x'))));
  for (let turn = 0; turn < 200; turn++) {
    peer.write(tiny);
  }
  await until(() => end.clients[0]?.backlogLength === 200_000);
  let read = 0;
  end.clients[0]!.on('data', (chunk: Buffer) => (read += chunk.byteLength));
  await until(() => read === 500_000);
});

it('limits the clients of a tunnel, on the side that opens and on the side that takes', async () => {
  const { end, peer, received } = facing({ maxClients: 2 });
  for (const port of [1, 2, 3]) {
    peer.write(packMessage({ ...address, port }, undefined, 'connection'));
  }
  await until(() => received.length > 0);
  expect(unpackAll([Buffer.concat(received)])).toMatchObject([{ event: 'error', port: '3', code: 'M_PROXY_LIMIT' }]);
  expect(() => end.tunnel.open({ ...address, port: 4 })).toThrow(expect.objectContaining({ code: 'M_PROXY_LIMIT' }));
});

it('ends a tunnel whose peer is silent, and keeps one whose peer only answers pings', async () => {
  const times = { heartbeatInterval: 20, heartbeatTimeout: 90 };
  const { end } = facing(times);
  expect(await end.closed).toMatchObject({ code: 'M_PROXY_HEARTBEAT_LOST' });
  const { relay, device } = pair(times);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect([relay.state.isClosed, device.state.isClosed]).toEqual([false, false]);
});

it('ends a tunnel whose peer reads nothing', async () => {
  const [one, peer] = duplexPair();
  const end = endOf(one, { heartbeatInterval: 20, stallTimeout: 60 });
  const alive = setInterval(() => peer.write(packControl([1, 'ping'])), 10);
  atEnd(() => clearInterval(alive));
  end.tunnel
    .open(address)
    .on('error', () => {})
    .write(Buffer.alloc(1_000_000));
  expect(await end.closed).toMatchObject({ code: 'M_PROXY_STALLED' });
});

it('ends a tunnel whose peer asks for answers and does not read them', async () => {
  const [one, peer] = duplexPair();
  const end = endOf(one, { maxTunnelBuffer: 100_000 });
  const pings = Buffer.concat(Array.from({ length: 20_000 }, () => packControl([1, 'ping'])));
  peer.write(pings);
  expect(await end.closed).toMatchObject({ code: 'M_PROXY_STALLED' });
});

it('forgets a client whose peer takes an end for the end of both sides', async () => {
  const { end, peer } = facing({ heartbeatInterval: 20, halfOpenTimeout: 50 });
  const alive = setInterval(() => peer.write(packControl([1, 'ping'])), 10);
  atEnd(() => clearInterval(alive));
  end.tunnel.open(address).end('bye');
  await until(() => end.tunnel.size === 0);
});
