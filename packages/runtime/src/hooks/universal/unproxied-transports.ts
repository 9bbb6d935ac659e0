/**
 * @module Transports that go past both the service worker and the Bare server: the engine is shown without them, so that
 * pages take the way that is proxied.
 */
import { hideProperty } from '../../interception/index.js';
import type { Realm } from '../../realm/realm.js';

const unproxied = [
  'WebTransport',
  'WebTransportBidirectionalStream',
  'WebTransportDatagramDuplexStream',
  'WebTransportError',
  'WebSocketStream',
  'WebSocketError',
];

export function hideUnproxiedTransports(realm: Realm): void {
  for (const name of unproxied) hideProperty(realm, realm.global as object, name);
}
