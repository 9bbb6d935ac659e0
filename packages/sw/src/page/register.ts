/**
 * @module
 * Registers the service worker and waits until it is active. Every way in which this fails becomes a ProxyError that
 * names the cause; browsers report most of them with the same TypeError.
 */
import { ProxyError } from './errors.js';

export interface RegistrationOptions {
  script: string;
  scope: string;
  timeout: number;
}

export async function registerServiceWorker({ script, scope, timeout }: RegistrationOptions): Promise<void> {
  const container = serviceWorkerContainer();
  const deadline = timeLimit(timeout);
  try {
    const registration = await Promise.race([
      // `none`: the browser's cache must not hold back an update of the runtime, which the worker imports.
      container.register(script, { scope, updateViaCache: 'none' }),
      deadline.expired,
    ]);
    if (registration.active) return;
    const worker = registration.installing ?? registration.waiting;
    if (worker) await Promise.race([untilActive(worker, script), deadline.expired]);
  } catch (cause) {
    throw cause instanceof ProxyError ? cause : await diagnose(script, cause);
  } finally {
    deadline.cancel();
  }
}

function serviceWorkerContainer(): ServiceWorkerContainer {
  if (!isSecureContext) {
    throw new ProxyError(
      'INSECURE_CONTEXT',
      `Failed to register the service worker: ${location.origin} is not a secure context. ` +
        'Open Culvert by https: or at localhost.',
    );
  }
  let container: ServiceWorkerContainer | undefined;
  try {
    container = navigator.serviceWorker;
  } catch {
    // Firefox and Chromium throw a SecurityError here in a frame with an opaque origin.
  }
  if (!container) {
    throw new ProxyError(
      'SERVICE_WORKER_UNSUPPORTED',
      'Failed to register the service worker: this browser has none here. They may be switched off, or be missing in ' +
        'private windows.',
    );
  }
  return container;
}

function untilActive(worker: ServiceWorker, script: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') {
        reject(new ProxyError('WORKER_SCRIPT_FAILED', `Failed to start ${script}: the worker failed to install.`));
      }
    };
    worker.addEventListener('statechange', check);
    check();
  });
}

function timeLimit(milliseconds: number): { expired: Promise<never>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    const error = new ProxyError(
      'REGISTRATION_TIMEOUT',
      `Failed to start the service worker: it was not active after ${milliseconds / 1000} s. ` +
        'Close the other tabs of this site and try again.',
    );
    timer = setTimeout(() => reject(error), milliseconds);
  });
  // Nobody may be racing against it any more when it is cancelled or expires.
  expired.catch(() => undefined);
  return { expired, cancel: () => clearTimeout(timer) };
}

const javaScriptType = /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i;

/** Looks at the script itself, since the browser does not tell why a registration failed. */
async function diagnose(script: string, cause: unknown): Promise<ProxyError> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  let response: Response;
  try {
    response = await fetch(script, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return new ProxyError('WORKER_SCRIPT_UNAVAILABLE', `Failed to load ${script}: ${why}`, { cause });
  }
  const type = response.headers.get('content-type') ?? '(none)';
  if (!response.ok) {
    return new ProxyError(
      'WORKER_SCRIPT_UNAVAILABLE',
      `Failed to load ${script}: the server answered ${response.status}.`,
      { cause },
    );
  }
  if (!javaScriptType.test(type)) {
    return new ProxyError(
      'WORKER_SCRIPT_WRONG_TYPE',
      `Failed to load ${script}: its Content-Type is ${type}. The server must send text/javascript.`,
      { cause },
    );
  }
  if (cause instanceof DOMException && cause.name === 'SecurityError') {
    return new ProxyError(
      'SERVICE_WORKER_FORBIDDEN',
      `Failed to register the service worker: ${reason} Allow cookies and site data for this site.`,
      { cause },
    );
  }
  return new ProxyError('WORKER_SCRIPT_FAILED', `Failed to start ${script}: ${reason}`, { cause });
}
