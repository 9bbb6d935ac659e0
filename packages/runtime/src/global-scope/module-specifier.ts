/**
 * @module `import(specifier)`: data: and blob: modules never reach the service worker, so their text is rewritten here;
 * any other specifier is the browser's to resolve.
 */
import { localScripts } from '../hooks/universal/local-script.js';
import { NativeURL, regExpTest } from '../natives.js';
import type { Realm } from '../realm/realm.js';

const ownScheme = /^(?:data|blob):/i;
const relative = /^(?:\/|\.\.?\/)/;

export function moduleSpecifier(realm: Realm, specifier: unknown, base?: string): unknown {
  // A non-string is converted by the import itself, once.
  if (typeof specifier !== 'string') return specifier;
  if (regExpTest(ownScheme, specifier)) return localScripts(realm).rewritten(specifier, 'module');
  return base === undefined ? specifier : scopedSpecifier(realm, specifier, base);
}

/** In a module whose own URL is a route (a worker's entry) the browser would resolve against that. */
function scopedSpecifier(realm: Realm, specifier: string, base: string): string {
  if (!regExpTest(relative, specifier) && !NativeURL.canParse(specifier)) return specifier;
  return NativeURL.canParse(specifier, base)
    ? realm.urls.toBrowser(new NativeURL(specifier, base).href, 'module')
    : specifier;
}
