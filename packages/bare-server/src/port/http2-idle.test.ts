import { once } from 'node:events';
import { expect, it } from 'vitest';
import { openSession, openWebSocketOverHttp2, startPort, tcp } from './port-clients.test-support.js';

it('closes a connection of HTTP/2 on which nothing is asked', async () => {
  const session = await openSession(await tcp(await startPort({ http2IdleTimeout: 50 })));
  const [code] = (await once(session, 'goaway')) as [number];
  expect(code).toBe(0);
  if (!session.closed) await once(session, 'close');
});

it('keeps a connection of HTTP/2 on which a WebSocket is silent', { timeout: 20_000 }, async () => {
  const port = await startPort({ http2IdleTimeout: 1_000 });
  const socket = await openWebSocketOverHttp2(await openSession(await tcp(port)), '/socket');
  await once(socket, 'message');
  // Opened later, and gone earlier.
  const idle = await openSession(await tcp(port));
  if (!idle.closed) await once(idle, 'close');
  socket.send('still there');
  const [message] = (await once(socket, 'message')) as [Buffer];
  expect(String(message)).toBe('still there');
  socket.terminate();
});

it('asks a client that has its answer, and sends nothing more of its request, to end it without an error', async () => {
  const port = await startPort({ request: (_request, response) => void response.end('enough') });
  const session = await openSession(await tcp(port));
  const stream = session.request({ ':path': '/', ':method': 'POST', ':authority': 'a.test' });
  stream.write('some of it');
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  await once(stream, 'close');
  expect([text, stream.rstCode]).toEqual(['enough', 0]);
});
