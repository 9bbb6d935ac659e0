import net from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { expectAgreement } from './support/agree.mjs';
import { startChain } from './support/chain.mjs';
import { runProgram } from './support/run-program.mjs';
import { startHttp2Server } from './support/servers.mjs';

const cleanups = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

async function chainToNode() {
  const server = await startHttp2Server();
  cleanups.push(() => server.close());
  return startChain(server.port);
}

/** The start of a connection that upgrades: Node has no server for it, so the answer is written by hand. */
async function startUpgradingServer() {
  const settings = Buffer.from('000000040000000000', 'hex');
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    let seen = '';
    let isUpgraded = false;
    socket.on('data', (bytes) => {
      seen += bytes.toString('latin1');
      if (!isUpgraded && seen.includes('\r\n\r\n')) {
        isUpgraded = true;
        const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
        socket.write(Buffer.concat([Buffer.from(head), settings]));
        seen = seen.slice(seen.indexOf('\r\n\r\n') + 4);
      }
      if (isUpgraded && seen.length >= 24 + 9) {
        seen = '';
        // The acknowledgement, `:status: 200` on stream 1, and its body.
        socket.end(
          Buffer.from('000000040100000000' + '00000101040000000188' + '000008000100000001' + '7570677261646564', 'hex'),
        );
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return server.address().port;
}

const typesOf = (frames) => new Set(frames.map(({ type }) => type));

it('agrees with tshark on nghttp: priorities, padding, push, trailers, continued headers', async () => {
  const chain = await chainToNode();
  const at = (path) => `http://127.0.0.1:${chain.port}${path}`;
  const paths = ['/', '/push', '/trailers', '/long-headers', '/alternatives', '/large', '/missing'];
  await runProgram('nghttp', ['--null-out', '--padding=37', '-p', '219', ...paths.map(at)]);
  await runProgram('nghttp', [
    '--null-out',
    '--max-concurrent-streams=7',
    '--window-bits=20',
    '--header-table-size=8192',
    '--encoder-header-table-size=512',
    ...paths.map(at),
  ]);
  await runProgram('nghttp', [
    '--null-out',
    '-H',
    `x-long: ${'z'.repeat(60_000)}`,
    '-d',
    import.meta.filename,
    at('/post'),
  ]);
  await runProgram('nghttp', ['--null-out', at('/reset')]).catch(() => 'a reset is a failure to nghttp');
  await runProgram('nghttp', ['--null-out', at('/goaway')]);
  const { frames, errors } = expectAgreement(await chain.finish());
  expect(errors).toEqual([]);
  expect([...typesOf(frames)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(frames.filter(({ padLength }) => padLength > 0).length).toBeGreaterThan(0);
});

it('agrees with tshark on h2load: many streams of several connections at once', async () => {
  const chain = await chainToNode();
  const out = await runProgram('h2load', ['-n', '300', '-c', '4', '-m', '20', `http://127.0.0.1:${chain.port}/?load`]);
  expect(out).toContain('300 succeeded');
  const { errors, count } = expectAgreement(await chain.finish());
  expect(errors).toEqual([]);
  expect(count).toBeGreaterThan(900);
});

it('agrees with tshark on curl: prior knowledge, and a body sent', async () => {
  const chain = await chainToNode();
  const at = (path) => `http://127.0.0.1:${chain.port}${path}`;
  const curl = (...args) => runProgram('curl', ['-sS', '--http2-prior-knowledge', ...args]);
  for (const path of ['/', '/large', '/trailers']) await curl('--output', '/dev/null', at(path));
  expect(await curl('--data-binary', 'posted', at('/post'))).toBe('posted');
  await curl('-H', `x-long: ${'z'.repeat(30_000)}`, at('/'));
  const { errors } = expectAgreement(await chain.finish());
  expect(errors).toEqual([]);
});

it('agrees with tshark on an upgrade from HTTP/1.1, by curl and by nghttp', async () => {
  const chain = await startChain(await startUpgradingServer());
  const url = `http://127.0.0.1:${chain.port}/upgrade`;
  expect(await runProgram('curl', ['-sS', '--http2', url])).toBe('upgraded');
  expect(await runProgram('nghttp', ['--upgrade', url])).toBe('upgraded');
  const told = await chain.finish();
  expect(told.records.filter(({ kind }) => kind === 'http1-head').length).toBe(4);
  const { frames, errors } = expectAgreement(told, { protocol: 'http' });
  expect(errors).toEqual([]);
  expect(frames.filter(({ headers }) => headers?.[0]?.[0] === ':status').length).toBe(2);
});
