import { getDomain, getPublicSuffix } from 'tldts';
import { expect, it } from 'vitest';
import { publicSuffix, registrableDomain } from './public-suffix-list.js';
import { exceptions, rules } from './public-suffix-rules.js';

const options = { allowPrivateDomains: true, validateHostname: false };

/** Each name that the list has a rule or a part of one for. */
function allNames(): string[] {
  const names: string[] = [];
  const parents: string[] = [];
  const labels: string[] = [''];
  for (const [token] of rules.matchAll(/[A-Z][^A-Z()]*|[()]/g)) {
    if (token === '(') {
      parents.push(names.at(-1)!);
      labels.push('');
    } else if (token === ')') {
      names.push(parents.pop()!);
      labels.pop();
    } else {
      const shared = (token.charCodeAt(0) - 65) % 13;
      const label = labels.pop()!.slice(0, shared) + token.slice(1);
      labels.push(label);
      names.push([label, ...parents.slice(-1)].join('.'));
    }
  }
  return [...new Set(names)].map((name) => name.replaceAll('*', 'star'));
}

it('says what tldts says of every name in the list, of what is below it and of what it does not hold for', () => {
  const names = [...allNames(), ...exceptions];
  expect(names.length).toBeGreaterThan(9_000);
  const differing = names
    .flatMap((name) => [name, `a.${name}`, `www.b.${name}`])
    .filter(
      (name) =>
        publicSuffix(name) !== getPublicSuffix(name, options) || registrableDomain(name) !== getDomain(name, options),
    );
  expect(differing).toEqual([]);
});

it.each([
  ['com', null],
  ['a.b.co.uk', 'b.co.uk'],
  ['x.y.compute.amazonaws.com', 'x.y.compute.amazonaws.com'],
  ['www.ck', 'www.ck'],
  ['shop.www.ck', 'www.ck'],
  ['a.nowhere', 'a.nowhere'],
  ['localhost', null],
])('the registrable domain of %s is %s', (name, domain) => {
  expect(registrableDomain(name)).toBe(domain);
});
