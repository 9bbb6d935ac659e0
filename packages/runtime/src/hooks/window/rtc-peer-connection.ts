/**
 * @module `RTCPeerConnection`: its packets never pass the service worker, so how far they may go is the embedder's choice
 * (`webRtc`). What is forbidden looks like a network that lets nothing through: no candidate is found, nothing throws.
 * https://w3c.github.io/webrtc-pc/
 */
import { interceptConstructor, interceptMethod } from '../../interception/index.js';
import { apply, arrayFilter, construct, defineProperty, regExpTest, SafeWeakMap } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

type Servers = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;

export function interceptRtcPeerConnection(realm: Realm): void {
  const { global } = realm;
  const native = global.RTCPeerConnection as typeof RTCPeerConnection | undefined;
  const allowed = realm.data.webRtc;
  if (!native || allowed === 'allow') return;
  const { prototype } = native;
  const { close, getConfiguration } = prototype;
  /** What the page has asked for, as the engine has understood it. */
  const asked = new SafeWeakMap<object, Servers>();

  /** Throws what the engine would. The pool is what gathers before anything is connected. */
  const understand = (configuration: RTCConfiguration | undefined): Servers => {
    const probe = new native({ ...configuration, iceCandidatePoolSize: 0 });
    const servers = apply(getConfiguration, probe, []) as Servers;
    apply(close, probe, []);
    return servers;
  };
  const restrict = (configuration: RTCConfiguration | undefined, { iceServers }: Servers): RTCConfiguration => ({
    ...configuration,
    iceTransportPolicy: 'relay',
    iceServers: allowed === 'relay' ? arrayFilter(iceServers!, isRelay) : [],
  });
  const isDictionary = (value: unknown): value is RTCConfiguration | undefined =>
    value == null || typeof value === 'object' || typeof value === 'function';

  interceptConstructor(realm, global, 'RTCPeerConnection', {
    construct: (native) => (args, newTarget) => {
      if (!isDictionary(args[0])) return construct(native, args, newTarget) as object;
      const servers = understand(args[0]);
      const connection = construct(native, [restrict(args[0], servers)], newTarget) as object;
      asked.set(connection, servers);
      return connection;
    },
  });
  if (global.webkitRTCPeerConnection) {
    defineProperty(global, 'webkitRTCPeerConnection', { value: global.RTCPeerConnection });
  }

  interceptMethod(realm, prototype, 'setConfiguration', (native) => {
    return function (this: object, ...args: [unknown]) {
      if (!asked.has(this) || !isDictionary(args[0])) return apply(native, this, args);
      const servers = understand(args[0]);
      apply(native, this, [restrict(args[0], servers)]);
      asked.set(this, servers);
    };
  });
  interceptMethod(realm, prototype, 'getConfiguration', (native) => {
    return function (this: object, ...args: []) {
      const configuration = apply(native, this, args) as RTCConfiguration;
      const { iceServers, iceTransportPolicy } = asked.get(this) ?? configuration;
      return { ...configuration, iceServers, iceTransportPolicy };
    };
  });
}

/** Servers that a `stun:` URL names too are left out with it: one that is asked learns the user's address. */
function isRelay({ urls }: RTCIceServer): boolean {
  const list = typeof urls === 'string' ? [urls] : urls;
  for (let i = 0; i < list.length; i++) if (!regExpTest(/^turns?:/i, list[i]!)) return false;
  return true;
}
