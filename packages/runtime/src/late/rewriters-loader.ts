/**
 * @module Brings the parsers into a realm when they are first needed, synchronously: from a realm that can be reached and
 * has them, from the text that a worker was booted with, or from the server. A document's synchronous request goes past the
 * service worker in Chromium, so it is for a static file: that of the runtime, in which they stand beside it.
 */
import { domNatives } from '../dom/dom-natives.js';
import { trustedScript } from '../dom/trusted-types.js';
import { apply, nativeFunctionToString, nativeGetter, nativeJsonStringify, nativeMethod } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { linkName } from '../realm/realm-link.js';
import type { Rewriters } from './rewriters.js';
import type { ServiceWorkers } from './service-workers.js';

/** The second function in `culvert.runtime.js` (`build/as-function.ts`). */
export type RewritersSource = () => Rewriters;

/** The third one, `late/service-workers.ts`. */
export type ServiceWorkersSource = () => ServiceWorkers;

/** The properties of the runtime's function in its file. */
export interface LateParts {
  rewriters: RewritersSource;
  serviceWorkers: ServiceWorkersSource;
}

export interface LoadedRewriters {
  source: RewritersSource;
  rewriters: Rewriters;
}

/** This bundle runs once a realm. */
let load: () => LoadedRewriters = () => {
  throw new Error('Failed to rewrite: the runtime has not booted yet.');
};
let loadFile: () => void = load as () => void;
let loaded: LoadedRewriters | null = null;

export function rewriters(): Rewriters {
  return (loaded ??= load()).rewriters;
}

/** The part for service workers, the same way. */
export function serviceWorkersPart({ shared }: Realm): ServiceWorkers {
  if (!shared.serviceWorkersSource) loadFile();
  return shared.serviceWorkersSource!();
}

/** The text that a worker of this realm's making is booted with, as an expression. */
export function rewritersText(): string {
  rewriters();
  return `(${apply(nativeFunctionToString, loaded!.source, []) as string})`;
}

/**
 * Captures what loading takes, before the page's first script.
 *
 * @param source the parsers themselves, where the boot brought them
 */
export function installRewritersLoader(realm: Realm, source: RewritersSource | null | undefined): void {
  const text = staticFileReader(realm);
  const { shared } = realm;
  loadFile = () => {
    evaluate(realm, text());
    if (!shared.rewriters) throw unavailable(realm, 'it did not run');
  };
  load = () => {
    if (source) shared.rewriters ??= { source, rewriters: source() };
    if (!shared.rewriters) loadFile();
    return shared.rewriters!;
  };
}

function staticFileReader(realm: Realm): () => string {
  const { XMLHttpRequest } = realm.natives;
  // A shared worker has none in some engines.
  const prototype = (XMLHttpRequest as typeof XMLHttpRequest | undefined)?.prototype ?? {};
  const open = nativeMethod<void>(prototype, 'open');
  const send = nativeMethod<void>(prototype, 'send');
  const status = nativeGetter<number>(prototype, 'status');
  const responseText = nativeGetter<string>(prototype, 'responseText');
  return () => {
    const request = new XMLHttpRequest();
    open(request, 'GET', realm.data.runtimeScript, false);
    try {
      send(request);
    } catch (cause) {
      throw unavailable(realm, 'the request failed', cause);
    }
    if (status(request) !== 200) throw unavailable(realm, `the answer was ${status(request)}`);
    return responseText(request);
  };
}

/** The file sets a property of `self`, which is an object of ours here. */
function evaluate(realm: Realm, file: string): void {
  const expression = `(function(self){${file}\nreturn self.culvertRuntime})({})`;
  if (realm.kind === 'window' && hasPolicy(realm)) {
    runScript(realm, `self.${linkName}(${nativeJsonStringify(realm.data.build)}).takeLateParts(${expression})`);
  } else {
    realm.takeLateParts(realm.natives.eval(expression) as LateParts);
  }
}

/** Whether eval may be forbidden: to try it would be a violation that the page hears of. */
function hasPolicy(realm: Realm): boolean {
  if (realm.data.policies) return true;
  const { natives } = realm;
  const policies = natives.querySelectorAll(realm.document(), 'meta[http-equiv="content-security-policy" i]');
  return policies.length > 0;
}

/** An inline script with our nonce runs under any policy that let the runtime itself run. */
function runScript(realm: Realm, text: string): void {
  const { natives } = realm;
  const document = realm.document() as unknown;
  const script = natives.createElement(document, 'script') as Element;
  natives.setAttribute(script, 'nonce', realm.scriptNonce);
  domNatives(realm).setScriptText(script, trustedScript(realm, text));
  natives.appendChild(natives.documentElement(document), script);
  natives.remove(script);
}

function unavailable(realm: Realm, reason: string, cause?: unknown): Error {
  return new Error(`Failed to load ${realm.data.runtimeScript}, which rewrites what scripts evaluate: ${reason}.`, {
    cause,
  });
}
