import { expect, it } from 'vitest';
import { main } from '../main.js';
import { OptionError } from '../options/errors.js';
import { parseOptions } from '../options/parse-options.js';
import { serve } from './serve.js';

const parse = (line: string, env?: Record<string, string>) =>
  parseOptions(serve, line.split(' ').filter(Boolean), env).values;

it('has defaults that keep to this machine', () => {
  expect(parse('')).toMatchObject({
    port: 8080,
    host: 'localhost',
    directory: '/bare/',
    resolve: [],
    insecure: false,
    'allow-private': false,
  });
});

it('reads every option', () => {
  const line =
    '--port 9000 --host 0.0.0.0 --directory /b/ --resolve a.test:443:127.0.0.1 --resolve=*:80:::1 --insecure --allow-private';
  expect(parse(line)).toMatchObject({
    port: 9000,
    host: '0.0.0.0',
    directory: '/b/',
    resolve: ['a.test:443:127.0.0.1', '*:80:::1'],
    insecure: true,
    'allow-private': true,
  });
});

it('reads the environment, and lets the command line win', () => {
  const env = {
    PORT: '9001',
    HOST: '::1',
    CULVERT_RESOLVE: 'a.test:443:127.0.0.1, b.test:80:[::1]',
    CULVERT_INSECURE: '1',
    CULVERT_ALLOW_PRIVATE: '0',
  };
  expect(parse('--port=9002 --resolve c.test:*:10.0.0.1', env)).toMatchObject({
    port: 9002,
    host: '::1',
    resolve: ['a.test:443:127.0.0.1', 'b.test:80:[::1]', 'c.test:*:10.0.0.1'],
    insecure: true,
    'allow-private': false,
  });
});

it('accepts several addresses of one host, in the variable too', () => {
  expect(parse('--resolve +a.test:443:10.0.0.1,[::1]').resolve).toEqual(['+a.test:443:10.0.0.1,[::1]']);
  const env = { CULVERT_RESOLVE: 'a.test:443:10.0.0.1,10.0.0.2,b.test:80:::1' };
  expect(parse('', env).resolve).toEqual(['a.test:443:10.0.0.1,10.0.0.2', 'b.test:80:::1']);
});

it('reads who may use the Bare server, its limits, and how it is run', () => {
  const line =
    '--token a-long-secret --allow-origin https://a.test --allow-origin https://b.test --trust-proxy loopback --allow 10.0.0.0/8 ' +
    '--deny *.b.test --max-requests 5 --workers 3 --drain-timeout 0 --log --http2-origins --meta-store redis://localhost:6379';
  expect(parse(line, { CULVERT_MAX_BODY_SIZE: '1000' })).toMatchObject({
    token: 'a-long-secret',
    'allow-origin': ['https://a.test', 'https://b.test'],
    'trust-proxy': ['loopback'],
    allow: ['10.0.0.0/8'],
    deny: ['*.b.test'],
    'max-requests': 5,
    'max-body-size': 1000,
    'max-connections': 512,
    workers: 3,
    'drain-timeout': 0,
    log: true,
    'http2-origins': true,
    'meta-store': 'redis://localhost:6379',
  });
});

it.each([
  ['--token a-long-secret --tunnel forward', /--token and --tunnel forward/],
  ['--workers 2 --port 0', /--workers needs a --port/],
  ['--workers 2 --relay s:a.test', /--relay needs one process/],
  ['--workers 2 --describe', /--describe needs one process/],
])('refuses what does not go together: %s', async (line, message) => {
  const lines: string[] = [];
  const args = ['serve', ...line.split(' ')];
  expect(await main(args, { env: {}, printError: (text) => void lines.push(text) })).toBe(2);
  expect(lines.join()).toMatch(message);
});

it('takes brackets off an IPv6 host', () => {
  expect(parse('--host [::1]').host).toBe('::1');
});

it('accepts IPv6 addresses in --resolve', () => {
  expect(parse('--resolve a.test:443:2001:db8::1').resolve).toEqual(['a.test:443:2001:db8::1']);
});

it.each([
  ['--prot 80', /Unknown option --prot/],
  ['--allowprivate', /Did you mean --allow-private\?/],
  ['8080', /Unknown option 8080/],
  ['--port', /--port needs a value: --port 8080/],
  ['--port --insecure', /--port needs a value/],
  ['--port abc', /"abc", which is no port/],
  ['--port 65536', /which is no port/],
  ['--port=', /which is no port/],
  ['--port -1', /which is no port/],
  ['--host http://localhost', /without a scheme/],
  ['--directory bare', /begins and ends with a slash/],
  ['--insecure=yes', /takes no value/],
  ['--max-requests many', /no whole number/],
  ['--meta-store mysql://x', /no redis: or rediss: URL/],
  ['--token=', /--token is empty/],
  ['--resolve example.com', /three parts/],
  ['--resolve example.com:https:127.0.0.1', /"https" is no port/],
  ['--resolve example.com:443:localhost', /"localhost" is no IP address/],
  ['--resolve :443:127.0.0.1', /host is missing/],
  ['--constructor', /Unknown option/],
])('explains what is wrong with %s', (line, message) => {
  expect(() => parse(line)).toThrow(OptionError);
  expect(() => parse(line)).toThrow(message);
});

it('names the variable that is wrong', () => {
  expect(() => parse('', { PORT: 'x' })).toThrow(/^PORT is "x"/);
  expect(() => parse('', { CULVERT_INSECURE: 'maybe' })).toThrow(/^CULVERT_INSECURE is "maybe"/);
});

it('exits with 2 and one line for a wrong option, saying where help is', async () => {
  const lines: string[] = [];
  const printError = (text: string) => void lines.push(text);
  expect(await main(['serve', '--prot', '1'], { env: {}, printError, invocation: 'npm start --' })).toBe(2);
  expect(lines).toEqual(['Unknown option --prot. See npm start -- --help']);
});
