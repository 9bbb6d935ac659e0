/**
 * @module
 * Relays, devices and servers on loopback ports for the tests of the tunnel; each test ends what it started.
 */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import {
  createDevice,
  createRelay,
  tokenTable,
  type Device,
  type DeviceOptions,
  type Grant,
  type Relay,
  type RelayOptions,
} from './index.js';

type Ending = () => unknown;
const endings: Ending[] = [];

/** Runs after the test, the last one first. */
export function atEnd(ending: Ending): void {
  endings.push(ending);
}

afterEach(async () => {
  for (let ending = endings.pop(); ending; ending = endings.pop()) {
    await ending();
  }
});

export async function listen(server: Server, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    if (typeof socket.resetAndDestroy === 'function') {
      sockets.add(socket.on('close', () => sockets.delete(socket)));
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export interface LocalRelay {
  relay: Relay;
  /** The URL for devices. */
  url: string;
  port: number;
  /** As a killed process: every socket is gone, nothing is said. */
  kill(): Promise<void>;
}

export async function startRelay(
  grants: Record<string, Grant>,
  options: Partial<RelayOptions> & { port?: number } = {},
): Promise<LocalRelay> {
  const { port: wanted = 0, ...rest } = options;
  const relay = createRelay({ authenticate: tokenTable(grants), ...rest });
  const server = createHttpServer((_request, response) => response.writeHead(404).end());
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('upgrade', (request, socket, head) => {
    if (relay.shouldRoute(request)) {
      relay.routeUpgrade(request, socket, head);
    } else {
      socket.destroy();
    }
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let isOver = false;
  const kill = async () => {
    if (!isOver) {
      isOver = true;
      sockets.forEach((socket) => socket.resetAndDestroy());
      server.close();
      await relay.close();
    }
  };
  atEnd(kill);
  return { relay, url: `ws://127.0.0.1:${port}`, port, kill };
}

export async function startDevice(options: DeviceOptions): Promise<Device> {
  const device = createDevice({ minReconnectDelay: 20, maxReconnectDelay: 200, ...options });
  atEnd(() => device.close());
  await device.start();
  return device;
}

/** A TCP server that sends back what it gets, with its name first. */
export async function startEcho(name = ''): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    if (name) {
      socket.write(name);
    }
    socket.pipe(socket);
  });
  return listen(server);
}

export function connectTo(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  atEnd(() => socket.destroy());
  return socket;
}

/** Everything until the end of the stream, which is left open for writing. */
export function readToEnd(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    stream.on('end', () => resolve(text));
    stream.on('error', reject);
  });
}

/** When the stream is closed, orderly or not. */
export function closing(stream: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => stream.on('close', () => resolve()));
}

/** The next bytes, once there are so many. */
export async function readSome(socket: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString('latin1');
  }
  return text;
}

export async function until(condition: () => boolean, what = 'a condition'): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if (condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${what} has not come in 5 s`);
}
