/** @module What stands between a browser and Culvert, and fails on demand: dead, deaf, or cutting answers off. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface FaultyRelay {
  /** Such as `http://localhost:40321`. */
  readonly origin: string;
  /** Ends every connection, and refuses new ones until `restart`. */
  kill(): Promise<void>;
  /** Passes nothing on any more, in both directions, until `resume`. */
  stall(): void;
  resume(): void;
  /** Ends each connection, old or new, after so many more bytes of answers; `null` ends none. */
  truncate(bytes: number | null): void;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultyRelay(targetPort: number): Promise<FaultyRelay> {
  const sockets = new Set<Socket>();
  let isStalled = false;
  let limit: number | null = null;
  let passed = new Map<Socket, number>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The other side of the pair ends with it.
    socket.on('error', () => socket.destroy());
    if (isStalled) socket.pause();
  };
  const relay = (client: Socket) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      from.on('data', (chunk) => {
        if (from !== target || limit === null) return void to.write(chunk);
        const before = passed.get(target) ?? 0;
        passed.set(target, before + chunk.length);
        if (before + chunk.length <= limit) to.write(chunk);
        else to.write(chunk.subarray(0, limit - before), () => to.destroy());
      });
      from.on('end', () => to.end());
      from.on('close', () => to.destroy());
      keep(from);
    }
  };
  let server: Server;
  let port = 0;
  const listen = async () => {
    server = createServer(relay).listen(port, 'localhost');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const kill = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen();
  return {
    origin: `http://localhost:${port}`,
    kill,
    stall() {
      isStalled = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isStalled = false;
      for (const socket of sockets) socket.resume();
    },
    truncate(bytes) {
      limit = bytes;
      passed = new Map();
    },
    restart: listen,
    async close() {
      if (server.listening) await kill();
    },
  };
}
