/**
 * @module What `register()` checks before anything is fetched.
 *
 * @see https://w3c.github.io/ServiceWorker/#start-register-algorithm
 */
import { NativeURL } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { ServiceWorkerRequest } from '../messages.js';

type RegisterRequest = Extract<ServiceWorkerRequest, { op: 'register' }>;

const updateModes = ['imports', 'all', 'none'];

/** @throws TypeError, SecurityError */
export function registerRequest(realm: Realm, script: unknown, options: RegistrationOptions = {}): RegisterRequest {
  const { TypeError } = realm.global as typeof globalThis;
  const fail = (message: string): never => {
    throw new TypeError(`Failed to register a ServiceWorker: ${message}`);
  };
  const resolve = (url: string): string =>
    realm.urls.resolve(url) ?? fail(`The script or scope URL '${url}' is invalid.`);
  const written = `${script as string}`;
  const type = `${options.type ?? 'classic'}`;
  const updateViaCache = `${options.updateViaCache ?? 'imports'}`;
  if (type !== 'classic' && type !== 'module') {
    throw new TypeError(
      `Failed to execute 'register' on 'ServiceWorkerContainer': Failed to read the 'type' property from 'RegistrationOptions': The provided value '${type}' is not a valid enum value of type WorkerType.`,
    );
  }
  if (!updateModes.includes(updateViaCache)) {
    throw new TypeError(
      `Failed to execute 'register' on 'ServiceWorkerContainer': Failed to read the 'updateViaCache' property from 'RegistrationOptions': The provided value '${updateViaCache}' is not a valid enum value of type ServiceWorkerUpdateViaCache.`,
    );
  }
  const scriptUrl = withoutFragment(resolve(written));
  const scope = withoutFragment(
    options.scope === undefined
      ? new NativeURL('./', scriptUrl.startsWith('http') ? scriptUrl : undefined).href
      : resolve(`${options.scope}`),
  );
  for (const [name, url] of [
    ['script', scriptUrl],
    ['scope', scope],
  ] as const) {
    const { protocol, pathname, origin } = new NativeURL(url);
    if (protocol !== 'http:' && protocol !== 'https:')
      fail(`The URL protocol of the ${name} ('${url}') is not supported.`);
    if (/%2f|%5c/i.test(pathname)) {
      fail(`The provided scope ('${scope}') or scriptURL ('${scriptUrl}') includes a disallowed escape character.`);
    }
    if (origin !== realm.urls.origin()) {
      throw new realm.natives.DOMException(
        `Failed to register a ServiceWorker: The origin of the provided ${name === 'script' ? 'scriptURL' : 'scope'} ('${origin}') does not match the current origin ('${realm.urls.origin()}').`,
        'SecurityError',
      );
    }
  }
  return {
    op: 'register',
    script: scriptUrl,
    scope,
    type,
    updateViaCache: updateViaCache as ServiceWorkerUpdateViaCache,
  };
}

export function withoutFragment(url: string): string {
  const hash = url.indexOf('#');
  return hash === -1 ? url : url.slice(0, hash);
}
