import { expect, it } from 'vitest';
import { StrictTransport } from './strict-transport.js';

const create = () => new StrictTransport({ load: async () => undefined, save: async () => {} }, { delay: 0 });

it('upgrades a host that asked for it, as long as it said', () => {
  const transport = create();
  void transport.note('max-age=10', 'https://a.test/', 0);
  expect(transport.upgrade('http://a.test/x?y', 9999)).toBe('https://a.test/x?y');
  expect(transport.upgrade('http://a.test/', 10_000)).toBeNull();
  expect(transport.upgrade('http://www.a.test/', 0)).toBeNull();
  expect(transport.upgrade('http://a.test:8080/', 0)).toBe('https://a.test:8080/');
});

it('upgrades the hosts below if that is asked for', () => {
  const transport = create();
  void transport.note('max-age="10"; includeSubDomains', 'https://a.test/', 0);
  expect(transport.upgrade('http://www.a.test/', 0)).toBe('https://www.a.test/');
  expect(transport.upgrade('http://xa.test/', 0)).toBeNull();
});

it('forgets a host that says max-age=0', () => {
  const transport = create();
  void transport.note('max-age=10', 'https://a.test/', 0);
  void transport.note('max-age=0', 'https://a.test/', 0);
  expect(transport.upgrade('http://a.test/', 0)).toBeNull();
});

it.each([
  ['http:', 'max-age=10', 'http://a.test/'],
  ['an address', 'max-age=10', 'https://127.0.0.1/'],
  ['no age', 'includeSubDomains', 'https://a.test/'],
  ['two ages', 'max-age=1; max-age=2', 'https://a.test/'],
  ['no number', 'max-age=x', 'https://a.test/'],
])('takes nothing from %s', (_why, header, url) => {
  const transport = create();
  expect(transport.note(header, url, 0)).toBeNull();
  expect(transport.upgrade(url.replace('https:', 'http:'), 0)).toBeNull();
});

it('knows after a restart what it knew', async () => {
  const stored: unknown[] = [];
  const first = new StrictTransport(
    { load: async () => undefined, save: async (hosts) => void stored.push(...hosts) },
    { delay: 0 },
  );
  await first.note('max-age=10', 'https://a.test/', 0);
  const second = new StrictTransport({ load: async () => stored as never, save: async () => {} });
  await second.ready;
  expect(second.upgrade('http://a.test/', 1)).toBe('https://a.test/');
});
