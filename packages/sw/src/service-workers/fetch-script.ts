/**
 * @module
 * A service worker's script from its site, as the browser asks for one.
 *
 * @see https://w3c.github.io/ServiceWorker/#update-algorithm
 */
import { isJavaScriptMimeType } from '@culvert/rewriter';
import type { FetchEventLike, Services } from '../fetch/fetch-context.js';
import { attachCookies } from '../fetch/steps/attach-cookies.js';
import { resolveRequest } from '../fetch/steps/resolve-request.js';
import { sendToRemote } from '../fetch/steps/send-to-remote.js';
import { storeCookies } from '../fetch/steps/store-cookies.js';
import { translateRequestHeaders } from '../fetch/steps/translate-request-headers.js';
import { headerValue } from '../headers/header-list.js';

export interface FetchedScript {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** `Service-Worker-Allowed`. */
  allowedScope: string | null;
}

export class ScriptError extends Error {
  constructor(
    override readonly name: 'TypeError' | 'SecurityError',
    message: string,
  ) {
    super(message);
  }
}

export interface ScriptRequest {
  url: string;
  clientId: string;
  isMain: boolean;
  /** Past the HTTP cache. */
  isFresh: boolean;
}

/** @throws ScriptError, what `register` rejects with */
export async function fetchServiceWorkerScript(services: Services, wanted: ScriptRequest): Promise<FetchedScript> {
  const { url, clientId, isMain, isFresh } = wanted;
  const fail = (name: 'TypeError' | 'SecurityError', reason: string) =>
    new ScriptError(name, `Failed to register a ServiceWorker with script ('${url}'): ${reason}`);
  const request = new Request(url, {
    mode: 'cors',
    cache: isFresh ? 'no-cache' : 'default',
    redirect: 'manual',
    credentials: 'same-origin',
    ...(isMain && { headers: { 'Service-Worker': 'script' } }),
  });
  const event: FetchEventLike = { request, clientId, resultingClientId: '', waitUntil: () => {} };
  const context = translateRequestHeaders(await attachCookies(await resolveRequest(event, services)));
  const answered = await sendToRemote(context).catch((error: unknown) => {
    throw fail('TypeError', `An unknown error occurred when fetching the script. ${String(error)}`);
  });
  await storeCookies(answered);
  const { remote } = answered;
  if (remote.status >= 300 && remote.status < 400) {
    throw fail('SecurityError', 'The script resource is behind a redirect, which is disallowed.');
  }
  if (!remote.ok) {
    throw fail('TypeError', `A bad HTTP response code (${remote.status}) was received when fetching the script.`);
  }
  const contentType = headerValue(remote.rawHeaders, 'content-type') ?? '';
  if (!isJavaScriptMimeType(contentType)) {
    throw fail('SecurityError', `The script has an unsupported MIME type ('${contentType.split(';')[0]!}').`);
  }
  const bytes = new Uint8Array(await remote.arrayBuffer());
  return { bytes, contentType, allowedScope: headerValue(remote.rawHeaders, 'service-worker-allowed') };
}

/** https://w3c.github.io/ServiceWorker/#path-restriction, of the update algorithm. @throws ScriptError */
export function checkScope(scope: string, script: string, allowedScope: string | null): void {
  const { pathname, search } = new URL(scope);
  let allowed = new URL('./', script).pathname;
  if (allowedScope !== null && URL.canParse(allowedScope, script)) {
    const url = new URL(allowedScope, script);
    allowed = url.origin === new URL(script).origin ? url.pathname : '';
  }
  if (allowed !== '' && (pathname + search).startsWith(allowed)) return;
  throw new ScriptError(
    'SecurityError',
    `Failed to register a ServiceWorker for scope ('${scope}') with script ('${script}'): The path of the provided scope ('${pathname}') is not under the max scope allowed ('${allowed}'). Adjust the scope, move the Service Worker script, or use the Service-Worker-Allowed HTTP header to allow the scope.`,
  );
}
