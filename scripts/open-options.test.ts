import { expect, it } from 'vitest';
import { OptionError, parseOpenOptions } from './open-options.mjs';

const parse = (line: string) => parseOpenOptions(line.split(' ').filter(Boolean));

it('reads every option', () => {
  const line =
    'https://a.test/x?y --server=http://localhost:9000/demo --screenshot a.png --size 360x740 --timeout 5 --json';
  expect(parse(line)).toEqual({
    help: false,
    url: 'https://a.test/x?y',
    server: 'http://localhost:9000/',
    screenshot: 'a.png',
    size: { width: 360, height: 740 },
    timeout: 5,
    json: true,
    verbose: false,
  });
});

it('takes a host without a scheme for https', () => {
  expect(parse('example.com').url).toBe('https://example.com/');
});

it.each([
  ['', /Give one URL/],
  ['a.test b.test', /Give one URL/],
  ['ftp://a.test', /no http: or https: URL/],
  ['a.test --server', /--server needs a value/],
  ['a.test --timeout soon', /Give milliseconds/],
  ['a.test --size big', /1280x800/],
  ['a.test --wait', /Unknown option --wait/],
])('explains what is wrong with "%s"', (line, message) => {
  expect(() => parse(line)).toThrow(OptionError);
  expect(() => parse(line)).toThrow(message);
});
