import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSubprotocol, encodeSubprotocol } from './index.js';

it('encodes the example of the specification', () => {
  expect(encodeSubprotocol('1/100%')).toBe('1%2F100%25');
});

it('decodes either case', () => {
  expect(decodeSubprotocol('1%2F100%25')).toBe('1/100%');
  expect(decodeSubprotocol('1%2f100%25')).toBe('1/100%');
});

it('leaves the safe characters of the specification alone', () => {
  const safe = "!#$&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~";
  expect(encodeSubprotocol(safe)).toBe(safe);
});

it('gives back every string of bytes, as a token', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = String.fromCharCode(...bytes);
      const encoded = encodeSubprotocol(text);
      expect(encoded).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/);
      expect(decodeSubprotocol(encoded)).toBe(text);
    }),
  );
});

it.each(['%', 'a%2', '%zz', '%%'])('refuses %j', (text) => {
  expect(() => decodeSubprotocol(text)).toThrow(expect.objectContaining({ code: 'INVALID_BARE_HEADER' }));
});

it('refuses a character that it cannot carry', () => {
  expect(() => encodeSubprotocol('✓')).toThrow(expect.objectContaining({ code: 'INVALID_BARE_HEADER' }));
});

it('escapes every other ASCII character', () => {
  const safe = "!#$&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~";
  for (let code = 0; code < 0x80; code++) {
    const character = String.fromCharCode(code);
    if (safe.includes(character)) continue;
    expect(encodeSubprotocol(character)).toBe(`%${code.toString(16).toUpperCase().padStart(2, '0')}`);
  }
});
