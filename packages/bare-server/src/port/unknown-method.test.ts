import { once } from 'node:events';
import { expect, it } from 'vitest';
import { askHttp1, readAll, secure, startPort, tcp } from './port-clients.test-support.js';
import { readUnknownMethod } from './unknown-method.js';

it('answers a request with a method that Node does not know, and the next one after it', async () => {
  const stream = await tcp(await startPort());
  stream.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(stream, 'data');
  stream.write('CHICKEN /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
  const second = String((await once(stream, 'data'))[0]);
  expect(second).toContain('"method":"CHICKEN"');
  expect(second).toContain('"body":"hi"');
  stream.write('NEW /3 HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(String((await once(stream, 'data'))[0])).toContain('"method":"NEW"');
  stream.write('PUT /4 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  expect(await readAll(stream)).toContain('"method":"PUT"');
});

it('answers it over TLS', async () => {
  const stream = await secure(await tcp(await startPort()));
  expect(await askHttp1(stream, { method: 'TESTING', body: 'hello' })).toMatchObject({
    method: 'TESTING',
    body: 'hello',
  });
});

it.each(['NE/W / HTTP/1.1\r\n', 'NEW\r\n', 'NEW / HTTP/3\r\n', `${'N'.repeat(65)} / HTTP/1.1\r\n`])(
  'leaves %j to be refused',
  (line) => {
    expect(
      readUnknownMethod(Object.assign(new Error(), { code: 'HPE_INVALID_METHOD', rawPacket: Buffer.from(line) })),
    ).toBeNull();
  },
);
