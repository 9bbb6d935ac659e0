/**
 * @module
 * The CORS-preflight fetch.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
import { isSafelistedMethod, judgePreflight, unsafeHeaderNames } from '@culvert/runtime';
import { ServiceWorkerError } from '../../errors.js';
import { originHeader } from '../../headers/fetch-metadata.js';
import { headerValue } from '../../headers/header-list.js';
import { requestHeaders } from '../../headers/request-headers.js';
import type { TranslatedRequest } from '../fetch-context.js';
import type { PreflightKey } from './preflight-cache.js';

const defaultLifetime = 5;
/** Chrome's: whatever a server says, after two hours it is asked again. */
const maximumLifetime = 7200;

/** Asks the server if it must be asked. @throws ServiceWorkerError SW_CORS_REFUSED */
export async function preflight(context: TranslatedRequest): Promise<void> {
  const { request, remoteUrl, tainting, services, topLevelSite, provenance } = context;
  if (tainting !== 'cors') return;
  const { method } = request;
  const unsafeNames = unsafeHeaderNames(request.headers);
  if (isSafelistedMethod(method) && unsafeNames.length === 0) return;

  const origin = originHeader({ ...provenance, mode: 'cors' }) ?? 'null';
  const key: PreflightKey = {
    topLevelSite,
    origin,
    url: remoteUrl,
    withCredentials: request.credentials === 'include',
  };
  const isMethodKnown = isSafelistedMethod(method) || services.preflights.allowsMethod(key, method);
  if (isMethodKnown && unsafeNames.every((name) => services.preflights.allowsHeader(key, name))) return;

  const headers = requestHeaders(
    {
      ...provenance,
      method: 'OPTIONS',
      mode: 'cors',
      destination: '',
      referrer: context.referrer,
      cookie: '',
      cache: 'default',
      headers: [
        ['access-control-request-method', method],
        ...(unsafeNames.length > 0
          ? [['access-control-request-headers', unsafeNames.join(',')] as [string, string]]
          : []),
      ],
    },
    services.browser,
  ).filter(([name]) => name.toLowerCase() !== 'authorization');
  const answer = await services.bare.fetch(remoteUrl, {
    method: 'OPTIONS',
    headers,
    redirect: 'manual',
    signal: request.signal,
  });
  await answer.body?.cancel();

  const refuse = (reason: string) =>
    new ServiceWorkerError('SW_CORS_REFUSED', `Failed to ask ${remoteUrl} for leave to ${method}: ${reason}.`);
  const verdict = judgePreflight(
    { status: answer.status, headers: answer.rawHeaders },
    { origin, credentials: request.credentials, method, unsafeNames },
  );
  if (verdict.problem !== null) throw refuse(verdict.problem);
  const { methods, names } = verdict;
  // Steps 7.9 to 7.14. `*` counts as a name where there are credentials, and as a wildcard otherwise.
  const lifetime = parseMaxAge(headerValue(answer.rawHeaders, 'access-control-max-age'));
  const isWild = request.credentials !== 'include';
  const withoutWildcard = (list: string[]) => (isWild ? list : list.filter((name) => name !== '*'));
  services.preflights.store(
    key,
    {
      methods: [...withoutWildcard(methods), ...(methods.length === 0 ? [method] : [])],
      headers: withoutWildcard(names),
    },
    lifetime,
  );
}

function parseMaxAge(value: string | null): number {
  if (value === null || !/^\d+$/.test(value.trim())) return defaultLifetime;
  return Math.min(Number(value), maximumLifetime);
}
