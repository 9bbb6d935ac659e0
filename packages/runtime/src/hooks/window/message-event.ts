/**
 * @module What a `message` event shows: the sender's data and real origin. A message for another origin, or from
 * outside the proxy, is stopped before any listener of the page's.
 */
import { interceptAccessor } from '../../interception/index.js';
import { nativeGetter, nativeMethod, SafeWeakMap } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { listenFirst } from '../../realm/first-listener.js';
import type { MessageEnvelope } from './post-message.js';

export function interceptMessageEvent(realm: Realm): void {
  const prototype = realm.global.MessageEvent.prototype as object;
  const eventPrototype = realm.global.Event.prototype as object;
  const nativeData = nativeGetter(prototype, 'data');
  const nativeOrigin = nativeGetter<string>(prototype, 'origin');
  const nativeSource = nativeGetter(prototype, 'source');
  const isTrusted = nativeGetter<boolean>(realm.global.document.createEvent('Event') as object, 'isTrusted');
  const stop = nativeMethod(eventPrototype, 'stopImmediatePropagation');

  // Reading `data` makes the engine deserialize it; remembered, since pages read it many times.
  const envelopes = new SafeWeakMap<object, MessageEnvelope | false>();
  const openEnvelope = (event: object): MessageEnvelope | false => {
    const known = envelopes.get(event);
    if (known !== undefined) return known;
    let found: MessageEnvelope | false = false;
    // Only windows post with the proxy's origin and a source; ports and workers have neither.
    if (nativeOrigin(event) === realm.data.settings.origin && isTrusted(event) && nativeSource(event) !== null) {
      const data = nativeData(event) as Partial<MessageEnvelope> | null;
      if (data !== null && typeof data === 'object' && data.culvert === 'message') found = data as MessageEnvelope;
    }
    envelopes.set(event, found);
    return found;
  };

  interceptAccessor(realm, prototype, 'data', {
    get: (native) =>
      function () {
        native(this);
        const envelope = openEnvelope(this as object);
        return envelope ? envelope.data : (native(this) as unknown);
      },
  });
  interceptAccessor(realm, prototype, 'origin', {
    get: (native) =>
      function () {
        const origin = native(this) as string;
        const envelope = openEnvelope(this as object);
        if (envelope) return envelope.origin;
        // A BroadcastChannel's, say, which is ever of the receiver's own origin.
        return origin === realm.data.settings.origin && isTrusted(this) ? realm.urls.origin() : origin;
      },
  });

  listenFirst(realm, 'message', (event: object) => {
    if (!isTrusted(event) || !realm.tree.isWindow(nativeSource(event))) return;
    const envelope = openEnvelope(event);
    if (envelope) {
      if (envelope.targetOrigin !== '*' && envelope.targetOrigin !== realm.urls.origin()) stop(event);
      return;
    }
    if (nativeOrigin(event) === realm.data.settings.origin && !realm.tree.realmOf(nativeSource(event))) stop(event);
  });
}
