import { expect, it } from 'vitest';
import { bareErrorStatus, parseBareErrorBody, parseManifest, serializeBareErrorBody } from './index.js';

it.each([
  ['UNKNOWN', 500],
  ['MISSING_BARE_HEADER', 400],
  ['INVALID_BARE_HEADER', 400],
  ['FORBIDDEN_BARE_HEADER', 403],
  ['UNKNOWN_BARE_HEADER', 400],
  ['INVALID_HEADER', 400],
  ['HOST_NOT_FOUND', 500],
  ['CONNECTION_RESET', 500],
  ['CONNECTION_REFUSED', 500],
  ['CONNECTION_TIMEOUT', 500],
  ['IMPL_BLOCKED_ADDRESS', 403],
  ['IMPL_OF_ANOTHER_SERVER', 500],
  ['toString', 500],
])('sends %s with %i', (code, status) => {
  expect(bareErrorStatus(code)).toBe(status);
});

it('reads and writes the error of the specification', () => {
  const body = {
    code: 'UNKNOWN',
    id: 'request',
    message: 'The Bare Server encountered an unknown error relating to the request.',
  };
  expect(parseBareErrorBody(serializeBareErrorBody(body))).toEqual(body);
});

it.each(['', '<html>', 'null', '[]', '{}', '{"code":"A"}', '{"code":1,"id":"a"}', '{"code":"","id":"a"}'])(
  'takes %j for no error',
  (text) => {
    expect(parseBareErrorBody(text)).toBeNull();
  },
);

it('reads a manifest and refuses what is none', () => {
  expect(parseManifest('{"versions":["v1","v3"],"language":"Go"}')).toEqual({ versions: ['v1', 'v3'], language: 'Go' });
  for (const text of ['<html>', '{}', 'null', '{"versions":[1]}']) {
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: 'IMPL_INVALID_RESPONSE' }));
  }
});
