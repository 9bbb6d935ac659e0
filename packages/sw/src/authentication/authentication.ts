/**
 * @module
 * HTTP authentication of a request: credentials that are known go with it, and a challenge that nothing known answers becomes,
 * for a navigation, the page that asks the user. `Basic` alone is answered here.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, from "include credentials" on
 */
import { ServiceWorkerError } from '../errors.js';
import type { AnsweredRequest, ResolvedRequest, TranslatedRequest } from '../fetch/fetch-context.js';
import { originOf } from '../site.js';
import { basicChallenge } from './challenge.js';
import type { HttpCredentials, ProtectionSpace } from './http-credentials.js';
import { signInPage } from './sign-in-page.js';

/** Asks with what is known, and again where a challenge names a realm that is. */
export async function askWithCredentials(
  context: TranslatedRequest,
  ask: (context: TranslatedRequest) => Promise<AnsweredRequest>,
): Promise<AnsweredRequest> {
  const { credentials } = context.services;
  if (!context.hasCredentials || !context.remoteUrl.startsWith('http')) return ask(context);
  await credentials.ready;
  const known = credentials.findByPath(context.remoteUrl, context.topLevelSite);
  const answered = await ask(known && isOurs(context) ? withAuthorization(context, known.authorization) : context);
  const space = isOurs(context) ? challengedSpace(answered) : null;
  const other = space && credentials.findByRealm(space);
  // A body can be read once; the site's answer says that it wants credentials, and who sent it may send it again.
  if (!other || other.authorization === sentAuthorization(answered) || !isRepeatable(context.request)) return answered;
  await answered.remote.body?.cancel();
  context.event.waitUntil(credentials.noteDirectory(other, context.remoteUrl));
  return ask(withAuthorization(context, other.authorization));
}

/** @returns the page that asks for a name and a password, or `null` where the site's own answer is to be shown */
export async function askUser(answered: AnsweredRequest): Promise<Response | null> {
  const { load, request, remoteUrl, services, event } = answered;
  const space = load === 'document' && isRepeatable(request) ? challengedSpace(answered) : null;
  if (!space || services.signIns.isDeclined(remoteUrl)) return null;
  const known = services.credentials.findByRealm(space);
  if (known) event.waitUntil(services.credentials.forget(space));
  await answered.remote.body?.cancel();
  const isRefused = sentAuthorization(answered) !== null;
  return signInPage({ space, remoteUrl, isRefused, action: `${services.config.settings.scope}~/sign-in` });
}

/** What the user has answered to that page. */
export class SignIns {
  readonly #credentials: HttpCredentials;
  /** Whose own answer is shown the next time that it is loaded. */
  readonly #declined = new Set<string>();

  constructor(credentials: HttpCredentials) {
    this.#credentials = credentials;
  }

  /** @param request a form with `url`, `realm`, `site`, `name`, `password`, `answer`. @throws ServiceWorkerError for any other */
  async answer(request: Request): Promise<Response> {
    const form = await request.formData();
    const field = (name: string): string => {
      const value = form.get(name);
      if (typeof value === 'string') return value;
      throw new ServiceWorkerError('SW_INVALID_SIGN_IN', `Failed to sign in: the form has no field "${name}".`);
    };
    const url = field('url');
    if (field('answer') === 'cancel') this.#declined.add(url);
    else {
      await this.#credentials.ready;
      const space = { origin: originOf(url), realm: field('realm'), topLevelSite: field('site') };
      await this.#credentials.store(space, url, { name: field('name'), password: field('password') });
    }
    return new Response(null, { status: 204 });
  }

  /** Once for each time that it was. */
  isDeclined(remoteUrl: string): boolean {
    return this.#declined.delete(remoteUrl);
  }
}

function challengedSpace(answered: AnsweredRequest): ProtectionSpace | null {
  const { remote, remoteUrl, isMocked, hasCredentials, topLevelSite } = answered;
  if (remote.status !== 401 || isMocked || !hasCredentials) return null;
  const challenge = basicChallenge(remote.rawHeaders);
  return challenge && { origin: originOf(remoteUrl), realm: challenge.realm, topLevelSite };
}

/** What a script has set itself stays; a document has none but those of its URL, which the user's stand in for. */
function isOurs(context: TranslatedRequest): boolean {
  return context.load === 'document' || sentAuthorization(context) === null;
}

function withAuthorization(context: TranslatedRequest, authorization: string): TranslatedRequest {
  const others = context.requestHeaders.filter(([name]) => name.toLowerCase() !== 'authorization');
  return { ...context, requestHeaders: [...others, ['Authorization', authorization]] };
}

function sentAuthorization({ requestHeaders }: TranslatedRequest): string | null {
  return requestHeaders.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? null;
}

function isRepeatable({ method }: ResolvedRequest['request']): boolean {
  return method === 'GET' || method === 'HEAD';
}
