/**
 * @module Listeners of the runtime's own on the window: registered before any of the page's, capturing, so they run
 * first, and put back when `document.open` has removed every listener.
 */
import type { Realm } from './realm.js';

export function listenFirst(realm: Realm, type: string, listener: (event: any) => void): void {
  const add = () => realm.natives.addEventListener(realm.global as EventTarget, type, listener, true);
  add();
  realm.onDocumentOpen.push(add);
}
