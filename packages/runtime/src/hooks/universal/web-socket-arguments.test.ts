import { expect, it } from 'vitest';
import {
  parseCloseCode,
  parseCloseReason,
  parseSocketProtocols,
  parseSocketUrl,
  toUsvString,
} from './web-socket-arguments.js';

const fail = (message: string, name: string): never => {
  throw Object.assign(new Error(message), { name });
};
const named = (name: string) => expect.objectContaining({ name }) as Error;
const url = (text: string) => parseSocketUrl(text, 'https://a.example/dir/page', fail).href;

it('resolves and maps the scheme of a socket URL', () => {
  expect(url('wss://b.example')).toBe('wss://b.example/');
  expect(url('https://b.example/x?y')).toBe('wss://b.example/x?y');
  expect(url('/x')).toBe('wss://a.example/x');
  expect(url('http://b.example:80/')).toBe('ws://b.example/');
});

it('refuses other schemes, fragments and what does not parse', () => {
  for (const bad of ['mailto:x', 'ws://b.example/#', 'ws://b.example/#x', 'ws://[']) {
    expect(() => url(bad)).toThrow(named('SyntaxError'));
  }
});

it('takes one protocol or an iterable of them', () => {
  expect(parseSocketProtocols(undefined, fail)).toEqual([]);
  expect(parseSocketProtocols('a', fail)).toEqual(['a']);
  expect(parseSocketProtocols(null, fail)).toEqual(['null']);
  expect(parseSocketProtocols(new Set(['a', 'b']), fail)).toEqual(['a', 'b']);
  for (const bad of ['', 'a b', ['a', 'A'], ['a', 'ü']]) {
    expect(() => parseSocketProtocols(bad, fail)).toThrow(named('SyntaxError'));
  }
});

it('clamps close codes and bounds the reason in bytes', () => {
  expect(parseCloseCode(undefined, fail)).toBe(undefined);
  expect(parseCloseCode('1000', fail)).toBe(1000);
  expect(parseCloseCode(3000.5, fail)).toBe(3000);
  for (const bad of [null, NaN, 999, 1001, 2999, 5000, 1e9]) {
    expect(() => parseCloseCode(bad, fail)).toThrow(named('InvalidAccessError'));
  }
  expect(parseCloseReason('é'.repeat(61), fail)).toBe('é'.repeat(61));
  expect(() => parseCloseReason('é'.repeat(62), fail)).toThrow(named('SyntaxError'));
});

it('replaces lone surrogates only', () => {
  expect(toUsvString('a\ud800b\udc00\ud83d\ude00')).toBe('a\ufffdb\ufffd\ud83d\ude00');
});
