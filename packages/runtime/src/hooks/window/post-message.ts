/**
 * @module `postMessage` between windows. Natively all proxied documents have one origin, so a message travels in an
 * envelope with the real origins, which the receiver's `message-event.ts` opens.
 */
import { interceptMethod } from '../../interception/index.js';
import { originOf } from '../../realm/create-realm.js';
import { apply, createObject, defineProperty, SafeWeakMap } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** What is really posted. The data is a member, so that the structured clone and its transfers stay the engine's. */
export interface MessageEnvelope {
  culvert: 'message';
  data: unknown;
  /** The sender's real origin. */
  origin: string;
  /** The real origin that may receive it, or `*`. */
  targetOrigin: string;
}

type PostMessage = (window: any, args: any[]) => void;

export function interceptPostMessage(realm: Realm): void {
  const post = posterFor(realm);
  interceptMethod(
    realm,
    realm.global as object,
    'postMessage',
    (native) =>
      function (...args) {
        // Reached by another way than a rewritten call (a stored reference): the sender is taken to be this realm.
        if (args.length === 0) return apply(native, this, args) as unknown;
        return post(this ?? realm.global, args);
      },
  );
}

const posters = new SafeWeakMap<Realm, PostMessage>();

function posterFor(realm: Realm): PostMessage {
  let found = posters.get(realm);
  if (!found) posters.set(realm, (found = createPoster(realm)));
  return found;
}

function createPoster(realm: Realm): PostMessage {
  const native = realm.natives.postMessage;
  return (window, args) => {
    const [data, second] = args as unknown[];
    // postMessage(message, { targetOrigin, transfer }) or postMessage(message, targetOrigin, transfer)
    const options = second !== null && typeof second === 'object' ? (second as WindowPostMessageOptions) : null;
    const transfer = options ? options.transfer : (args[2] as Transferable[] | undefined);
    const written = options || second === undefined ? options?.targetOrigin : `${second as string}`;
    const targetOrigin = resolveTargetOrigin(realm, window, written === undefined ? '/' : `${written}`, data);
    const envelope: MessageEnvelope = { culvert: 'message', data, origin: realm.urls.origin(), targetOrigin };
    native(window, envelope, transfer === undefined ? { targetOrigin: '*' } : { targetOrigin: '*', transfer });
  };
}

function resolveTargetOrigin(realm: Realm, window: any, written: string, data: unknown): string {
  if (written === '*') return '*';
  if (written === '/') return realm.urls.origin();
  const origin = originOf(written);
  // The native throws the engine's own SyntaxError for what is no URL, and delivers nothing for an opaque origin.
  if (origin === 'null') realm.natives.postMessage(window, data, written);
  return origin;
}

/**
 * `cv$m(receiver).postMessage(…)`: for a window, an object whose method is this (the calling) realm's, so that the
 * message's source is the caller; any other receiver is itself.
 */
export function messageTarget(realm: Realm): (receiver: any) => any {
  const post = posterFor(realm);
  const targets = new SafeWeakMap<object, object>();
  return (receiver) => {
    if (!realm.tree.isWindow(receiver)) return receiver;
    // A page that replaced the method gets its own.
    if (receiver === realm.global && isReplaced(realm)) return receiver;
    let target = targets.get(receiver);
    if (!target) {
      target = createObject(null) as object;
      const method = (...args: unknown[]) =>
        args.length === 0 ? realm.natives.postMessage(receiver) : post(receiver, args);
      defineProperty(target, 'postMessage', { value: method });
      targets.set(receiver, target);
    }
    return target;
  };
}

const originalMethods = new SafeWeakMap<Realm, unknown>();

function isReplaced(realm: Realm): boolean {
  const current = realm.global.postMessage as unknown;
  if (!originalMethods.has(realm)) originalMethods.set(realm, current);
  return originalMethods.get(realm) !== current;
}
