/**
 * @module
 * The checks of the set-up, in the order in which one depends on another.
 */
import { askVersion } from '../ask-version.js';
import { checkBareServer } from '../check-bare-server.js';
import { ProxyError } from '../errors.js';
import { registerServiceWorker } from '../register.js';
import { engineFeatures } from './engine-features.js';
import { checkFallback, checkFile } from './http-checks.js';
import { ok, problem, skipped, warning, type Verdict } from './finding.js';

export interface DoctorTarget {
  scope: string;
  /** The worker's URL, with its query. */
  serviceWorker: string;
  /** Absolute. Empty where a function in the worker chooses. */
  bareServers: readonly string[];
}

interface Check {
  id: string;
  title: string;
  run(target: DoctorTarget): Verdict | Promise<Verdict>;
}

export const checks: readonly Check[] = [
  { id: 'secure-context', title: 'The page may use service workers', run: checkContext },
  {
    id: 'worker-file',
    title: 'The worker is served right',
    run: ({ serviceWorker }) => checkFile(absolute(serviceWorker)),
  },
  {
    id: 'runtime-file',
    title: 'The runtime is beside it',
    run: ({ serviceWorker }) => checkFile(absolute('culvert.runtime.js', absolute(serviceWorker))),
  },
  { id: 'registration', title: 'The worker starts', run: checkRegistration },
  {
    id: 'scope-fallback',
    title: 'A hard reload finds its way back',
    // This page stands outside the scope, so its requests below the scope go to the host, like those of a hard reload.
    run: ({ scope }) => checkFallback(absolute(scope)),
  },
  { id: 'bare-server', title: 'The Bare server answers', run: checkBareServers },
  { id: 'web-socket', title: 'WebSockets reach the Bare server', run: checkWebSocket },
  { id: 'storage', title: 'Data is kept', run: checkStorage },
  { id: 'engine', title: 'The browser has what is needed', run: checkEngine },
];

function absolute(url: string, base = location.href): string {
  return new URL(url, base).href;
}

function checkContext(): Verdict {
  const where = `${location.origin === 'null' ? location.protocol : location.origin}`;
  if (location.protocol === 'file:') return problem(where, 'Serve the folder: npx culvert serve --site .');
  if (!isSecureContext) return problem(`${where} is not secure`, 'Open it by https:, or at localhost.');
  if (!('serviceWorker' in navigator))
    return problem('There are none', 'Leave the private window, or use another browser.');
  return ok(where);
}

async function checkRegistration({ serviceWorker, scope }: DoctorTarget): Promise<Verdict> {
  try {
    await registerServiceWorker({ script: serviceWorker, scope, timeout: 15_000 });
  } catch (error) {
    if (error instanceof ProxyError) return problem(error.code, error.message);
    throw error;
  }
  const registration = await navigator.serviceWorker.getRegistration(scope);
  const found = registration?.active ? await askVersion(registration.active) : null;
  return ok(`scope ${scope}, version ${found ?? 'unknown'}`);
}

async function checkBareServers({ bareServers }: DoctorTarget): Promise<Verdict> {
  if (bareServers.length === 0) return skipped('A function in the worker chooses it.');
  const results = await Promise.allSettled(bareServers.map((server) => checkBareServer(server)));
  const lines = results.map((result) =>
    result.status === 'fulfilled'
      ? `${result.value.url}: ${result.value.versions.join(', ')}`
      : (result.reason as Error).message,
  );
  const failed = results.filter(({ status }) => status === 'rejected').length;
  const detail = lines.join('; ');
  if (failed === results.length) return problem(detail, 'Start it (npx culvert serve), or correct its address.');
  return failed > 0 ? warning(detail, 'The others are used in its place.') : ok(detail);
}

async function checkWebSocket({ bareServers }: DoctorTarget): Promise<Verdict> {
  const [server] = bareServers;
  if (server === undefined) return skipped('A function in the worker chooses the server.');
  const url = new URL('v3/', server.endsWith('/') ? server : `${server}/`);
  url.protocol = url.protocol.replace('http', 'ws');
  const isOpen = await new Promise<boolean>((resolve) => {
    const socket = new WebSocket(url);
    const finish = (result: boolean) => () => {
      clearTimeout(timer);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(finish(false), 5000);
    socket.onopen = finish(true);
    socket.onerror = finish(false);
  });
  if (isOpen) return ok(url.href);
  return warning(
    `${url.href} does not open`,
    'Let what is in front of the server pass upgrades (Connection and Upgrade headers); see docs/bare-server.md.',
  );
}

async function checkStorage(): Promise<Verdict> {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('culvert-doctor');
      request.onsuccess = () => resolve(request.result.close());
      request.onerror = () => reject(request.error);
    });
    indexedDB.deleteDatabase('culvert-doctor');
    const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
    return ok(`${megabytes(usage)} used of ${megabytes(quota)}`);
  } catch (error) {
    return warning(
      String(error),
      'Allow site data for this site. Until then cookies of proxied sites are soon forgotten.',
    );
  }
}

function checkEngine(): Verdict {
  const missing = engineFeatures.filter((feature) => !feature.isThere());
  const detail = missing.map(({ name, without }) => `${name} is missing: ${without}`).join(' ');
  if (missing.some(({ isRequired }) => isRequired)) return problem(detail, 'Use a newer browser.');
  return missing.length > 0 ? warning(detail, 'A newer browser has more.') : ok(navigator.userAgent);
}
