import { beforeEach, expect, it, vi } from 'vitest';
import { version } from '../version.js';
import { registerServiceWorker } from './register.js';

class FakeWorker extends EventTarget {
  state = 'installing';
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** An active worker that gives its version, or does not know the question. */
class ActiveWorker extends FakeWorker {
  override state = 'activated';
  constructor(
    readonly found: string | null = version,
    readonly scriptURL = 'http://localhost/culvert.sw.js?bare=x',
  ) {
    super();
  }
  postMessage(_question: unknown, [port]: [MessagePort]): void {
    if (this.found !== null) port.postMessage({ culvert: 'version', version: this.found });
  }
}

const register = vi.fn();
const getRegistration = vi.fn();
const options = { script: 'http://localhost/culvert.sw.js', scope: '/service/', timeout: 50 };
const patient = { ...options, timeout: 10_000 };

function serveScript(status: number, type: string): void {
  serve({ 'culvert.sw.js': { status, type } });
}

/** @param files what stands on the server, by its name; all else is 404 */
function serve(files: Record<string, { status?: number; type?: string; text?: string; headers?: HeadersInit }>): void {
  vi.stubGlobal('fetch', (url: string) => {
    const file = files[new URL(url).pathname.split('/').at(-1)!];
    if (!file) return Promise.resolve(new Response('', { status: 404 }));
    const headers = new Headers(file.headers);
    headers.set('content-type', file.type ?? 'text/javascript');
    return Promise.resolve(new Response(file.text ?? 'x', { status: file.status ?? 200, headers }));
  });
}

beforeEach(() => {
  vi.unstubAllGlobals();
  register.mockReset();
  getRegistration.mockReset();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', new URL('http://localhost/'));
  vi.stubGlobal('navigator', { serviceWorker: { register, getRegistration } });
  serveScript(200, 'text/javascript');
});

it('waits until the worker is active', async () => {
  const worker = new FakeWorker();
  register.mockResolvedValue({ active: null, installing: worker });
  const registered = registerServiceWorker(options);
  let isSettled = false;
  void registered.finally(() => (isSettled = true));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSettled).toBe(false);
  worker.become('activated');
  await registered;
  expect(register).toHaveBeenCalledWith(options.script, { scope: '/service/', updateViaCache: 'none' });
});

it('goes on at once with a worker that is active', async () => {
  register.mockResolvedValue({ active: new ActiveWorker() });
  await registerServiceWorker(options);
});

it('names an insecure context', async () => {
  vi.stubGlobal('isSecureContext', false);
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code: 'INSECURE_CONTEXT' });
});

it('names a browser without service workers', async () => {
  vi.stubGlobal('navigator', {});
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code: 'SERVICE_WORKER_UNSUPPORTED' });
});

it('takes an opaque origin for a place without service workers', async () => {
  vi.stubGlobal('navigator', {
    get serviceWorker() {
      throw new DOMException('opaque', 'SecurityError');
    },
  });
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code: 'SERVICE_WORKER_UNSUPPORTED' });
});

it.each([
  [404, 'text/javascript', new TypeError('bad'), 'WORKER_SCRIPT_UNAVAILABLE'],
  [200, 'text/html', new DOMException('mime', 'SecurityError'), 'WORKER_SCRIPT_WRONG_TYPE'],
  [200, 'text/javascript', new DOMException('denied', 'SecurityError'), 'SERVICE_WORKER_FORBIDDEN'],
  [200, 'text/javascript; charset=utf-8', new TypeError('evaluation'), 'WORKER_SCRIPT_FAILED'],
])('tells from a script with status %i and type %s what is wrong', async (status, type, cause, code) => {
  serveScript(status, type);
  register.mockRejectedValue(cause);
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code, cause });
});

it('names a script whose server is gone', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  register.mockRejectedValue(new TypeError('x'));
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code: 'WORKER_SCRIPT_UNAVAILABLE' });
});

it('names a worker that fails to install', async () => {
  const worker = new FakeWorker();
  register.mockResolvedValue({ active: null, installing: worker });
  const registered = registerServiceWorker(options);
  setTimeout(() => worker.become('redundant'), 5);
  await expect(registered).rejects.toMatchObject({ code: 'WORKER_SCRIPT_FAILED' });
});

it('does not wait for ever', async () => {
  register.mockReturnValue(new Promise(() => undefined));
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code: 'REGISTRATION_TIMEOUT' });
});

it('names a page that was opened from a file', async () => {
  vi.stubGlobal('location', new URL('file:///home/me/index.html'));
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code: 'FILE_PROTOCOL' });
});

it('names a scope that the script may not serve, and accepts one that a header allows', async () => {
  const script = 'http://localhost/assets/culvert.sw.js';
  serve({ 'culvert.sw.js': {} });
  register.mockRejectedValue(new DOMException('max scope', 'SecurityError'));
  await expect(registerServiceWorker({ ...options, script })).rejects.toMatchObject({
    code: 'WORKER_SCOPE_NOT_ALLOWED',
    message: expect.stringContaining('Service-Worker-Allowed: /service/'),
  });
  serve({ 'culvert.sw.js': { headers: { 'service-worker-allowed': '/' } } });
  await expect(registerServiceWorker({ ...options, script })).rejects.toMatchObject({
    code: 'SERVICE_WORKER_FORBIDDEN',
  });
});

const workerText = `/*! culvert.sw.js ${version} */`;

it.each([
  ['culvert.runtime.js that is missing', {}, 'RUNTIME_UNAVAILABLE'],
  ['a runtime of another type', { 'culvert.runtime.js': { type: 'text/plain' } }, 'RUNTIME_UNAVAILABLE'],
  [
    'a runtime of another version',
    { 'culvert.runtime.js': { text: '/*! culvert.runtime.js 0.0.1 */' } },
    'VERSION_MISMATCH',
  ],
  ['a runtime without a version', { 'culvert.runtime.js': {} }, 'VERSION_MISMATCH'],
  [
    'a fault of its own',
    { 'culvert.runtime.js': { text: `/*! culvert.runtime.js ${version} */` } },
    'WORKER_SCRIPT_FAILED',
  ],
])('tells a worker that fails because of %s', async (_what, files, code) => {
  serve({ 'culvert.sw.js': { text: workerText }, ...files });
  register.mockRejectedValue(new TypeError('evaluation'));
  await expect(registerServiceWorker(options)).rejects.toMatchObject({ code });
});

it('names a configuration that is missing', async () => {
  serve({ 'culvert.sw.js': { text: workerText } });
  register.mockRejectedValue(new TypeError('evaluation'));
  const script = `${options.script}?config=culvert.config.js`;
  await expect(registerServiceWorker({ ...options, script })).rejects.toMatchObject({
    code: 'CONFIG_UNAVAILABLE',
    message: expect.stringContaining('culvert.config.js'),
  });
});

it('leaves a scope to the worker of another tool', async () => {
  const active = new ActiveWorker(null, 'http://localhost/other.js');
  getRegistration.mockResolvedValue({ active, scope: 'http://localhost/service/' });
  await expect(registerServiceWorker(patient)).rejects.toMatchObject({ code: 'SCOPE_TAKEN' });
  expect(register).not.toHaveBeenCalled();
});

it('replaces its own worker that was registered from another place or with other options', async () => {
  register.mockResolvedValue({ active: new ActiveWorker() });
  for (const scriptURL of ['http://localhost/old/culvert.sw.js', 'http://localhost/culvert.sw.js?bare=y']) {
    getRegistration.mockResolvedValue({
      active: new ActiveWorker('0.0.1', scriptURL),
      scope: 'http://localhost/service/',
    });
    await registerServiceWorker(options);
  }
});

it('does not ask a worker whose scope only contains the wanted one', async () => {
  getRegistration.mockResolvedValue({
    active: new ActiveWorker(null, 'http://localhost/pwa.js'),
    scope: 'http://localhost/',
  });
  register.mockResolvedValue({ active: new ActiveWorker() });
  await registerServiceWorker(options);
});

it('updates a worker of another version, and says so if it stays of another', async () => {
  const registration = {
    active: new ActiveWorker('0.0.1'),
    update: vi.fn(async () => {
      registration.active = new ActiveWorker();
      return { installing: null, waiting: null };
    }),
  };
  register.mockResolvedValue(registration);
  await registerServiceWorker(options);
  expect(registration.update).toHaveBeenCalledOnce();

  registration.active = new ActiveWorker('0.0.1');
  registration.update.mockResolvedValue({ installing: null, waiting: null });
  await expect(registerServiceWorker(options)).rejects.toMatchObject({
    code: 'VERSION_MISMATCH',
    message: expect.stringContaining('0.0.1'),
  });
});
