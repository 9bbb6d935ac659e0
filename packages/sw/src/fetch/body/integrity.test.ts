import { createHash } from 'node:crypto';
import { beforeEach, expect, it, vi } from 'vitest';
import { createTestWorker, fetchEvent, navigation, route, type Answer } from '../fetch.test-support.js';
import { handleFetch } from '../handle-fetch.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

const script = 'x = location';
const hash = (bits: number, text = script) =>
  `culvert-sha${bits}-${createHash(`sha${bits}`).update(text).digest('base64')}`;

async function load(integrity: string, { url = 'https://a.test/x.js', ...answer }: Answer & { url?: string } = {}) {
  const worker = createTestWorker({
    clients: [{ id: 'page', url: route('https://a.test/') }],
    answer: { headers: [['content-type', 'text/javascript']], body: script, ...answer },
  });
  const event = fetchEvent(url, { clientId: 'page', destination: 'script', integrity });
  return handleFetch(event, worker.services);
}

it.each<[title: string, integrity: string, passes: boolean]>([
  ['the right digest', hash(256), true],
  ['one of several digests', `${hash(384, 'other')} ${hash(384)}`, true],
  ['a strong digest that is right beside a weak one that is not', `${hash(256, 'other')} ${hash(512)}`, true],
  ['a strong digest that is wrong beside a weak one that is right', `${hash(256)} ${hash(512, 'other')}`, false],
  ['a wrong digest', hash(256, 'other'), false],
  ['options after the digest', `${hash(256)}?ct=js`, true],
  ['the URL-safe alphabet', hash(384).replaceAll('+', '-').replaceAll('/', '_').replace('culvert_', 'culvert-'), true],
  ['a function that nobody knows', 'culvert-md5-aaaa', true],
  ['nothing', '', true],
])('checks a script as the site sent it: %s', async (_title, integrity, passes) => {
  expect((await load(integrity)).type).toBe(passes ? 'default' : 'error');
});

it.each(['culvert-sha256-x', 'sha256-x'])('refuses %s where no CORS was used', async (integrity) => {
  expect((await load(integrity, { url: 'https://b.test/x.js' })).type).toBe('error');
});

it.each<[policy: string, url: string, passes: boolean]>([
  ['same-origin', 'https://a.test/x.js', true],
  ['same-origin', 'https://www.a.test/x.js', false],
  ['same-site', 'https://www.a.test/x.js', true],
  ['same-site', 'https://b.test/x.js', false],
  ['cross-origin', 'https://b.test/x.js', true],
])('enforces Cross-Origin-Resource-Policy %s for %s', async (policy, url, passes) => {
  const response = await load('', { url, headers: [['cross-origin-resource-policy', policy]] });
  expect(response.type).toBe(passes ? 'default' : 'error');
});

it('knows the metadata of a script in markup, which the request of a preload scanner lacks', async () => {
  const load = async (metadata: string) => {
    const worker = createTestWorker({
      clients: [{ id: 'page', url: route('https://a.test/') }],
      answer: ({ url }) =>
        url.endsWith('.js')
          ? { headers: [['content-type', 'text/javascript']], body: script }
          : {
              headers: [['content-type', 'text/html']],
              body: `<script src="x.js#f" integrity="${metadata}"></script>`,
            },
    });
    const document = navigation('https://a.test/dir/', { resultingClientId: 'page' });
    await (await handleFetch(document, worker.services)).text();
    return handleFetch(
      fetchEvent('https://a.test/dir/x.js', { clientId: 'page', destination: 'script' }),
      worker.services,
    );
  };
  const digest = hash(256).replace('culvert-', '');
  expect((await load(digest)).type).toBe('default');
  expect((await load('sha256-AAAA')).type).toBe('error');
});
