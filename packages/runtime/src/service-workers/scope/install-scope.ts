/**
 * @module Makes a service worker's global of a SharedWorker's, runs the site's script in it and answers our worker.
 *
 * @see https://w3c.github.io/ServiceWorker/#serviceworkerglobalscope-interface
 */
import type { ServiceWorkerChannel } from '../../hooks/universal/service-worker-channel.js';
import { hideProperty, interceptMethod } from '../../interception/index.js';
import { apply, nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import {
  scopeChannelName,
  type FromWorkerScope,
  type PageToScope,
  type ScopeToPage,
  type ServiceWorkerReply,
  type ServiceWorkerRequest,
  type ToWorkerScope,
} from '../messages.js';
import { answerFetch } from './answer-fetch.js';
import { createClients, type AskWorker } from './clients.js';
import { createEventClasses } from './extendable-event.js';
import { defineGlobals } from './globals.js';
import { handledRequests } from './handled-request.js';
import { createRegistration } from './registration.js';

export function installScope(realm: Realm, channel: ServiceWorkerChannel): void {
  const global = realm.global as typeof globalThis & { importScripts(url: string): void };
  const { version, type } = realm.data.serviceWorker!;
  const { MessagePort, Promise } = global;
  const NativeBroadcastChannel = (realm.shared.nativeOf.get(global.BroadcastChannel) ??
    global.BroadcastChannel) as typeof BroadcastChannel;
  const broadcast = new NativeBroadcastChannel(scopeChannelName(version));
  const post = nativeMethod<void>(NativeBroadcastChannel.prototype, 'postMessage');
  const send = (message: FromWorkerScope) => post(broadcast, message);
  const stop = nativeMethod<void>(global, 'close').bind(null, global);

  const ask: AskWorker = async (request) => {
    const reply = (await channel.ask({ culvert: 'service-worker', request }, 0)) as ServiceWorkerReply | null;
    if (!reply) throw new global.TypeError('Failed to reach the service worker registry.');
    if (!('error' in reply)) return reply;
    const { name, message } = reply.error;
    throw name === 'TypeError' ? new global.TypeError(message) : new global.DOMException(message, name);
  };

  // Pages come by the `connect` events of the SharedWorker that this is.
  const ports = new Map<string, MessagePort>();
  const portMessage = nativeMethod<void>(MessagePort.prototype, 'postMessage');
  const postToClient = (clientId: string, data: unknown, transfer: Transferable[]) => {
    const port = ports.get(clientId);
    if (port) portMessage(port, { data } satisfies ScopeToPage, transfer);
  };

  const events = createEventClasses(realm);
  const requests = handledRequests(realm);
  const clients = createClients(realm, version, ask, postToClient);
  const registration = createRegistration(realm, version, ask);
  if (realm.data.serviceWorkers) registration.take(realm.data.serviceWorkers);

  let handlesFetch = false;
  interceptMethod(
    realm,
    global.EventTarget.prototype,
    'addEventListener',
    (native) =>
      function (this: unknown, ...args: unknown[]) {
        if (args[0] === 'fetch') handlesFetch = true;
        return apply(native, this ?? global, args) as unknown;
      },
  );

  // Nothing is delivered before the script has run.
  const instance = global.crypto.randomUUID();
  let startListening = (_started: ServiceWorkerRequest): void => {};
  const evaluated = new Promise<ServiceWorkerRequest>((resolve) => (startListening = resolve));

  realm.natives.addEventListener(global, 'connect', (event: MessageEvent) => {
    event.stopImmediatePropagation();
    const port = event.ports[0]!;
    port.onmessage = ({ data: message, ports: given }: MessageEvent<PageToScope>) => {
      ports.set(message.client.id, port);
      if (!message.hasData) return;
      const messageEvent = new events.ExtendableMessageEvent('message', {
        data: message.data,
        origin: realm.urls.origin(),
        source: clients.create(message.client),
        ports: Object.freeze([...given]),
      });
      void evaluated.then(() => events.run(messageEvent));
    };
  });

  broadcast.onmessage = ({ data: message }: MessageEvent<ToWorkerScope>) => {
    if (message.type === 'state') return registration.take(message.snapshot);
    if (message.type === 'close') return stop();
    if ('instance' in message && message.instance !== instance) return;
    void evaluated.then(async (started) => {
      switch (message.type) {
        case 'ping':
          return void ask(started).catch(() => null);
        case 'lifecycle': {
          const Lifecycle = message.event === 'install' ? events.InstallEvent : events.ExtendableEvent;
          const isFulfilled = await events.run(new Lifecycle(message.event));
          return send({ type: 'done', id: message.id, isFulfilled });
        }
        case 'fetch':
          return answerFetch(realm, message, { events, requests, send });
      }
    });
  };

  defineGlobals(realm, {
    clients: clients.clients,
    registration: registration.registration,
    serviceWorker: registration.serviceWorker,
    skipWaiting: async () => void (await ask({ op: 'skip-waiting', version })),
    isHandled: (type) => {
      if (type === 'fetch') handlesFetch = true;
    },
  });
  for (const name of [
    'XMLHttpRequest',
    'XMLHttpRequestUpload',
    'XMLHttpRequestEventTarget',
    'Worker',
    'SharedWorker',
    'onconnect',
    'close',
    'name',
  ]) {
    hideProperty(realm, global, name);
    hideProperty(realm, Object.getPrototypeOf(global) as object, name);
  }

  /** After the boot: rewritten code calls helpers that are not there yet. */
  async function run(): Promise<void> {
    let error: string | null = null;
    try {
      if (type === 'module') {
        await import(/* @vite-ignore */ realm.data.url);
      } else {
        global.importScripts(realm.data.url);
      }
    } catch (cause) {
      error = String(cause);
    }
    const started: ServiceWorkerRequest = { op: 'started', version, instance, error, handlesFetch };
    startListening(started);
    await ask(started);
  }
  realm.natives.queueMicrotask(() => void run().catch(() => null));
}
