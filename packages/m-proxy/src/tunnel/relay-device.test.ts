import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer as createHttpsServer, request as requestHttps, type RequestOptions } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { bytesOfHex, helloHex } from '../vectors.test-support.js';
import { certificate, privateKey } from './certificate.test-support.js';
import { createDevice } from './index.js';
import {
  atEnd, closing, connectTo, listen, readSome, readToEnd, startDevice, startEcho, startRelay, until,
} from './local-tunnel.test-support.js'; // prettier-ignore

const grants = {
  first: { device: 'first', names: ['a.example', '*.a.example'], ports: [0] },
  second: { device: 'second', names: ['b.example'] },
};

function get(port: number, host: string, path = '/'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers: { Host: host }, agent: false }, (response) => {
      readToEnd(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}

it('routes HTTP by host name to two devices, one client to both', async () => {
  const { relay, url } = await startRelay(grants);
  const { port } = await relay.listen({ service: 'http' });
  for (const name of ['first', 'second']) {
    const server = createHttpServer((incoming, response) => {
      response.end(`${name} ${incoming.headers.host} ${incoming.socket.remoteAddress}`);
    });
    // One device has its server in its own process, the other on a port.
    const to = name === 'first' ? server : await listen(server);
    await startDevice({ relay: url, tokens: [name], expose: [{ service: 'http', to }] });
  }
  expect(await get(port, 'a.example')).toEqual({ status: 200, body: 'first a.example 127.0.0.1' });
  expect((await get(port, 'x.A.example:80')).body).toBe('first x.A.example:80 127.0.0.1');
  expect((await get(port, 'b.example')).body).toBe('second b.example 127.0.0.1');
  expect(await get(port, 'c.example')).toEqual({ status: 404, body: 'M_PROXY_NO_ROUTE\n' });
  expect(relay.devices().map(({ device, isOnline }) => [device, isOnline])).toEqual([
    ['first', true],
    ['second', true],
  ]);
});

it('routes TLS by its server name, passing on every byte', async () => {
  const { relay, url } = await startRelay({ t: { device: 'd', names: ['pokemap.hellabit.com'] } });
  const { port } = await relay.listen({ service: 'auto' });
  const device = await startDevice({
    relay: url,
    tokens: ['t'],
    expose: [{ service: 'https', to: await startEcho() }],
  });
  const clients: unknown[] = [];
  device.on('client', ({ service, servername, localPort }) => clients.push({ service, servername, localPort }));
  const hello = Buffer.from(bytesOfHex(helloHex));
  const socket = connectTo(port);
  // In two pieces: the second comes once the relay has seen the first.
  socket.write(hello.subarray(0, 20));
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.write(hello.subarray(20));
  expect(await readSome(socket, hello.byteLength)).toBe(hello.toString('latin1'));
  expect(clients).toEqual([{ service: 'https', servername: 'pokemap.hellabit.com', localPort: port }]);
});

it('carries HTTPS end to end to a server in the device’s process, which alone has the key', async () => {
  const { relay, url } = await startRelay({ t: { device: 'd', names: ['*.tls.example'] } });
  const { port } = await relay.listen({ service: 'auto' });
  const server = createHttpsServer({ key: privateKey, cert: certificate }, (incoming, response) => {
    incoming.pipe(response);
  });
  await startDevice({ relay: url, tokens: ['t'], expose: [{ service: 'https', to: server }] });
  const body = 'x'.repeat(3_000_000);
  const answer = await new Promise<string>((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      servername: 'a.tls.example',
      ca: certificate,
      method: 'POST',
      agent: false,
    };
    requestHttps(options as RequestOptions, (response) => readToEnd(response).then(resolve, reject))
      .on('error', reject)
      .end(body);
  });
  expect(answer === body).toBe(true);
});

it('carries a WebSocket to a server in the device’s process', async () => {
  const { relay, url } = await startRelay(grants);
  const { port } = await relay.listen({ service: 'http' });
  const server = createHttpServer();
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await startDevice({ relay: url, tokens: ['second'], expose: [{ to: server }] });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { Host: 'b.example' } });
  await once(socket, 'open');
  socket.send('hello');
  expect(String((await once(socket, 'message'))[0])).toBe('hello');
  socket.close(4000, 'done');
  expect(await once(socket, 'close')).toMatchObject([4000, Buffer.from('done')]);
});

it('routes TCP by the port that a token has, with the end of each side apart', async () => {
  const { url } = await startRelay(grants);
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    socket.end(`got ${await readToEnd(socket)}`);
  });
  const device = await startDevice({
    relay: url,
    tokens: ['first'],
    expose: [{ service: 'tcp', to: await listen(server) }],
  });
  const socket = connectTo(device.registered[0]!.ports[0]!.port);
  socket.end('all of it');
  expect(await readToEnd(socket)).toBe('got all of it');
});

it('resets a client whose target refuses, or that nothing is exposed for', async () => {
  const { relay, url } = await startRelay(grants);
  const { port } = await relay.listen({ service: 'http' });
  const closed = createServer();
  const dead = await listen(closed);
  closed.close();
  await startDevice({ relay: url, tokens: ['first'], expose: [{ name: 'a.example', to: dead }] });
  await expect(get(port, 'a.example')).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(get(port, 'other.a.example')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('tells the relay why a client was reset, and nothing of addresses', async () => {
  const { relay } = await startRelay(grants);
  const { port } = await relay.listen({ service: 'device' });
  const seen: string[] = [];
  const open = () => {
    const stream = connectTo(port);
    const write = stream.write.bind(stream);
    stream.write = ((bytes: Buffer, ...rest: []) => {
      seen.push(Buffer.from(bytes).toString('latin1'));
      return write(bytes, ...rest);
    }) as typeof stream.write;
    return stream;
  };
  const closed = createServer();
  const dead = await listen(closed);
  closed.close();
  const device = await startDevice({ relay: open, tokens: ['first'], expose: [{ to: dead }] });
  await closing(connectTo(device.registered[0]!.ports[0]!.port));
  const error = seen.find((message) => message.includes(',error,'));
  expect(error).toContain('"code":"ECONNREFUSED"');
  expect(error).not.toContain(String(dead));
});

it('refuses clients that do not say where they want to go', async () => {
  const { relay } = await startRelay(grants, { sniffTimeout: 80, maxSniffLength: 2000 });
  const { port } = await relay.listen({ service: 'http' });
  const { port: anyPort } = await relay.listen({ service: 'auto' });
  const refused: string[] = [];
  relay.on('refused', ({ code }) => refused.push(code));
  expect(await readToEnd(connectTo(port))).toContain('400 Bad Request');
  const endless = connectTo(port);
  endless.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(3000)}`);
  expect(await readToEnd(endless)).toContain('400 Bad Request');
  const noise = connectTo(anyPort);
  noise.write('\0\0\0\0');
  await closing(noise);
  expect(refused).toEqual(Array(3).fill('M_PROXY_SNIFF_FAILED'));
});

it('takes devices over plain streams too', async () => {
  const { relay } = await startRelay(grants);
  const { port } = await relay.listen({ service: 'device' });
  const device = await startDevice({
    relay: `tcp://127.0.0.1:${port}`,
    tokens: ['first'],
    expose: [{ to: await startEcho() }],
  });
  const socket = connectTo(device.registered[0]!.ports[0]!.port);
  socket.write('ping');
  expect(await readSome(socket, 4)).toBe('ping');
});

it('sends away a device without a valid token, and one that shows none', async () => {
  const { relay, url } = await startRelay(grants, { authTimeout: 60 });
  const device = createDevice({ relay: url, tokens: ['wrong'], expose: [] });
  atEnd(() => device.close());
  await expect(device.start()).rejects.toMatchObject({ code: 'M_PROXY_BAD_TOKEN' });
  const lost = once(relay, 'deviceLost');
  const silent = createDevice({ relay: url, tokens: [], expose: [], minReconnectDelay: 10_000 });
  atEnd(() => silent.close());
  await silent.start();
  const [offline] = await once(silent, 'offline');
  expect(offline).toMatchObject({ code: 'M_PROXY_AUTH_TIMEOUT' });
  await lost;
});

it('refuses a name that another device has, and replaces the same device', async () => {
  const { relay, url } = await startRelay({ ...grants, thief: { device: 'thief', names: ['a.example'] } });
  const { port } = await relay.listen({ service: 'tcp', port: 0 });
  expect(port).toBeGreaterThan(0);
  const first = await startDevice({ relay: url, tokens: ['first'], expose: [{ to: await startEcho('old') }] });
  const thief = createDevice({ relay: url, tokens: ['thief'], expose: [] });
  atEnd(() => thief.close());
  void thief.start().catch(() => {});
  expect((await once(thief, 'offline'))[0]).toMatchObject({ code: 'M_PROXY_ROUTE_TAKEN' });
  thief.close();
  const failed = once(first, 'failed');
  const second = await startDevice({ relay: url, tokens: ['first'], expose: [{ to: await startEcho('new') }] });
  expect((await failed)[0]).toMatchObject({ code: 'M_PROXY_REPLACED' });
  const socket = connectTo(second.registered[0]!.ports[0]!.port);
  expect(await readSome(socket, 3)).toBe('new');
});

it('keeps a registration while its device is away, and lets clients wait for it', async () => {
  const { relay, url } = await startRelay(grants, { deviceWait: 2000 });
  const options = { relay: url, tokens: ['first'], expose: [{ to: await startEcho('hi') }] };
  const device = await startDevice(options);
  const { port } = device.registered[0]!.ports[0]!;
  const open = connectTo(port);
  await readSome(open, 2);
  const broken = closing(open);
  const lost = once(relay, 'deviceLost');
  device.close();
  await lost;
  await broken;
  const waiting = connectTo(port);
  await once(waiting, 'connect');
  const again = await startDevice(options);
  expect(again.registered[0]!.ports[0]!.port).toBe(port);
  expect(await readSome(waiting, 2)).toBe('hi');
});

it('answers 503 when the device does not come back, and forgets it in the end', async () => {
  const { relay, url } = await startRelay(grants, { deviceWait: 30, resumeWindow: 150 });
  const { port } = await relay.listen({ service: 'http' });
  const device = await startDevice({ relay: url, tokens: ['second'], expose: [] });
  device.close();
  await until(() => relay.devices()[0]?.isOnline === false);
  expect(await get(port, 'b.example')).toEqual({ status: 503, body: 'M_PROXY_DEVICE_OFFLINE\n' });
  await until(() => relay.devices().length === 0);
  expect((await get(port, 'b.example')).status).toBe(404);
});

it('loses only open connections when the relay is killed and started again', async () => {
  const killed = await startRelay(grants);
  const device = await startDevice({
    relay: killed.url,
    tokens: ['first', 'second'],
    expose: [{ to: await startEcho('hi') }],
  });
  const { port } = device.registered[0]!.ports[0]!;
  const open = connectTo(port);
  await readSome(open, 2);
  const broken = closing(open);
  const online = once(device, 'online');
  await killed.kill();
  await broken;
  await startRelay(grants, { port: killed.port });
  const [registered] = await online;
  // The same free port as before, though this relay never knew of it.
  expect(registered[0].ports).toEqual([{ port, service: 'tcp' }]);
  expect(await readSome(connectTo(port), 2)).toBe('hi');
});

it('comes back when its own stream is dead, as the same device', async () => {
  const { relay, port } = await startRelay(grants, { heartbeatInterval: 30, heartbeatTimeout: 200 });
  const streams: Socket[] = [];
  const { port: devicePort } = await relay.listen({ service: 'device' });
  expect(port).toBeGreaterThan(0);
  const open = () => {
    streams.push(connectTo(devicePort));
    return streams.at(-1)!;
  };
  const times = { heartbeatInterval: 30, heartbeatTimeout: 100 };
  const device = await startDevice({ relay: open, tokens: ['first'], expose: [], ...times });
  const before = device.registered;
  const online = once(device, 'online');
  const offline = once(device, 'offline');
  // No byte comes any more, and nobody says so.
  streams[0]!.removeAllListeners('data');
  streams[0]!.pause();
  expect((await offline)[0]).toMatchObject({ code: 'M_PROXY_HEARTBEAT_LOST' });
  expect((await online)[0]).toEqual(before);
});
