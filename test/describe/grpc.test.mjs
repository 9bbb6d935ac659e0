import path from 'node:path';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { loadSchema } from '@culvert/http2-describe';
import { expect, it } from 'vitest';
import { expectAgreement } from './support/agree.mjs';
import { startChain } from './support/chain.mjs';

const proto = path.join(import.meta.dirname, 'users.proto');
const { Users } = grpc.loadPackageDefinition(loadSync(proto, { keepCase: true, longs: String })).test.users;

const userNumber = (index, size = 10) => ({
  first_name: `user ${index}`,
  numbers: [index, -1],
  picture: Buffer.alloc(size, index),
});

async function startServer() {
  const server = new grpc.Server();
  server.addService(Users.service, {
    Get: ({ request }, answer) => answer(null, userNumber(request.count, 50_000)),
    List(call) {
      for (let index = 0; index < call.request.count; index++) call.write(userNumber(index));
      call.end();
    },
    Talk(call) {
      call.on('data', (user) => call.write(user));
      call.on('end', () => call.end());
    },
    Fail: (_, answer) => answer({ code: grpc.status.NOT_FOUND, details: 'nobody – niemand' }),
  });
  const port = await new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, close: () => new Promise((resolve) => server.tryShutdown(resolve)) };
}

const call = (client, method, request, metadata = new grpc.Metadata()) =>
  new Promise((resolve, reject) =>
    client[method](request, metadata, (error, answer) => (error ? reject(error) : resolve(answer))),
  );

const readAll = async (stream) => {
  const users = [];
  for await (const user of stream) users.push(user);
  return users;
};

it.each([
  ['plain', {}],
  ['compressed', { 'grpc.default_compression_algorithm': 2 }],
])('agrees with tshark on gRPC, %s, and names its messages', async (_, options) => {
  const server = await startServer();
  const chain = await startChain(server.port, { schema: loadSchema([proto]) });
  const client = new Users(`127.0.0.1:${chain.port}`, grpc.credentials.createInsecure(), options);
  const metadata = new grpc.Metadata();
  metadata.set('x-text', 'words');
  metadata.set('x-binary-bin', Buffer.from([0, 255, 128]));
  expect(await call(client, 'Get', { query: 'first '.repeat(30), count: 7 }, metadata)).toMatchObject({
    first_name: 'user 7',
  });
  expect((await readAll(client.List({ query: '', count: 20 }))).length).toBe(20);
  const talk = client.Talk();
  for (let index = 0; index < 5; index++) talk.write(userNumber(index, 20_000));
  talk.end();
  expect((await readAll(talk)).length).toBe(5);
  await expect(call(client, 'Fail', { query: '', count: 0 })).rejects.toMatchObject({ code: 5 });
  client.close();
  const told = await chain.finish();
  await server.close();
  const { errors } = expectAgreement(told);
  expect(errors).toEqual([]);
  const messages = told.records.flatMap(({ grpcMessages = [] }) => grpcMessages);
  const typed = messages.filter(({ type }) => type !== undefined);
  expect(typed.filter(({ type }) => type === 'test.users.User').length).toBe(1 + 20 + 5 + 5);
  expect(typed.filter(({ type }) => type === 'test.users.Request').length).toBeGreaterThanOrEqual(2);
  expect(messages.some(({ encoding }) => encoding === 'gzip')).toBe(Object.keys(options).length > 0);
  expect(JSON.stringify(typed)).toContain('user 19');
});
