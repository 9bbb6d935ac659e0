/**
 * WebSockets through the server, held to what the sections of the Autobahn test suite ask of an endpoint: framing (1), pings (2), opcodes
 * and fragmentation (5), UTF-8 (6), close handling (7), limits (9), messages without gaps (10), compression (12). The same for v1, v2 and v3, in
 * both directions.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { encodeSubprotocol } from '@culvert/bare-protocol';
import { expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { exchange, listen, onCleanup, startBareServer } from '../local-servers.test-support.js';

vi.setConfig({ testTimeout: 60_000 });

const versions = ['v1', 'v2', 'v3'] as const;
type Version = (typeof versions)[number];
type Message = [data: Buffer, isBinary: boolean];

/** Everything that one end gets, in order, from the moment it is there. */
class End {
  readonly messages: Message[] = [];
  readonly pings: string[] = [];
  readonly pongs: string[] = [];
  readonly closed: Promise<[number, string]>;

  constructor(readonly socket: WebSocket) {
    onCleanup(() => socket.terminate());
    socket.on('message', (data: Buffer, isBinary) => this.messages.push([data, isBinary]));
    socket.on('ping', (data) => this.pings.push(data.toString()));
    socket.on('pong', (data) => this.pongs.push(data.toString()));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve([code, reason.toString()]));
    });
  }

  async received(count: number): Promise<Message[]> {
    await expect.poll(() => this.messages.length, { interval: 5, timeout: 20_000 }).toBeGreaterThanOrEqual(count);
    return this.messages.splice(0, count);
  }
}

/** A tunnel: the client's end and the remote's. */
async function openTunnel(
  version: Version,
  { greeting = [] as string[], early = [] as string[], perMessageDeflate = false } = {},
): Promise<{ client: End; remote: End }> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin, perMessageDeflate });
  const remote = new Promise<End>((resolve) => {
    server.once('connection', (socket) => {
      const end = new End(socket);
      for (const text of greeting) socket.send(text);
      resolve(end);
    });
  });
  const port = await listen(origin);
  const bare = await startBareServer();
  const url = `${bare.replace('http', 'ws')}${version}/`;
  const options = { perMessageDeflate };
  if (version === 'v3') {
    const socket = new WebSocket(url, options);
    const client = new End(socket);
    await once(socket, 'open');
    socket.send(
      JSON.stringify({
        type: 'connect',
        remote: `ws://127.0.0.1:${port}/`,
        protocols: [],
        headers: {},
        forwardHeaders: [],
      }),
    );
    for (const text of early) socket.send(text);
    const [open] = await client.received(1);
    expect(JSON.parse(open![0].toString())).toMatchObject({ type: 'open' });
    return { client, remote: await remote };
  }
  const client = new End(new WebSocket(url, await protocolsFor(version, bare, port), options));
  await once(client.socket, 'open');
  for (const text of early) client.socket.send(text);
  return { client, remote: await remote };
}

async function protocolsFor(version: 'v1' | 'v2', bare: string, port: number): Promise<string[]> {
  if (version === 'v1') {
    const remote = { host: '127.0.0.1', port, protocol: 'ws:', path: '/' };
    const forward = ['sec-websocket-extensions'];
    return ['bare', encodeSubprotocol(JSON.stringify({ remote, headers: {}, forward_headers: forward }))];
  }
  const { body } = await exchange(`${bare}v2/ws-new-meta`, {
    headers: {
      'X-Bare-Host': '127.0.0.1',
      'X-Bare-Port': String(port),
      'X-Bare-Protocol': 'ws:',
      'X-Bare-Path': '/',
      'X-Bare-Headers': '{}',
    },
  });
  return [body];
}

/** Each direction: who sends, who receives. */
function directions({ client, remote }: { client: End; remote: End }): [End, End][] {
  return [
    [client, remote],
    [remote, client],
  ];
}

const sizes = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537];

it.each(versions)('%s carries texts and binaries of every length class (1.1, 1.2)', async (version) => {
  for (const [from, to] of directions(await openTunnel(version))) {
    for (const size of sizes) {
      from.socket.send('*'.repeat(size));
      from.socket.send(Buffer.alloc(size, 0xfe));
    }
    const received = await to.received(sizes.length * 2);
    expect(received.map(([data, isBinary]) => [data.length, isBinary])).toEqual(
      sizes.flatMap((size) => [
        [size, false],
        [size, true],
      ]),
    );
    expect(received.every(([data, isBinary]) => data.every((byte) => byte === (isBinary ? 0xfe : 0x2a)))).toBe(true);
  }
});

it.each(versions)('%s answers pings of every length, in between messages and fragments too (2, 5)', async (version) => {
  for (const [from, to] of directions(await openTunnel(version))) {
    const payloads = ['', 'hello', 'x'.repeat(125)];
    for (const payload of payloads) from.socket.ping(payload);
    from.socket.send('frag', { fin: false });
    from.socket.ping('between');
    from.socket.send('ment', { fin: true });
    // A pong that nobody asked for is ignored.
    from.socket.pong('unsolicited');
    from.socket.send('after');
    // v1 and v2 relay that pong of the other direction, v3 keeps it to itself: both are right.
    const pongs = (): string[] => from.pongs.filter((pong) => pong !== 'unsolicited');
    await expect.poll(pongs, { timeout: 5000 }).toEqual([...payloads, 'between']);
    expect((await to.received(2)).map(([data]) => data.toString())).toEqual(['fragment', 'after']);
  }
});

it.each(versions)('%s joins fragments, empty ones too, of either type (5)', async (version) => {
  for (const [from, to] of directions(await openTunnel(version))) {
    for (const isBinary of [false, true]) {
      const options = { binary: isBinary };
      for (const piece of ['', 'one ', '', 'two ', 'three', '']) from.socket.send(piece, { ...options, fin: false });
      from.socket.send('.', { ...options, fin: true });
    }
    expect((await to.received(2)).map(([data, isBinary]) => [data.toString(), isBinary])).toEqual([
      ['one two three.', false],
      ['one two three.', true],
    ]);
  }
});

it.each(versions)('%s carries every kind of character, also cut by fragments (6)', async (version) => {
  const text = 'caf\u00e9 \u2713 \u{1f600} \u0000 \ufeff \uffff \u{10ffff} \ud7ff \ue000';
  const bytes = Buffer.from(text);
  for (const [from, to] of directions(await openTunnel(version))) {
    from.socket.send(text);
    for (let index = 0; index < bytes.length; index++) {
      from.socket.send(bytes.subarray(index, index + 1), { binary: false, fin: index === bytes.length - 1 });
    }
    expect((await to.received(2)).map(([data]) => data.toString())).toEqual([text, text]);
  }
});

const closes: [number | undefined, string, [number, string]][] = [
  [undefined, '', [1005, '']],
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 3999, 4000, 4999].map(
    (code): [number, string, [number, string]] => [code, `because ${code}`, [code, `because ${code}`]],
  ),
  [1000, '', [1000, '']],
  [4000, '\u2713'.repeat(41), [4000, '\u2713'.repeat(41)]],
];

it.each(versions)(
  '%s carries close codes and reasons both ways (7)',
  async (version) => {
    for (const side of [0, 1]) {
      await Promise.all(
        closes.map(async ([code, reason, expected]) => {
          const [from, to] = directions(await openTunnel(version))[side]!;
          from.socket.send('last words');
          if (code === undefined) from.socket.close();
          else from.socket.close(code, reason);
          expect(await to.closed).toEqual(expected);
          expect(to.messages.map(([data]) => data.toString())).toEqual(['last words']);
          await from.closed;
        }),
      );
    }
  },
  20_000,
);

it.each(versions)('%s carries an abrupt end as one, after all that was said (7)', async (version) => {
  for (const side of [0, 1]) {
    const [from, to] = directions(await openTunnel(version))[side]!;
    from.socket.send('last words', () => from.socket.terminate());
    expect((await to.closed)[0]).toBe(1006);
    expect(to.messages.map(([data]) => data.toString())).toEqual(['last words']);
  }
});

it.each(versions)(
  '%s carries messages of 1 and 16 MB, whole and in fragments (9)',
  async (version) => {
    const data = randomBytes(16 * 1024 * 1024);
    for (const [from, to] of directions(await openTunnel(version))) {
      from.socket.send(data.subarray(0, 1024 * 1024));
      from.socket.send(data);
      for (let at = 0; at < data.length; at += 1024 * 1024) {
        from.socket.send(data.subarray(at, at + 1024 * 1024), { fin: at + 1024 * 1024 >= data.length });
      }
      const [one, whole, joined] = await to.received(3);
      expect(one![0].equals(data.subarray(0, 1024 * 1024))).toBe(true);
      expect(whole![0].equals(data)).toBe(true);
      expect(joined![0].equals(data)).toBe(true);
    }
  },
  60_000,
);

it.each(versions)(
  '%s keeps the order of ten thousand messages that cross (9, 10)',
  async (version) => {
    const { client, remote } = await openTunnel(version);
    const numbers = Array.from({ length: 5_000 }, (_, index) => String(index));
    for (const number of numbers) {
      client.socket.send(number);
      remote.socket.send(number);
    }
    for (const end of [client, remote]) {
      expect((await end.received(numbers.length)).map(([data]) => data.toString())).toEqual(numbers);
    }
  },
  20_000,
);

it.each(versions)('%s loses nothing that is sent with the handshake, on either side', async (version) => {
  const greeting = ['first', 'second', 'x'.repeat(100_000)];
  const early = ['early', 'y'.repeat(100_000)];
  const { client, remote } = await openTunnel(version, { greeting, early });
  expect((await client.received(3)).map(([data]) => data.toString())).toEqual(greeting);
  expect((await remote.received(2)).map(([data]) => data.toString())).toEqual(early);
});

it.each(versions)('%s relays compressed messages (12)', async (version) => {
  const text = 'compress me '.repeat(10_000);
  for (const [from, to] of directions(await openTunnel(version, { perMessageDeflate: true }))) {
    from.socket.send(text);
    from.socket.send('short');
    expect((await to.received(2)).map(([data]) => data.toString())).toEqual([text, 'short']);
  }
});
