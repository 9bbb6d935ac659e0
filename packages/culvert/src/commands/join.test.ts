import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createRelay, tokenTable } from '@culvert/m-proxy/tunnel';
import { expect, it, onTestFinished } from 'vitest';
import { main } from '../main.js';
import { OptionError } from '../options/errors.js';
import { parseOptions } from '../options/parse-options.js';
import { join } from './join.js';
import { mergeGrants, readExposure, readGrant, readRelayUrl } from './relay-values.js';

it('reads what a token entitles to', () => {
  expect(readGrant('secret:home.example.com,*.home.example.com,0,9000', '--relay')).toEqual({
    token: 'secret',
    grant: { device: 'home.example.com', names: ['home.example.com', '*.home.example.com'], ports: [0, 9000] },
  });
  const { grant } = readGrant('secret:0', '--relay');
  expect(grant.device).toMatch(/^device-[0-9a-f]{8}$/);
  expect(mergeGrants([readGrant('a:*', ''), readGrant('b:0', '')])).toHaveProperty('b.ports', [0]);
});

it.each(['secret', 'secret:', ':home.test', 'secret:http://home.test', 'secret:home.test,70000', 'secret:*.'])(
  'refuses %s as a grant and keeps its token to itself',
  (text) => {
    expect(() => readGrant(text, '--relay')).toThrow(OptionError);
    expect(() => readGrant(text, '--relay')).not.toThrow(/secret:?"/);
  },
);

it('reads what a device exposes', () => {
  expect(readExposure('3000', '')).toEqual({ to: { port: 3000 } });
  expect(readExposure('[::1]:3000', '')).toEqual({ to: { host: '::1', port: 3000 } });
  expect(readExposure('https=8443', '')).toEqual({ service: 'https', to: { port: 8443 } });
  expect(readExposure('*.a.test=box:80', '')).toEqual({ name: '*.a.test', to: { host: 'box', port: 80 } });
  for (const text of ['', 'x', '=3000', 'http=', 'a.test=70000', 'http://a:80']) {
    expect(() => readExposure(text, '--expose')).toThrow(OptionError);
  }
});

it('takes the URL of a relay in all forms that a device can reach', () => {
  for (const text of ['ws://a', 'wss://a/m', 'http://a', 'tcp://a:1', 'tls://a:1']) {
    expect(readRelayUrl(text)).toBeInstanceOf(URL);
  }
  for (const text of ['a', 'ftp://a', 'localhost:80', '']) expect(() => readRelayUrl(text)).toThrow(OptionError);
});

it('reads tokens and targets from the environment', () => {
  const env = { CULVERT_TOKEN: 'a,b', CULVERT_EXPOSE: '3000,https=8443' };
  const { values, positionals } = parseOptions(join, ['ws://relay'], env);
  expect(positionals).toEqual(['ws://relay']);
  expect(values).toMatchObject({ token: ['a', 'b'], bare: false, directory: '/bare/' });
  expect(values.expose).toHaveLength(2);
});

async function run(...args: string[]): Promise<{ code: number; errors: string[] }> {
  const errors: string[] = [];
  const code = await main(['join', ...args], {
    env: {},
    print: () => undefined,
    printError: (text) => errors.push(text),
  });
  return { code, errors };
}

it.each([
  [[], /Give the URL of one relay/],
  [['ws://a', 'ws://b'], /Give the URL of one relay/],
  [['ws://a'], /--token is missing/],
  [['ws://a', '--token', 'x'], /nothing to expose/],
])('exits with 2 for %j', async (args, message) => {
  const { code, errors } = await run(...args);
  expect(code).toBe(2);
  expect(errors[0]).toMatch(message);
});

it('ends with 1 when the relay does not know the token', async () => {
  const relay = createRelay({ authenticate: tokenTable({}) });
  const server = createServer((socket) => relay.acceptDevice(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await relay.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const { code, errors } = await run(`tcp://127.0.0.1:${port}`, '--token', 'wrong', '--bare');
  expect(code).toBe(1);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/token/i);
  expect(errors[0]).not.toContain('wrong');
});
