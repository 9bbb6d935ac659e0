/**
 * @module Sandboxed frames. Underneath they have `allow-same-origin`, or no worker would serve them; what they would have
 * had, an opaque origin, is shown by the runtime: `urls.origin()` is `null`, and all that hangs on it follows.
 */
import { companionName } from '@culvert/rewriter';
import { nativeGetter, regExpTest } from '../natives.js';
import type { Realm } from './realm.js';
import { realmOfWindow } from './realm-link.js';

const companion = companionName('sandbox');
const escapes = /(?:^|[\t\n\f\r ])allow-popups-to-escape-sandbox(?:[\t\n\f\r ]|$)/i;

export type ReadSandbox = (realm: Realm) => string | null;

/**
 * Captured at boot, before the hooks stand in the getters' place. The result gives the author's tokens of the sandbox that
 * makes the realm's origin opaque: its policy's, its frame's, one's around it, or that of the window which opened it; null without one.
 */
export function sandboxReader(global: any): ReadSandbox {
  const frameElement = nativeGetter<object | null>(global, 'frameElement');
  const parent = nativeGetter(global, 'parent');
  const opener = nativeGetter(global, 'opener');
  return (realm) => {
    if (realm.data.sandbox !== undefined) return realm.data.sandbox;
    const frame = frameElement(global);
    const own = frame && realm.natives.getAttribute(frame, companion);
    if (typeof own === 'string') return own;
    const outer = parent(global) as unknown;
    if (outer && outer !== global) return realmOfWindow(outer, realm.data.build)?.sandbox ?? null;
    const from = opener(global) as unknown;
    const inherited = from ? (realmOfWindow(from, realm.data.build)?.sandbox ?? null) : null;
    return inherited !== null && regExpTest(escapes, inherited) ? null : inherited;
  };
}
