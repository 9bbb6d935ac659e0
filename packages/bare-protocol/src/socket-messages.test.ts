import { expect, it } from 'vitest';
import {
  parseConnectMessage,
  parseOpenMessage,
  parseSocketFailure,
  serializeConnectMessage,
  serializeOpenMessage,
  serializeSocketFailure,
} from './index.js';

/** The specification's example. */
const connect = {
  type: 'connect',
  remote: 'ws://localhost:8000/ws',
  protocols: [],
  headers: {
    Origin: 'http://localhost:8000',
    'User-Agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/113.0.0.0 Safari/537.36',
    Host: 'localhost:8000',
    Pragma: 'no-cache',
    'Cache-Control': 'no-cache',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
  },
  forwardHeaders: [],
};

it('reads and writes the connect message of the specification', () => {
  const message = parseConnectMessage(JSON.stringify(connect));
  expect(message).toEqual(connect);
  expect(serializeConnectMessage(message)).toBe(JSON.stringify(connect));
});

it('reads and writes the open message of the specification', () => {
  const text = '{"type":"open","protocol":"","setCookies":[]}';
  expect(parseOpenMessage(text)).toEqual({ type: 'open', protocol: '', setCookies: [] });
  expect(serializeOpenMessage({ protocol: '', setCookies: [] })).toBe(text);
});

it.each([
  '',
  'null',
  '[]',
  '{}',
  JSON.stringify({ ...connect, type: 'open' }),
  JSON.stringify({ ...connect, remote: 1 }),
  JSON.stringify({ ...connect, protocols: 'a' }),
  JSON.stringify({ ...connect, protocols: [1] }),
  JSON.stringify({ ...connect, headers: [] }),
  JSON.stringify({ ...connect, forwardHeaders: undefined }),
])('refuses the connect message %s', (text) => {
  expect(() => parseConnectMessage(text)).toThrow(
    expect.objectContaining({ code: 'IMPL_INVALID_SOCKET_MESSAGE', id: 'request.body' }),
  );
});

it('refuses a header of the connect message that is not made of strings', () => {
  const text = JSON.stringify({ ...connect, headers: { Age: 1 } });
  expect(() => parseConnectMessage(text)).toThrow(
    expect.objectContaining({ code: 'INVALID_BARE_HEADER', id: 'bare.headers.age' }),
  );
});

it.each([
  '{}',
  '{"type":"open"}',
  '{"type":"open","protocol":"","setCookies":"a"}',
  '{"type":"open","protocol":null,"setCookies":[]}',
])('refuses the open message %s', (text) => {
  expect(() => parseOpenMessage(text)).toThrow(expect.objectContaining({ code: 'IMPL_INVALID_SOCKET_MESSAGE' }));
});

it.each(['short', 'x'.repeat(500), '"\\'.repeat(200), '✓ é'.repeat(100)])(
  'fits a failure into a close reason (%#)',
  (message) => {
    const reason = serializeSocketFailure({ code: 'CONNECTION_REFUSED', message });
    expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123);
    expect(parseSocketFailure(reason)?.code).toBe('CONNECTION_REFUSED');
  },
);

it('does not take any other reason for a failure', () => {
  for (const reason of ['', 'bye', 'null', '1', '{}', '{"code":1,"message":""}'])
    expect(parseSocketFailure(reason)).toBeNull();
});
