import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { version } from '../../../sw/src/version.js';
import { examineSite } from './examine-site.js';

type Answer = [status: number, type: string, body: string, headers?: Record<string, string>];

let server: http.Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function host(answers: Record<string, Answer>, { isUpgrading = true } = {}): Promise<string> {
  server = http.createServer((request, response) => {
    const [status, type, body, headers] = answers[request.url!.split('?')[0]!] ?? [404, 'text/plain', ''];
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  });
  if (isUpgrading) {
    server.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    );
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const script = (name: string, found = version): Answer => [200, 'text/javascript', `/*! ${name} ${found} */`];
const good: Record<string, Answer> = {
  '/site/': [200, 'text/html', '<head><script defer src="js/culvert.js" data-bare=/b/ data-scope=\'go/\'></script>'],
  '/site/js/culvert.sw.js': script('culvert.sw.js'),
  '/site/js/culvert.runtime.js': script('culvert.runtime.js'),
  '/site/js/go/html/https%3A%2F%2Fexample.com%2F': [200, 'text/html', '<html data-culvert-bootstrap="starting">'],
  '/b/': [200, 'application/json', '{"versions":["v3"]}'],
};

async function find(origin: string, page = '/site/'): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { id, status, detail, advice } of examineSite(origin + page))
    found[id] = `${status} ${detail} ${advice}`;
  return found;
}

it('finds the places of a script tag, and nothing wrong', async () => {
  const found = await find(await host(good));
  expect(Object.keys(found)).toEqual([
    'secure-context',
    'page',
    'worker-file',
    'worker-scope',
    'runtime-file',
    'scope-fallback',
    'bare-server',
    'web-socket',
  ]);
  for (const line of Object.values(found)) expect(line).toMatch(/^ok /);
});

it.each([
  ['worker-file', { '/site/js/culvert.sw.js': [200, 'text/plain', ''] }, /^problem .*text\/javascript/],
  [
    'runtime-file',
    { '/site/js/culvert.runtime.js': script('culvert.runtime.js', '0.0.1') },
    /^problem .*0\.0\.1.*one version/,
  ],
  [
    'scope-fallback',
    { '/site/js/go/html/https%3A%2F%2Fexample.com%2F': [404, 'text/html', ''] },
    /^warning .*culvert\.html/,
  ],
  ['bare-server', { '/b/': [200, 'text/html', '<p>'] }, /^problem .*no manifest/],
  [
    'worker-scope',
    { '/site/': [200, 'text/html', '<script src="js/culvert.js" data-scope="/go/">'] },
    /^problem .*Service-Worker-Allowed: \/go\//,
  ],
])('says what is wrong with %s', async (id, answers, expected) => {
  const found = await find(await host({ ...good, ...(answers as unknown as Record<string, Answer>) }));
  expect(found[id]).toMatch(expected);
});

it('tells of a server that refuses upgrades', async () => {
  expect((await find(await host(good, { isUpgrading: false })))['web-socket']).toMatch(/^warning .*Upgrade/);
});

it('wants CORS of a Bare server on another origin', async () => {
  const origin = await host(good);
  const other = `http://localhost:${new URL(origin).port}/b/`;
  const page: Answer = [
    200,
    'text/html',
    `<script src="js/culvert.js" data-bare="${other}" data-scope="go/"></script>`,
  ];
  good['/other/'] = page;
  expect((await find(origin, '/other/'))['bare-server']).toMatch(/^problem .*does not let/);
});

it('stops at a page that does not answer', async () => {
  const found = await find(await host({}));
  expect(Object.keys(found)).toEqual(['secure-context', 'page']);
  expect(found.page).toMatch(/^problem .*404/);
});
