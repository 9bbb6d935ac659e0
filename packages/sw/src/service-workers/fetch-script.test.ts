import { expect, it } from 'vitest';
import { createTestWorker, headerOf } from '../fetch/fetch.test-support.js';
import { checkScope, fetchServiceWorkerScript } from './fetch-script.js';

const script = 'https://a.test/app/sw.js';
const wanted = { url: script, clientId: '', isMain: true, isFresh: true };

it.each([
  ['https://a.test/app/', null],
  ['https://a.test/app/deep/?x', null],
  ['https://a.test/', '/'],
  ['https://a.test/other/', '../other/'],
])('a scope %s is allowed with Service-Worker-Allowed: %s', (scope, allowed) => {
  expect(() => checkScope(scope, script, allowed)).not.toThrow();
});

it.each([
  ['https://a.test/', null],
  ['https://a.test/app', null],
  ['https://a.test/other/', '/app/'],
  ['https://a.test/app/', 'https://b.test/'],
])('a scope %s is refused with Service-Worker-Allowed: %s', (scope, allowed) => {
  expect(() => checkScope(scope, script, allowed)).toThrow(expect.objectContaining({ name: 'SecurityError' }));
});

it('asks for the script as a browser does, past its cache', async () => {
  const { services, sent } = createTestWorker({
    answer: { headers: [['content-type', 'text/javascript']], body: 'self.x = 1' },
  });
  const fetched = await fetchServiceWorkerScript(services, wanted);
  expect(new TextDecoder().decode(fetched.bytes)).toBe('self.x = 1');
  expect(headerOf(sent[0], 'Service-Worker')).toBe('script');
});

it.each([
  ['a missing script', { status: 404, headers: [['content-type', 'text/javascript']] }, 'TypeError'],
  ['a script of another type', { headers: [['content-type', 'text/plain']] }, 'SecurityError'],
  ['a redirect', { status: 302, headers: [['location', '/other.js']] }, 'SecurityError'],
])('refuses %s', async (_what, answer, name) => {
  const { services } = createTestWorker({ answer: answer as never });
  await expect(fetchServiceWorkerScript(services, wanted)).rejects.toMatchObject({ name });
});
