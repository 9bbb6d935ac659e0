/**
 * @module Entry of the bundle: installs the runtime in the realm that the bundle's function is called in.
 */
import type { BootData } from './boot-data.js';
import { installRewrittenGlobals } from './global-scope/rewritten-globals.js';
import { universalHooks, windowHooks, workerHooks } from './hooks/index.js';
import { placeBaseElement } from './realm/base-element.js';
import { captureContentWindow, type ChildBootData } from './realm/child-frame.js';
import { createRealm } from './realm/create-realm.js';
import { installRewritersLoader, type RewritersSource, type ServiceWorkersSource } from './late/rewriters-loader.js';
import type { Realm } from './realm/realm.js';
import { installRealmLink, realmOfWindow } from './realm/realm-link.js';
import { addContexts, type SharedState } from './realm/shared-state.js';

/** @param serviceWorkers where the site has some: the part of the runtime that is for them */
export function boot(
  data: BootData | ChildBootData,
  source: Realm['source'],
  rewriters?: RewritersSource | null,
  serviceWorkers?: ServiceWorkersSource,
): void {
  const global = globalThis as any;
  const creator = 'creator' in data ? data.creator : null;
  const bootScript = data.kind === 'document' && !creator ? (global.document.currentScript as HTMLScriptElement) : null;
  const nonce = bootScript?.nonce ?? '';
  bootScript?.remove();

  const before = data.kind === 'document' ? realmOfWindow(global, data.build) : null;
  if (before) {
    before.shared.serviceWorkersSource ??= serviceWorkers ?? null;
    takeOver(before, data, nonce);
    return;
  }

  const realm = createRealm(global, data, source, sharedStateAround(global, data, creator), creator);
  if (bootScript) realm.scriptNonce = nonce;
  if (realm.kind === 'window') captureContentWindow(realm);
  installRewritersLoader(realm, rewriters);
  realm.shared.serviceWorkersSource ??= serviceWorkers ?? null;
  installRealmLink(realm);
  joinSharedState(realm);
  for (const intercept of universalHooks) intercept(realm);
  for (const intercept of realm.kind === 'window' ? windowHooks : workerHooks) intercept(realm);
  installRewrittenGlobals(realm);
  if (realm.kind === 'window' && !creator) placeBaseElement(realm);
}

/** A document loaded into the global of an initial about:blank: the hooks stand, what they read changes. */
function takeOver(realm: Realm, data: BootData, nonce: string): void {
  realm.scriptNonce = nonce;
  realm.data = data;
  realm.originKey = { domain: null };
  realm.sandbox = realm.readSandbox(realm);
  realm.controlled = true;
  realm.networkRealm = realm;
  addContexts(realm.shared, realm);
  for (const restart of realm.onReboot) restart();
  placeBaseElement(realm);
}

/** That of the creator, of the parent or of the opener, whoever is proxied. */
function sharedStateAround(global: any, data: BootData, creator: Realm | null): SharedState | null {
  if (creator) return creator.shared;
  if (data.kind !== 'document') return null;
  for (const other of [global.parent, global.opener]) {
    const realm = other && other !== global ? realmOfWindow(other, data.build) : null;
    if (realm) return realm.shared;
  }
  return null;
}

function joinSharedState(realm: Realm): void {
  if (realm.kind !== 'window') return;
  const { shared } = realm;
  if (shared.occupied) shared.multi = true;
  shared.occupied = true;
  addContexts(shared, realm);
}
