import { expect, it } from 'vitest';
import { basicChallenge } from './challenge.js';

it.each([
  ['Basic realm="the wiki"', 'the wiki'],
  ['basic REALM=wiki', 'wiki'],
  ['Basic', ''],
  ['Basic realm="a \\"quoted\\" one, with a comma", charset="UTF-8"', 'a "quoted" one, with a comma'],
  ['Digest realm="d", nonce="n", qop="auth", Basic realm="b"', 'b'],
  ['Basic realm="b", Digest realm="d", nonce="n"', 'b'],
  ['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"', 'simple'],
  ['Negotiate, Basic realm = "spaced"', 'spaced'],
  ['Basic realm="Stra\xc3\x9fe"', 'Straße'],
  [', ,Basic realm="x"', 'x'],
])('finds the realm of %s', (value, realm) => {
  expect(basicChallenge([['WWW-Authenticate', value]])).toEqual({ realm });
});

it.each(['Digest realm="Basic", nonce="n"', 'Bearer', '', '"', 'Basic-ish realm="x"'])('finds none in %j', (value) => {
  expect(basicChallenge([['www-authenticate', value]])).toBeNull();
});

it('looks at each header', () => {
  expect(
    basicChallenge([
      ['WWW-Authenticate', 'Negotiate'],
      ['WWW-Authenticate', 'Basic realm="second"'],
    ]),
  ).toEqual({ realm: 'second' });
});
