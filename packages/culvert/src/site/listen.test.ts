import { describeSocket } from '@culvert/http2-describe';
import { expect, it } from 'vitest';
import { listen } from './listen.js';

it('gives its connections to what wraps them', async () => {
  let text = '';
  const { port, close } = await listen(
    {
      request: (request, response) => void response.end(`you are at ${request.socket.remoteAddress}`),
      upgrade: (_request, socket) => void socket.destroy(),
      clientError: (_error, socket) => void socket.destroy(),
    },
    {
      host: 'localhost',
      port: 0,
      invocation: 'culvert serve',
      wrapConnection: (socket) => describeSocket(socket, { write: (more) => (text += more) }),
    },
  );
  const answer = await fetch(`http://127.0.0.1:${port}/described`);
  expect(await answer.text()).toMatch(/^you are at (::ffff:)?127\.0\.0\.1$/);
  await close();
  expect(text).toContain("b'GET /described HTTP/1.1'");
  expect(text).toContain("b'HTTP/1.1 200 OK'");
});
