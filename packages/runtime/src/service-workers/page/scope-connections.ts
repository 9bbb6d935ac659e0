/**
 * @module The SharedWorkers in which a site's service workers run. A page holds those of its site, and so they live as long as
 * one of its pages does; messages go over their ports.
 */
import { nativeMethod, nativeSetter } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { ClientDescription, PageToScope, ScopeToPage, WorkerState } from '../messages.js';

export interface ScopeConnections {
  /** Starts it where it does not run yet. */
  hold(worker: WorkerState): void;
  release(id: string): void;
  post(id: string, data: unknown, transfer: Transferable[]): void;
  /** From now on the scopes know which client this is. */
  introduce(clientId: string): void;
}

export function connectScopes(
  realm: Realm,
  receive: (id: string, event: MessageEvent<ScopeToPage>) => void,
): ScopeConnections {
  const global = realm.global as typeof globalThis;
  const SharedWorker = (realm.shared.nativeOf.get(global.SharedWorker) ??
    global.SharedWorker) as typeof globalThis.SharedWorker;
  const postMessage = nativeMethod<void>(global.MessagePort.prototype, 'postMessage');
  const close = nativeMethod<void>(global.MessagePort.prototype, 'close');
  const listen = nativeSetter(global.MessagePort.prototype, 'onmessage');
  const ports = new Map<string, MessagePort>();
  let clientId = '';

  const describe = (): ClientDescription => ({
    id: clientId,
    url: realm.urls.documentUrl(),
    type: 'window',
    // Chromium says the same of a window that another has opened.
    frameType: global.parent === global.self ? 'top-level' : 'nested',
    visibilityState: global.document.visibilityState,
    focused: global.document.hasFocus(),
  });
  const send = (port: MessagePort, message: Omit<PageToScope, 'client'>, transfer: Transferable[]) =>
    postMessage(port, { client: describe(), ...message }, transfer);

  return {
    hold({ id, host }) {
      if (ports.has(id)) return;
      // The name makes one worker one: scripts of the same URL are many over time.
      const { port } = new SharedWorker(host, { name: id });
      ports.set(id, port);
      listen(port, (event: MessageEvent<ScopeToPage>) => receive(id, event));
      send(port, { hasData: false }, []);
    },
    release(id) {
      const port = ports.get(id);
      if (port) close(port);
      ports.delete(id);
    },
    post(id, data, transfer) {
      const port = ports.get(id);
      if (port) send(port, { data, hasData: true }, transfer);
    },
    introduce(id) {
      if (clientId === id) return;
      clientId = id;
      for (const port of ports.values()) send(port, { hasData: false }, []);
    },
  };
}
