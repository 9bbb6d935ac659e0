import { beforeEach, expect, it, vi } from 'vitest';
import { registerServiceWorker } from './register.js';

class FakeWorker extends EventTarget {
  state = 'installing';
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

const register = vi.fn();
const options = { script: 'http://localhost/culvert.sw.js', scope: '/service/', timeout: 50 };

function serveScript(status: number, type: string): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('x', { status, headers: { 'content-type': type } })));
}

beforeEach(() => {
  vi.unstubAllGlobals();
  register.mockReset();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', new URL('http://localhost/'));
  vi.stubGlobal('navigator', { serviceWorker: { register } });
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
  register.mockResolvedValue({ active: new FakeWorker() });
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
