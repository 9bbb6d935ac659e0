import { createServer } from '@culvert/bare-server';
import { describeSocket } from '@culvert/http2-describe';
import { expect, it } from 'vitest';

it('gives its connections to what wraps them', async () => {
  let text = '';
  const server = createServer({
    request: (request, response) => void response.end(`you are at ${request.socket.remoteAddress}`),
    wrapConnection: (socket) => describeSocket(socket, { write: (more) => (text += more) }),
  });
  const { port } = await server.listen({ host: 'localhost', port: 0 });
  const answer = await fetch(`http://127.0.0.1:${port}/described`);
  expect(await answer.text()).toMatch(/^you are at (::ffff:)?127\.0\.0\.1$/);
  await server.close();
  expect(text).toContain("b'GET /described HTTP/1.1'");
  expect(text).toContain("b'HTTP/1.1 200 OK'");
});
