/**
 * @module
 * The service workers of proxied sites: what is kept of a registration.
 *
 * @see https://w3c.github.io/ServiceWorker/#service-worker-registration-concept
 */
import type { RegistrationState, WorkerPhase, WorkerState } from '@culvert/runtime';

export interface SiteWorker {
  readonly id: string;
  readonly script: string;
  readonly type: WorkerType;
  phase: WorkerPhase | 'parsed';
  handlesFetch: boolean;
  skipsWaiting: boolean;
}

/** What storage of a site is kept under: its origin, by the top-level site that it is in. */
export interface Partition {
  readonly origin: string;
  readonly topLevelSite: string;
}

export interface SiteRegistration extends Partition {
  readonly id: string;
  readonly scope: string;
  updateViaCache: ServiceWorkerUpdateViaCache;
  starting: SiteWorker | null;
  installing: SiteWorker | null;
  waiting: SiteWorker | null;
  active: SiteWorker | null;
  /** Still there for the clients that it controls, and for nothing else. */
  isUnregistered: boolean;
}

export const slots = ['starting', 'installing', 'waiting', 'active'] as const;

export function newestWorker({ installing, waiting, active }: SiteRegistration): SiteWorker | null {
  return installing ?? waiting ?? active;
}

export function isSamePartition(a: Partition, b: Partition): boolean {
  return a.origin === b.origin && a.topLevelSite === b.topLevelSite;
}

/** The script of a scope: a SharedWorker of the site's pages, served by us. */
export const hostFile = 'service-worker.js';

export function hostUrl(directory: string, worker: SiteWorker, { topLevelSite }: Partition): string {
  const query = new URLSearchParams({ version: worker.id, type: worker.type, url: worker.script, site: topLevelSite });
  return `${directory}${hostFile}?${query.toString()}`;
}

export interface HostIdentity {
  version: string;
  url: string;
  topLevelSite: string;
}

/** `null` for what is no scope. */
export function parseHostUrl(url: string, directory: string): HostIdentity | null {
  if (!url.startsWith(`${directory}${hostFile}?`)) return null;
  const query = new URL(url).searchParams;
  const [version, script, topLevelSite] = ['version', 'url', 'site'].map((name) => query.get(name));
  return version && script && topLevelSite ? { version, url: script, topLevelSite } : null;
}

export function describeRegistration(registration: SiteRegistration, directory: string): RegistrationState {
  const describe = (worker: SiteWorker | null): WorkerState | null =>
    worker && {
      id: worker.id,
      script: worker.script,
      state: worker.phase,
      host: hostUrl(directory, worker, registration),
    };
  const { id, scope, updateViaCache, isUnregistered, starting, installing, waiting, active } = registration;
  return {
    id,
    scope,
    updateViaCache,
    isUnregistered,
    starting: describe(starting),
    installing: describe(installing),
    waiting: describe(waiting),
    active: describe(active),
  };
}
