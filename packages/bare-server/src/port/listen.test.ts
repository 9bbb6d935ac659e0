import net from 'node:net';
import { expect, it } from 'vitest';
import { createServer, type ServerOptions } from '../create-server.js';
import { onCleanup } from '../local-servers.test-support.js';
import { listen } from './listen.js';
import { openSession, readAll, tcp } from './port-clients.test-support.js';

const start = async (host: string, port = 0) => {
  const listening = await listen((socket) => socket.end('hello'), { host, port });
  onCleanup(() => listening.close());
  return listening;
};

it('says which port is in use', async () => {
  const { port } = await start('127.0.0.1');
  await expect(start('127.0.0.1', port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    port,
    message: expect.stringContaining('another program uses it'),
  });
});

it('says that a host is not of this machine', async () => {
  await expect(start('192.0.2.1')).rejects.toMatchObject({ code: 'HOST_UNKNOWN' });
});

it('listens on both addresses of localhost with one port', async () => {
  const { port, addresses } = await start('localhost');
  // A machine without IPv6 has no ::1.
  expect(addresses[0]).toBe('127.0.0.1');
  for (const host of addresses) expect(await readAll(net.connect(port, host))).toBe('hello');
});

it('listens on IPv6', async () => {
  const { port } = await start('::1');
  expect(await readAll(net.connect(port, '::1'))).toBe('hello');
});

it('lets what is under way end when it closes, and takes nothing new', async () => {
  let answer: (() => void) | undefined;
  const request: ServerOptions['request'] = (_request, response) => {
    response.write('first ');
    answer = () => response.end('last');
  };
  const server = createServer({ request });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const stream = await tcp(port);
  const begun = new Promise<void>((resolve) => stream.once('readable', resolve));
  stream.write('GET / HTTP/1.0\r\n\r\n');
  await begun;
  const session = await openSession(await tcp(port));
  const idle = new Promise((resolve) => session.once('close', resolve));
  const closing = server.close(5000);
  await idle;
  await expect(tcp(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  answer!();
  expect(await readAll(stream)).toMatch(/first last$/);
  await closing;
});
