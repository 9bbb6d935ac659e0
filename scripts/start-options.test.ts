import { expect, it } from 'vitest';
import { OptionError, parseStartOptions } from './start-options.mjs';

const parse = (line: string, env?: Record<string, string>) => parseStartOptions(line.split(' ').filter(Boolean), env);

it('has defaults that keep to this machine', () => {
  expect(parse('')).toEqual({
    help: false,
    port: 8080,
    host: 'localhost',
    upstream: { resolve: [], insecure: false, allowPrivate: false },
  });
});

it('reads every option', () => {
  const line =
    '--port 9000 --host 0.0.0.0 --resolve a.test:443:127.0.0.1 --resolve=*:80:::1 --insecure --allow-private';
  expect(parse(line)).toEqual({
    help: false,
    port: 9000,
    host: '0.0.0.0',
    upstream: { resolve: ['a.test:443:127.0.0.1', '*:80:::1'], insecure: true, allowPrivate: true },
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
    upstream: {
      resolve: ['a.test:443:127.0.0.1', 'b.test:80:[::1]', 'c.test:*:10.0.0.1'],
      insecure: true,
      allowPrivate: false,
    },
  });
});

it('accepts several addresses of one host, in the variable too', () => {
  expect(parse('--resolve +a.test:443:10.0.0.1,[::1]').upstream.resolve).toEqual(['+a.test:443:10.0.0.1,[::1]']);
  const env = { CULVERT_RESOLVE: 'a.test:443:10.0.0.1,10.0.0.2,b.test:80:::1' };
  expect(parse('', env).upstream.resolve).toEqual(['a.test:443:10.0.0.1,10.0.0.2', 'b.test:80:::1']);
});

it('takes brackets off an IPv6 host', () => {
  expect(parse('--host [::1]').host).toBe('::1');
});

it('accepts IPv6 addresses in --resolve', () => {
  expect(parse('--resolve a.test:443:2001:db8::1').upstream.resolve).toEqual(['a.test:443:2001:db8::1']);
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
  ['--insecure=yes', /takes no value/],
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
