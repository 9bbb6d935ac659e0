/**
 * @module
 * A fetch, step by step. Each step is a file of its own in `steps/` and can be read and tested alone.
 */
import { toBrowser } from '@culvert/rewriter';
import { askUser, askWithCredentials } from '../authentication/authentication.js';
import type { AnsweredRequest, FetchEventLike, ResolvedRequest, Services, TranslatedRequest } from './fetch-context.js';
import { respondToFailure } from './respond-to-failure.js';
import { preflight } from './cors/preflight.js';
import { presentResponse } from './cors/present-response.js';
import { askServiceWorker, keepServiceWorkerScript } from './steps/ask-service-worker.js';
import { attachCookies } from './steps/attach-cookies.js';
import { checkContentPolicy } from './steps/check-content-policy.js';
import { checkCors } from './steps/check-cors.js';
import { interceptRequest, interceptResponse, reportFailure } from './steps/intercept.js';
import { handleRedirect } from './steps/handle-redirect.js';
import { reportDocument } from './steps/report-document.js';
import { resolveRequest } from './steps/resolve-request.js';
import { rewriteBody } from './steps/rewrite-body.js';
import { sendToRemote } from './steps/send-to-remote.js';
import { storeCookies } from './steps/store-cookies.js';
import { upgradeRequest } from './steps/upgrade-request.js';
import { storePolicies } from './steps/store-policies.js';
import { translateRequestHeaders } from './steps/translate-request-headers.js';
import { translateResponseHeaders } from './steps/translate-response-headers.js';

/** Never rejects: what fails becomes an error page, or for a subresource the network error that it is for the page. */
export async function handleFetch(event: FetchEventLike, services: Services): Promise<Response> {
  let resolved: ResolvedRequest | null = null;
  try {
    resolved = await resolveRequest(event, services);
    const misdirected = redirectToRoute(resolved);
    if (misdirected) return misdirected;
    const kept = await checkContentPolicy(resolved);
    if (kept) return kept;
    const upgraded = await upgradeRequest(resolved);
    if (upgraded) return upgraded;
    report(resolved, 'start');
    if (resolved.load === 'document') void issueToken(resolved);

    const withCookies = await attachCookies(resolved);
    const translated = translateRequestHeaders(withCookies);
    const handled = await askServiceWorker(translated);
    if (handled instanceof Response) return handled;
    const answered = handled ?? (await askWithCredentials(translated, askRemote));
    await storeCookies(answered);
    // As in browsers, what a site's own worker hands on of its answers sets nothing: it did when it came.
    if (!handled) await storePolicies(answered);
    await checkCors(answered);
    const signIn = await askUser(answered);
    if (signIn) return signIn;
    const redirect = handleRedirect(answered);
    if (redirect) return redirect;

    report(resolved, 'headers', answered.remote.status);
    const response = presentResponse(await rewriteBody(await translateResponseHeaders(answered)), answered);
    if (resolved.load === 'document') event.waitUntil(reportDocument(answered, response));
    // An HTML document says by itself when its last byte is through.
    if (!response.headers.get('content-type')?.startsWith('text/html')) report(resolved, 'done', response.status);
    return response;
  } catch (error) {
    if (resolved) {
      report(resolved, 'error', undefined, error);
      event.waitUntil(reportFailure(resolved, error));
    }
    return respondToFailure(error, event.request);
  }
}

/** Made while the site is asked; the boot data takes it. Who makes it cannot fail. */
function issueToken({ services, remoteUrl: url, topLevelSite }: ResolvedRequest): Promise<string> {
  return services.tokens.issue({ url, topLevelSite });
}

async function askRemote(context: TranslatedRequest): Promise<AnsweredRequest> {
  const mocked = await interceptRequest(context);
  if (!mocked) await preflight(context);
  const answered = await interceptResponse(mocked ?? (await sendToRemote(context)));
  await keepServiceWorkerScript(answered);
  return answered;
}

/** A navigation to a URL that was resolved against the proxy's goes to where it was meant to, and has its route. */
function redirectToRoute({ load, asset, remoteUrl, services }: ResolvedRequest): Response | null {
  if (load !== 'document' || asset !== null) return null;
  return Response.redirect(toBrowser(remoteUrl, 'document', services.config.settings), 307);
}

function report(
  { load, event, remoteUrl: url, services }: ResolvedRequest,
  stage: 'start' | 'headers' | 'done' | 'error',
  status?: number,
  error?: unknown,
): void {
  if (load !== 'document') return;
  const message = error instanceof Error ? error.message : undefined;
  const progress = {
    clientId: event.resultingClientId,
    url,
    stage,
    ...(status && { status }),
    ...(message && { message }),
  };
  event.waitUntil(services.progress(progress));
}
