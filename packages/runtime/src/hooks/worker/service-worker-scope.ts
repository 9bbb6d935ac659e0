/**
 * @module The worker that runs a site's service worker: everything about it is in the part that is loaded late.
 */
import { serviceWorkersPart } from '../../late/rewriters-loader.js';
import type { Realm } from '../../realm/realm.js';
import { serviceWorkerChannel } from '../universal/service-worker-channel.js';

export function becomeServiceWorker(realm: Realm): void {
  if (realm.data.kind === 'serviceworker') serviceWorkersPart(realm).installScope(realm, serviceWorkerChannel(realm));
}
