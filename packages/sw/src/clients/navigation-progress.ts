/**
 * @module
 * Tells the pages that embed the proxy how far a navigation is.
 */
import type { NavigationProgress } from '@culvert/runtime';
import type { ClientRegistry } from './client-registry.js';

export type ReportProgress = (progress: Omit<NavigationProgress, 'culvert'>) => Promise<void>;

export function createProgressReporter(clients: ClientRegistry): ReportProgress {
  return async (progress) => {
    const message: NavigationProgress = { culvert: 'navigation', ...progress };
    for (const window of await clients.hostWindows()) window.postMessage(message);
  };
}
