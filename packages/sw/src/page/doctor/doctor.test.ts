import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { version } from '../../version.js';
import { examine, type Finding } from './index.js';

const target = {
  scope: '/service/',
  serviceWorker: 'http://localhost/culvert.sw.js?bare=x',
  bareServers: ['http://localhost/bare/'],
};

const script = (name: string, headers: Record<string, string> = {}) =>
  new Response(`/*! ${name} ${version} */`, { headers: { 'content-type': 'text/javascript', ...headers } });

/** A host where everything is as it should be. */
const goodHost: Record<string, () => Response> = {
  '/culvert.sw.js': () => script('culvert.sw.js'),
  '/culvert.runtime.js': () => script('culvert.runtime.js'),
  '/bare/': () => Response.json({ versions: ['v3'] }),
  '/service/html/https%3A%2F%2Fexample.com%2F': () => new Response('<html data-culvert-bootstrap="starting">'),
};

function host(files: Record<string, () => Response>): void {
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname } = new URL(url, 'http://localhost/');
    return (files[pathname] ?? (() => new Response('', { status: 404 })))();
  });
}

class OpenSocket {
  onopen?: () => void;
  constructor() {
    queueMicrotask(() => this.onopen?.());
  }
  close(): void {}
}

const active = {
  scriptURL: target.serviceWorker,
  state: 'activated',
  postMessage: (_question: unknown, [port]: [MessagePort]) => port.postMessage({ culvert: 'version', version }),
};

beforeEach(() => {
  const registration = { active, scope: 'http://localhost/service/' };
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', new URL('http://localhost/'));
  vi.stubGlobal('navigator', {
    userAgent: 'Test/1.0',
    serviceWorker: { register: async () => registration, getRegistration: async () => registration },
    storage: { estimate: async () => ({ quota: 2e9, usage: 1e6 }) },
  });
  const open = () => {
    const request = { result: { close: () => undefined }, onsuccess: () => undefined };
    queueMicrotask(() => request.onsuccess());
    return request;
  };
  vi.stubGlobal('indexedDB', { open, deleteDatabase: () => undefined });
  vi.stubGlobal('caches', {});
  vi.stubGlobal('navigation', {});
  vi.stubGlobal('WebSocket', OpenSocket);
  host(goodHost);
});

afterEach(() => vi.unstubAllGlobals());

async function find(id?: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of examine(target)) if (id === undefined || finding.id === id) findings.push(finding);
  return findings;
}

it('finds nothing wrong where nothing is', async () => {
  const findings = await find();
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(findings).toHaveLength(9);
});

it.each([
  ['worker-file', { '/culvert.sw.js': () => new Response('', { status: 404 }) }, 'problem', 'culvert init'],
  [
    'worker-file',
    { '/culvert.sw.js': () => script('culvert.sw.js', { 'content-type': 'text/plain' }) },
    'problem',
    'text/javascript',
  ],
  [
    'worker-file',
    { '/culvert.sw.js': () => script('culvert.sw.js', { 'cache-control': 'max-age=604800' }) },
    'warning',
    'no-cache',
  ],
  [
    'runtime-file',
    {
      '/culvert.runtime.js': () =>
        new Response('/*! culvert.runtime.js 0.0.1 */', { headers: { 'content-type': 'text/javascript' } }),
    },
    'problem',
    'one version',
  ],
  [
    'scope-fallback',
    { '/service/html/https%3A%2F%2Fexample.com%2F': () => new Response('', { status: 404 }) },
    'warning',
    'culvert.html',
  ],
  ['bare-server', { '/bare/': () => new Response('<p>') }, 'problem', 'culvert serve'],
])('says what to do about %s', async (id, files, status, advice) => {
  host({ ...goodHost, ...files } as Record<string, () => Response>);
  const [finding] = await find(id);
  expect(finding).toMatchObject({ status, advice: expect.stringContaining(advice) });
});

it('does not start a worker that cannot start', async () => {
  host({});
  expect(await find('registration')).toMatchObject([{ status: 'skipped', detail: expect.stringContaining('First') }]);
});

it('tells of WebSockets that do not open', async () => {
  class ClosedSocket {
    onerror?: () => void;
    constructor() {
      queueMicrotask(() => this.onerror?.());
    }
    close(): void {}
  }
  vi.stubGlobal('WebSocket', ClosedSocket);
  expect(await find('web-socket')).toMatchObject([
    { status: 'warning', detail: expect.stringContaining('ws://localhost/bare/v3/') },
  ]);
});

it('names an insecure page', async () => {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('location', new URL('http://192.168.0.2/'));
  expect(await find('secure-context')).toMatchObject([
    { status: 'problem', advice: expect.stringContaining('https:') },
  ]);
});

it('tells what a browser is missing', async () => {
  vi.stubGlobal('caches', undefined);
  expect(await find('engine')).toMatchObject([{ status: 'warning', detail: expect.stringContaining('Cache Storage') }]);
});
