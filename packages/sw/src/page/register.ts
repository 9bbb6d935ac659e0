/**
 * @module
 * Registers the service worker and waits until it is active. Every way in which this fails becomes a ProxyError that
 * names the cause; browsers report most of them with the same TypeError (`diagnose-registration.ts`).
 */
import { askVersion } from './ask-version.js';
import { diagnoseRegistration } from './diagnose-registration.js';
import { ProxyError } from './errors.js';
import { version } from '../version.js';

export interface RegistrationOptions {
  script: string;
  scope: string;
  timeout: number;
}

export async function registerServiceWorker({ script, scope, timeout }: RegistrationOptions): Promise<void> {
  const container = serviceWorkerContainer();
  const deadline = timeLimit(timeout);
  try {
    await refuseForeignWorker(container, scope, script);
    const registration = await Promise.race([
      // `none`: the browser's cache must not hold back an update of the runtime, which the worker imports.
      container.register(script, { scope, updateViaCache: 'none' }),
      deadline.expired,
    ]);
    const worker = registration.installing ?? registration.waiting;
    if (worker && !registration.active) await Promise.race([untilActive(worker, script), deadline.expired]);
    if (registration.active) await Promise.race([requireSameVersion(registration, script), deadline.expired]);
  } catch (cause) {
    throw cause instanceof ProxyError ? cause : await diagnoseRegistration({ script, scope }, cause);
  } finally {
    deadline.cancel();
  }
}

function serviceWorkerContainer(): ServiceWorkerContainer {
  if (location.protocol === 'file:') {
    throw new ProxyError(
      'FILE_PROTOCOL',
      'Failed to register the service worker: this page was opened from a file. Serve its folder over http: ' +
        '(npx culvert serve, or any static server) and open it at localhost.',
    );
  }
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

/** A registration with the same scope would be replaced by ours, and take ours away again at its own page's next visit. */
async function refuseForeignWorker(container: ServiceWorkerContainer, scope: string, script: string): Promise<void> {
  const { href } = new URL(scope, location.href);
  const registration = await container.getRegistration(href);
  const worker = registration?.active;
  if (!worker || registration.scope !== href) return;
  // The same file, perhaps with other options in its query: an update.
  if (withoutQuery(worker.scriptURL) === withoutQuery(new URL(script, location.href).href)) return;
  if ((await askVersion(worker)) !== null) return;
  throw new ProxyError(
    'SCOPE_TAKEN',
    `Failed to register the service worker: ${worker.scriptURL} already serves ${scope}. Give Culvert another scope ` +
      '(data-scope, or the option `scope`), or unregister that worker in the developer tools.',
  );
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]!;
}

/** An update of the worker is looked for before it counts as too old: a file may have been replaced a moment ago. */
async function requireSameVersion(registration: ServiceWorkerRegistration, script: string): Promise<void> {
  if ((await askVersion(registration.active!)) === version) return;
  const updated = await registration.update();
  const worker = updated.installing ?? updated.waiting;
  if (worker) await untilActive(worker, script);
  const found = await askVersion(registration.active!);
  if (found === version) return;
  throw new ProxyError(
    'VERSION_MISMATCH',
    `Failed to start the service worker: this page has Culvert ${version} and ${script} is ${found ?? 'older'}. Put the ` +
      'files of one version on the server (npx culvert init), and see that no cache in front of it holds the old ones.',
  );
}
